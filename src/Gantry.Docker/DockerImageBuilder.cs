using System.IO.Pipelines;
using Gantry.Images;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Docker;

/// <summary>
/// Builds any Dockerfile with a Docker engine, and takes the image out of the engine into a repository. The engine needs no
/// access to that repository.
/// </summary>
/// <remarks>
/// The digest depends on what the engine makes: on times and whatever else RUN leaves behind, and on the engine's version. The
/// configuration is the engine's, byte for byte, so its digest is the image's identifier in the engine. Layers that the engine
/// keeps compressed are taken as they are; others are compressed here.
/// </remarks>
public sealed class DockerImageBuilder : IImageBuilder
{
    private readonly DockerEngine _engine;
    private readonly IBuildLog _log;
    private readonly ICredentialSource? _credentials;
    private readonly DockerBuildOptions _options;

    /// <summary>Creates a builder.</summary>
    /// <param name="engine">The engine; the caller disposes of it.</param>
    /// <param name="log">Receives what the build prints, line by line.</param>
    /// <param name="credentials">Credentials for the registries of base images; null when they need none.</param>
    /// <param name="options">How the engine builds.</param>
    public DockerImageBuilder(DockerEngine engine, IBuildLog log, ICredentialSource? credentials = null, DockerBuildOptions? options = null)
    {
        _engine = engine;
        _log = log;
        _credentials = credentials;
        _options = options ?? new DockerBuildOptions();
    }

    /// <inheritdoc/>
    /// <remarks>Several platforms are built one after the other; what RUN starts for a foreign one needs an emulator in the engine.</remarks>
    /// <exception cref="GantryException">GAN6xxx: the engine cannot be reached, refuses, or a step fails; nothing is tagged then.</exception>
    public async Task<BuiltImage> BuildAsync(ImageBuildRequest request, IImageRepository target, CancellationToken cancellationToken)
    {
        if (!File.Exists(request.Dockerfile))
            throw DockerErrors.NoDockerfile(request.Dockerfile);
        if (!Directory.Exists(request.Context))
            throw DockerErrors.NoContext(request.Context);

        var images = new List<(Platform Platform, string Id)>();
        foreach (var platform in request.Platforms)
            images.Add((platform, await BuildAsync(request, platform, cancellationToken)));

        var manifests = new List<(Platform Platform, ManifestContent Manifest)>();
        foreach (var (platform, id) in images)
            manifests.Add(await DeliverAsync(request, platform, id, target, cancellationToken));

        var root = manifests.Count == 1 ? manifests[0].Manifest : await PutIndexAsync(request, manifests, target, cancellationToken);
        return new BuiltImage(root, [.. manifests.Select(entry => entry.Platform)], BaseImage: null, StandIn: false);
    }

    private async Task<string> BuildAsync(ImageBuildRequest request, Platform platform, CancellationToken cancellationToken)
    {
        var context = new BuildContext(request);
        var build = new EngineBuild
        {
            Engine = _engine,
            Dockerfile = context.DockerfileEntry,
            DisplayName = Path.GetRelativePath(request.Context, request.Dockerfile).Replace('\\', '/'),
            Platform = platform,
            Arguments = request.BuildArguments,
            Labels = request.Labels,
            Credentials = await EngineCredentials.FindAsync(_credentials, [], cancellationToken),
            Options = _options,
        };
        await using var archive = context.OpenRead(cancellationToken);
        return await new ClassicBuild(build, new BuildOutput(_log)).RunAsync(archive, cancellationToken);
    }

    private async Task<(Platform, ManifestContent)> DeliverAsync(
        ImageBuildRequest request, Platform asked, string id, IImageRepository target, CancellationToken cancellationToken)
    {
        using var export = await ImageExport.TakeAsync(_engine, id, cancellationToken);
        if (!export.Platform.Satisfies(asked))
            throw DockerErrors.WrongPlatform(Path.GetFileName(request.Dockerfile), asked.ToString(), export.Platform.ToString());

        var manifest = await export.DeliverAsync(target, request.Labels, cancellationToken);
        return (export.Platform, manifest);
    }

    private static async Task<ManifestContent> PutIndexAsync(
        ImageBuildRequest request, List<(Platform Platform, ManifestContent Manifest)> manifests, IImageRepository target, CancellationToken cancellationToken)
    {
        var index = ManifestContent.Create(new ImageIndex
        {
            MediaType = MediaTypes.OciIndex,
            Manifests = [.. manifests.Select(entry => entry.Manifest.Descriptor with { Platform = entry.Platform })],
            Annotations = request.Labels.Count == 0 ? null : request.Labels,
        });
        await target.PutManifestAsync(index, cancellationToken);
        return index;
    }
}
