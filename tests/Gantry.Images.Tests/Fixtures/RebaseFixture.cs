using System.Text.Json.Nodes;
using Gantry.Images.Rebasing;
using Gantry.Oci;
using Gantry.Releases;

namespace Gantry.Images.Tests.Fixtures;

/// <summary>An image that was built in process, a base image whose tag moves, and what a build on the new one would give.</summary>
internal sealed class RebaseFixture : IAsyncDisposable
{
    public const string Base = "registry.test/base:1.0";

    public BuildFixture Build { get; } = new();

    /// <summary>The base image as it was, unless a test changes it.</summary>
    public static BaseImageFactory OldBase(
        Platform? platform = null, string version = "1.0.1", JsonObject? container = null, bool zstd = false) =>
        CreateBase(platform, version, container ?? [], zstd).Layer(
            BaseImageFactory.Directory("etc"),
            BaseImageFactory.File("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n"),
            BaseImageFactory.File("etc/passwd", "root:x:0:0::/:\napp:x:1654:1654::/home/app:\n"),
            BaseImageFactory.Directory("srv", "750", 7),
            BaseImageFactory.Link("lnk", "srv"),
            BaseImageFactory.File("lib-1", version));

    /// <summary>The base image that its tag points to later.</summary>
    public static BaseImageFactory NewBase(Platform? platform = null, JsonObject? container = null, bool zstd = false) =>
        OldBase(platform, "1.0.2", container, zstd).Layer(BaseImageFactory.File("patch", "1.0.2"));

    public static BaseImageFactory CreateBase(Platform? platform, string version, JsonObject container, bool zstd = false)
    {
        container["Env"] ??= new JsonArray("PATH=/usr/bin", $"RUNTIME_VERSION={version}", "APP_UID=1654");
        return new BaseImageFactory { Platform = platform ?? Platform.LinuxAmd64, Container = container, Zstd = zstd };
    }

    public Task<BuiltImage> BuildAsync(string version = "1.4.2", params Platform[] platforms) => Build.BuildAsync(request => request with
    {
        Labels = new Dictionary<string, string> { ["org.opencontainers.image.version"] = version },
        Platforms = platforms is [] ? request.Platforms : platforms,
    });

    public Task<RebasePlan> PlanAsync(BuiltImage built, RebaseOptions? options = null) =>
        new ImageRebaser(Build.Registries, options).PlanAsync(
            new RebaseRequest("app", Build.Target, built.Root.Descriptor.Digest), CancellationToken.None);

    public async Task<RebasedImage> RebaseAsync(BuiltImage built, string version = "1.4.3")
    {
        var plan = await PlanAsync(built);
        return plan.Create("1.4.2", version, plan.Created);
    }

    /// <summary>Builds on the old base image, moves the tag, and returns the refusal.</summary>
    public async Task<GantryException> FailAsync(BaseImageFactory before, BaseImageFactory after)
    {
        await before.PushAsync(Build.Registries, Base);
        var built = await BuildAsync();
        await after.PushAsync(Build.Registries, Base);
        return await Assert.ThrowsAsync<GantryException>(() => PlanAsync(built));
    }

    public async ValueTask DisposeAsync() => await Build.DisposeAsync();
}
