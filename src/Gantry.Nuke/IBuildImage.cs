using Gantry.Copying;
using Gantry.Environments;
using Gantry.Images;
using Gantry.Nuke.Building;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Parameters;
using Gantry.Nuke.Publishing;
using Gantry.Nuke.Versioning;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Nuke;

/// <summary>Builds the images from their Dockerfiles, which copy the output of <see cref="IPublishImages"/>.</summary>
public interface IBuildImage : IPublishImages, IHazRegistries
{
    /// <summary>The image builder to use.</summary>
    [Parameter("How images are built: in process (oci), with a Docker engine (docker), or in process if the Dockerfile only copies (auto). "
        + "Default is 'auto'")]
    ImageBuilderKind ImageBuilder => TryGetValue<ImageBuilderKind?>(() => ImageBuilder) ?? ImageBuilderKind.Auto;

    /// <summary>
    /// The digests of base images, with their tags: <c>mcr.microsoft.com/dotnet/aspnet:10.0@sha256:…</c>, several with commas. Where a
    /// Dockerfile names the tag, the digest is used, whatever the tag points to by now. A digest in the Dockerfile takes precedence.
    /// </summary>
    [Parameter("Pinned digests of base images, for builds in process: mcr.microsoft.com/dotnet/aspnet:10.0@sha256:..., separated by "
        + "commas")]
    string? BaseImageDigests => TryGetValue(() => BaseImageDigests).NullIfWhiteSpace();

    /// <summary>
    /// Changes the image builder. By default the one that <see cref="ImageBuilder"/> chooses; a builder of your own replaces it, or builds
    /// some images itself and leaves the others to it: <c>_ => new BazelBuilder(otherwise: _)</c>. It stores the image and writes no tag.
    /// </summary>
    Configure<IImageBuilder> ImageBuilderSettings => _ => _;

    /// <summary>
    /// The record of the built images for <see cref="IPushBase"/>: digests, platforms and base images. It is beside the images, so that one
    /// folder has all that is published elsewhere.
    /// </summary>
    sealed AbsolutePath BuiltImagesFile => ArtifactsDirectory / "images" / "images.json";

    internal sealed AbsolutePath LayerIndexFile => ArtifactsDirectory / "images" / "layers.json";

    /// <summary>Builds every image into <see cref="IHazRegistries.ImageStore"/>.</summary>
    Target BuildImage => _ => _
        .Description("Builds the images, in process or with a Docker engine")
        .DependsOn<IPublishImages>(x => x.PublishImages)
        .TryAfter<ITest>(x => x.Test)
        .WhenSkipped(DependencyBehavior.Skip)
        .Produces(BuiltImagesFile)
        .Uses(new(nameof(ReleaseVersion), nameof(ImageBuilder), nameof(BaseImageDigests), nameof(IPushBase.MoveTag)) { Registries = true })
        .ExecutesAsync(this, async cancellationToken =>
        {
            await Published.EnsureCurrentAsync(cancellationToken);
            var version = BuildVersion.SemVer;
            var builder = CreateBuilder();
            var built = new List<ReleaseImage>();
            var layers = new List<ImageLayers>();
            foreach (var image in ContainerImage.Validate(Images, EnvironmentDeclarations.Of(this)?.AsEnumerable() ?? []))
            {
                var store = Registries.Open(RegistrySettings.Store, image.Name);
                var folders = image.Project is null
                    ? null
                    : await LayerFolders.FindAsync(image, RootDirectory, ArtifactsDirectory, cancellationToken);
                var result = await builder.BuildAsync(
                    RequestFor(image, version) with { FixedTimeFolders = folders?.FixedTimeFolders ?? [] }, store, cancellationToken);
                await TagAsync(store, ReleaseTag.Of(version), result, cancellationToken);
                BuildOutput.Information(
                    $"Built {image.Name} {version}: {result.Root.Descriptor.Digest} for {string.Join(", ", result.Platforms)}");
                built.Add(ReleaseImage.Of(image.Name, store.Location, result));
                if (folders is { AreLayers: true })
                    layers.Add(new ImageLayers(
                        image.Name,
                        result.Root.Descriptor.Digest.ToString(),
                        await folders.DescribeAsync(ImageProjects.OutputOf(image, ArtifactsDirectory), cancellationToken)));
            }

            await ReleaseRecord.WriteFileAsync(BuiltImagesFile, BuiltImages.Of(version, Revision, built), cancellationToken);
            await new LayerIndex(layers).WriteFileAsync(LayerIndexFile, cancellationToken);
        });

    private IImageBuilder CreateBuilder()
    {
        var builders = new ImageBuilders(RegistrySettings, Building.BaseImageDigests.Parse(BaseImageDigests));
        return ImageBuilderSettings(ImageBuilder switch
        {
            ImageBuilderKind.Oci => builders.InProcess,
            ImageBuilderKind.Docker => builders.Docker,
            _ => builders.Auto,
        });
    }

    // A folder of this build may contain the result of an earlier attempt. A registry is shared, so a tag in it is moved only with a
    // reason.
    private async Task TagAsync(IImageRepository store, string tag, BuiltImage built, CancellationToken cancellationToken)
    {
        if (RegistrySettings.Store is HostAddress)
        {
            var target = new CopyTarget(store, tag) { MoveTagReason = (this as IPushBase)?.MoveTag };
            await target.FindTagAsync(built.Root.Descriptor.Digest, cancellationToken);
        }

        await store.PutTagAsync(tag, built.Root, cancellationToken);
    }

    private ImageBuildRequest RequestFor(ContainerImage image, string version)
    {
        var labels = new Dictionary<string, string>(image.Labels) { ["org.opencontainers.image.version"] = version };
        if (Revision.Commit is { } commit)
            labels["org.opencontainers.image.revision"] = commit;
        if (Revision.Source is { } source)
            labels["org.opencontainers.image.source"] = source;

        return new ImageBuildRequest
        {
            Dockerfile = RootDirectory / image.Dockerfile,
            Context = RootDirectory / image.Context,
            Platforms = image.Platforms,
            Compression = image.Compression,
            BuildArguments = image.BuildArguments,
            Labels = labels,
            SourceDate = SourceDate.Of(Revision, EnvironmentInfo.Variables),
        };
    }
}
