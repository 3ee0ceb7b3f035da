using Gantry.Docker.Engine;
using Gantry.Images.Layers;
using Gantry.Images;
using Gantry.Images.Context;
using Gantry.Images.Dockerfiles;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Docker.Building;

/// <summary>
/// Builds any Dockerfile with a Docker engine, and copies the image from the engine into a repository. The engine needs no access to that
/// repository.
/// </summary>
/// <remarks>
/// The digest depends on the engine: on times and other traces of RUN, on the current base image, and on the engine's version. The
/// configuration is the engine's, byte for byte, so that its digest is the image's identifier in an engine. Layers that the engine keeps
/// compressed are copied unchanged; others are compressed here, with the same result on every machine. With
/// <see cref="ImageBuildRequest.FixedTimeFolders"/>, the directories in layers of such files get the fixed time, too, and the configuration
/// has the digests of these layers.
/// </remarks>
public sealed class DockerImageBuilder : IImageBuilder
{
    private readonly DockerEngine _engine;
    private readonly IBuildLog _log;
    private readonly ICredentialSource? _credentials;
    private readonly DockerBuildOptions _options;

    /// <summary>Creates a builder.</summary>
    /// <param name="engine">The engine; the caller disposes of it.</param>
    /// <param name="log">Receives the output of the build, line by line.</param>
    /// <param name="credentials">Credentials for the registries of base images; null when none are needed.</param>
    /// <param name="options">The options of the build.</param>
    public DockerImageBuilder(DockerEngine engine, IBuildLog log, ICredentialSource? credentials = null, DockerBuildOptions? options = null)
    {
        _engine = engine;
        _log = log;
        _credentials = credentials;
        _options = options ?? new DockerBuildOptions();
    }

    /// <inheritdoc/>
    /// <remarks>Platforms are built one after the other. RUN instructions for a foreign platform need an emulator in the engine.</remarks>
    /// <exception cref="GantryException">GAN6xxx: the engine cannot be reached or refuses, or a step fails. GAN3xxx: the Dockerfile or the
    /// context is missing. Nothing has been uploaded in these cases.</exception>
    public async Task<BuiltImage> BuildAsync(ImageBuildRequest request, IImageRepository target, CancellationToken cancellationToken)
    {
        // Check the files first, so that their errors are reported without an engine.
        var archive = await BuildContextArchive.OpenAsync(request, cancellationToken);
        var engine = await _engine.DescribeAsync(cancellationToken);
        var files = new List<(Platform Platform, DockerfileRequirements File)>();
        foreach (var platform in request.Platforms)
            files.Add((platform, await DockerfileRequirements.ReadAsync(request, platform, engine.Platform, cancellationToken)));

        var images = new List<EngineImage>();
        foreach (var (platform, file) in files)
            images.Add(await BuildAsync(request, archive, file, platform, engine, cancellationToken));

        var manifests = new List<(Platform Platform, ManifestContent Manifest)>();
        foreach (var image in images)
            manifests.Add(await UploadAsync(request, image, target, cancellationToken));

        var baseImage = images.Select(image => image.BaseImage).Distinct().ToArray() is [var common] ? common : null;
        var root = manifests is [var single]
            ? single.Manifest
            : await PutIndexAsync(request, manifests, baseImage, target, cancellationToken);
        return new BuiltImage(root, [.. manifests.Select(entry => entry.Platform)], baseImage, standIn: false)
        {
            BaseImages = [.. images.Select(image => image.BaseImage).OfType<ImageReference>().Distinct()],
        };
    }

    private async Task<EngineImage> BuildAsync(
        ImageBuildRequest request, BuildContextArchive archive, DockerfileRequirements file, Platform platform, DockerEngineInfo engine,
        CancellationToken cancellationToken)
    {
        var name = request.DisplayName(request.Dockerfile);
        var (buildKit, reason) = ChooseBuilder(file, platform, engine);
        _log.Information($"Building {name} for {platform} with {(buildKit ? "BuildKit" : "the classic builder")}{reason} of the Docker "
            + $"engine {engine.Version} at {_engine.Endpoint}");

        var credentials = await DockerCredentials.FindAsync(_credentials, BaseImagePuller.Hosts(file), cancellationToken);
        var bases = new BaseImagePuller(new DockerImages(_engine, credentials, _log), name, _log);
        await bases.PrepareAsync(file, buildKit, platform, _options.AlwaysPull, cancellationToken);
        var baseImage = await bases.FindAsync(file.FindBase(_options.Target), cancellationToken);

        var labels = StandardLabels.For(request, baseImage);
        var build = new DockerBuild
        {
            Engine = _engine,
            Dockerfile = archive.DockerfileName,
            DisplayName = name,
            Platform = platform,
            Arguments = request.BuildArguments,
            Labels = labels,
            Credentials = credentials,
            Options = _options,
            // The classic builder's cache does not consider the platform of a step.
            NoCache = _options.NoCache || !(buildKit || engine.Platform.Satisfies(platform)),
        };
        await using var context = archive.OpenRead(cancellationToken);
        var id = buildKit
            ? await new BuildKitBuild(build.WithSourceDate(request.SourceDate), _log).RunAsync(context, cancellationToken)
            : await new ClassicBuild(build, new BuildOutput(_log)).RunAsync(context, cancellationToken);
        return new EngineImage(id, name, platform, labels, baseImage);
    }

    private (bool BuildKit, string Reason) ChooseBuilder(DockerfileRequirements file, Platform platform, DockerEngineInfo engine)
    {
        if (_options.Builder != DockerBuilderKind.Auto)
            return (_options.Builder == DockerBuilderKind.BuildKit, "");
        if (engine.Platform.Os == "windows")
            return (false, "");
        if (file.BuildKitReason is { } reason)
            return (true, $" ({reason})");

        // The classic builder's cache does not consider the platform of a step.
        return engine.Platform.Satisfies(platform) ? (false, "") : (true, $" (the engine's own platform is {engine.Platform})");
    }

    private async Task<(Platform, ManifestContent)> UploadAsync(
        ImageBuildRequest request, EngineImage image, IImageRepository target, CancellationToken cancellationToken)
    {
        var compressor = new LayerCompressor(request.Compression, _options.CacheFolder);
        using var export = await ImageExport.ExportAsync(_engine, image.Id, request, compressor, cancellationToken);
        if (!export.Platform.Satisfies(image.Asked))
            throw DockerErrors.WrongPlatform(image.Dockerfile, image.Asked.ToString(), "the built image", export.Platform.ToString());

        var manifest = await export.UploadAsync(target, image.Labels, cancellationToken);
        _log.Information($"Image for {export.Platform}: {manifest.Descriptor.Digest}, {image.Id} in the engine");
        return (export.Platform, manifest);
    }

    private static async Task<ManifestContent> PutIndexAsync(
        ImageBuildRequest request, List<(Platform Platform, ManifestContent Manifest)> manifests, ImageReference? baseImage,
        IImageRepository target, CancellationToken cancellationToken)
    {
        var index = ManifestContent.Create(new ImageIndex
        {
            MediaType = MediaTypes.OciIndex,
            Manifests = [.. manifests.Select(entry => entry.Manifest.Descriptor with { Platform = entry.Platform })],
            Annotations = StandardLabels.For(request, baseImage),
        });
        await target.PutManifestAsync(index, cancellationToken);
        return index;
    }

    /// <summary>An image that the build left in the engine.</summary>
    private sealed record EngineImage(
        string Id, string Dockerfile, Platform Asked, IReadOnlyDictionary<string, string> Labels, ImageReference? BaseImage);
}
