using Gantry.Docker;
using Gantry.Images;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;
using Serilog;

namespace Gantry.Nuke;

/// <summary>Creates the image builder for a run.</summary>
internal static class ImageBuilders
{
    public static IImageBuilder Create(IBuildImage build)
    {
        var log = new SerilogBuildLog();
        var inProcess = new OciImageBuilder(
            build.Registries,
            new OciImageBuilderOptions { CacheFolder = build.TemporaryDirectory / "images", AllowStandIn = StaysOnThisMachine(build) },
            log);
        return build.ImageBuilder switch
        {
            ImageBuilderKind.Oci => inProcess,
            ImageBuilderKind.Docker => new DockerOnDemand(build, log),
            _ => new AutoImageBuilder(inProcess, new DockerOnDemand(build, log), log),
        };
    }

    // An image on a stand-in base can be tried out on this machine, and must not leave it.
    private static bool StaysOnThisMachine(IHazRegistries build) =>
        (EnvironmentDeclarations.Of(build)?.SelectMany(build.RegistriesOf) ?? [])
            .Append(build.BaseRegistryAddress)
            .Append(RegistryAddress.Parse(build.ImageStore))
            .All(address => address is LayoutAddress or ArchiveAddress or HostAddress { IsLoopback: true });

    /// <summary>Connects to the engine when the first image needs it: a build that only copies must also run without an engine.</summary>
    private sealed class DockerOnDemand(IHazRegistries build, IBuildLog log) : IImageBuilder
    {
        public async Task<BuiltImage> BuildAsync(ImageBuildRequest request, IImageRepository target, CancellationToken cancellationToken)
        {
            using var engine = DockerEngine.Connect(DockerEndpoint.Resolve(DockerEnvironment.Current));
            return await new DockerImageBuilder(engine, log, RegistrySessions.Credentials(build)).BuildAsync(request, target, cancellationToken);
        }
    }
}

/// <summary>Forwards the messages of an image builder to the log of the build.</summary>
internal sealed class SerilogBuildLog : IBuildLog
{
    public void Information(string message) => Log.Information("{Message:l}", message);

    public void Warning(string message) => Log.Warning("{Message:l}", message);
}
