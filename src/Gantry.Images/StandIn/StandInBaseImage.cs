using System.Globalization;
using System.Runtime.InteropServices;
using Gantry.Images.BaseImages;
using Gantry.Images.Configuration;
using Gantry.Images.Layers;
using Gantry.Oci;

namespace Gantry.Images.StandIn;

/// <summary>
/// A base image that is assembled from this machine's .NET runtime and C runtime, for machines that cannot reach the real one. It has no
/// shell and no tools, and is for this machine's processor only.
/// </summary>
internal sealed class StandInBaseImage
{
    private readonly StandInLayerCache _cache;

    public StandInBaseImage(StandInLayerCache cache) => _cache = cache;

    /// <summary>Assembles the image; throws <c>GAN3020</c> when it cannot be done.</summary>
    /// <param name="reference">The image that it replaces; its tag gives the version of .NET.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<BaseImage> AssembleAsync(ImageReference reference, CancellationToken cancellationToken)
    {
        var platform = HostPlatform()
            ?? throw StandInErrors.NoStandIn(
                reference.ToString(), $"it runs {RuntimeInformation.RuntimeIdentifier}, and 64-bit Linux on x64 or arm64 is required");
        var major = MajorVersion(reference);
        var dotnet = DotNetInstallation.Find(major)
            ?? throw StandInErrors.NoStandIn(
                reference.ToString(), $"the .NET installation that runs this build has no runtime of version {major}");

        var tree = new ImageTree();
        var system = StandInFiles.PlanSystem(dotnet, tree)
            ?? throw StandInErrors.NoStandIn(reference.ToString(), "its C library is not where programs expect it");
        LayerFile[] layers =
        [
            await _cache.GetAsync(system, cancellationToken),
            await _cache.GetAsync(StandInFiles.PlanDotNet(dotnet, tree), cancellationToken),
        ];

        return new BaseImage
        {
            Platform = platform,
            StandIn = true,
            Config = CreateConfig(platform, dotnet, layers),
            Layers = [.. layers.Select(ToBaseLayer)],
        };
    }

    private static ImageConfig CreateConfig(Platform platform, DotNetInstallation dotnet, LayerFile[] layers)
    {
        var time = Format.Rfc3339(DateTimeOffset.UnixEpoch);
        return new ImageConfig
        {
            Created = time,
            Architecture = platform.Architecture,
            Os = platform.Os,
            Config = new ContainerConfig
            {
                Env =
                [
                    "PATH=" + BaseImage.DefaultPath,
                    $"APP_UID={StandInFiles.AppUserId}",
                    "ASPNETCORE_HTTP_PORTS=8080",
                    "DOTNET_RUNNING_IN_CONTAINER=true",
                    "DOTNET_ROOT=" + StandInFiles.DotNetRoot,
                    "DOTNET_VERSION=" + dotnet.RuntimeVersion,
                    .. dotnet.AspNetVersion is null ? (string[])[] : ["ASPNET_VERSION=" + dotnet.AspNetVersion],
                    // The ICU library for cultures is larger than all of .NET.
                    "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=true",
                    "SSL_CERT_FILE=" + StandInFiles.Certificates,
                ],
                WorkingDir = "/",
                Labels = new Dictionary<string, string> { [StandInLabel.Name] = StandInLabel.Value },
            },
            RootFs = new RootFileSystem { DiffIds = [.. layers.Select(layer => layer.DiffId)] },
            History =
            [
                new HistoryEntry { Created = time, CreatedBy = "C runtime of the machine that builds", Comment = "stand-in" },
                new HistoryEntry
                {
                    Created = time,
                    CreatedBy = $".NET {dotnet.RuntimeVersion} of the machine that builds",
                    Comment = "stand-in",
                },
            ],
        };
    }

    private static BaseLayer ToBaseLayer(LayerFile layer) =>
        new(layer.Blob, layer.DiffId, _ => Task.FromResult<Stream>(File.OpenRead(layer.Path)), Repository: null);

    private static Platform? HostPlatform() => (OperatingSystem.IsLinux(), RuntimeInformation.ProcessArchitecture) switch
    {
        (true, Architecture.X64) => Platform.LinuxAmd64,
        (true, Architecture.Arm64) => Platform.LinuxArm64,
        _ => null,
    };

    // Images of .NET have its version as their tag. For other images, the version of the .NET that runs this build is used.
    private static int MajorVersion(ImageReference reference)
    {
        var isDotNet = reference.Repository.Contains("dotnet", StringComparison.Ordinal)
            || reference.Repository.Contains("aspnet", StringComparison.Ordinal);
        var digits = isDotNet && reference.Tag is { } tag ? tag.Split('.', '-')[0] : "";
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : Environment.Version.Major;
    }
}
