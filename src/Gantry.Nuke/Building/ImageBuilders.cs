using Gantry.Docker.Building;
using Gantry.Docker.Engine;
using Gantry.Images;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Registries;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Nuke.Building;

/// <summary>The image builders of a run.</summary>
/// <param name="registries">The registries.</param>
/// <param name="pinned">The base images whose digests are fixed.</param>
internal sealed class ImageBuilders(RegistrySettings registries, IReadOnlyList<ImageReference> pinned)
{
    private readonly BuilderLog _log = new();
    private readonly RegistryAccess _access = RegistryAccess.Of(registries);

    /// <summary>Builds in process when the Dockerfile only copies, otherwise with a Docker engine.</summary>
    public IImageBuilder Auto => new AutoImageBuilder(InProcess, Docker, _log);

    /// <summary>Builds in process.</summary>
    public IImageBuilder InProcess => new OciImageBuilder(
        _access.Client,
        new OciImageBuilderOptions
        {
            CacheFolder = CacheFolder,
            AllowStandIn = StaysOnThisMachine(),
            PinnedBaseImages = pinned,
        },
        _log);

    /// <summary>Builds with a Docker engine.</summary>
    public IImageBuilder Docker => new DockerOnDemand(_access.Credentials, pinned, CacheFolder, _log);

    private string CacheFolder => registries.Build.TemporaryDirectory / "images";

    // An image on a stand-in base can be tried out on this machine, and must not leave it.
    private bool StaysOnThisMachine() =>
        (EnvironmentDeclarations.Of(registries.Build)?.SelectMany(registries.Of) ?? [])
            .Append(registries.Base)
            .Append(registries.Store)
            .All(address => address is LayoutAddress or ArchiveAddress or HostAddress { IsLoopback: true });

    /// <summary>Connects to the engine when the first image needs it: a build that only copies must also run without an engine.</summary>
    private sealed class DockerOnDemand(
        ICredentialSource credentials, IReadOnlyList<ImageReference> pinned, string cacheFolder, IBuildLog log)
        : IImageBuilder
    {
        public async Task<BuiltImage> BuildAsync(ImageBuildRequest request, IImageRepository target, CancellationToken cancellationToken)
        {
            if (pinned.Count > 0)
                throw BaseImageDigestErrors.NeedsEngine(request.DisplayName(request.Dockerfile));
            using var engine = DockerEngine.Connect(DockerEndpoint.Resolve(DockerEnvironment.Current));
            var options = new DockerBuildOptions { CacheFolder = cacheFolder };
            return await new DockerImageBuilder(engine, log, credentials, options).BuildAsync(request, target, cancellationToken);
        }
    }
}
