using Gantry.Images.Comparison;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;

namespace Gantry.Nuke.Tests.Shapes;

/// <summary>
/// Two users of one machine build the same image from the same commit: in two folders, at two times, with other times of files, another
/// mask of modes, another language and time zone, and with packages of their own.
/// </summary>
public sealed class ReproducibleShopTests(FirstShop first) : IClassFixture<FirstShop>
{
    // The user "nobody".
    private const int OtherUser = 65534;

    [UnixFact]
    public async Task Another_folder_home_mask_language_and_time_give_the_same_image() =>
        await CompareAsync("again/ünd deeper", user: null);

    [LinuxRootFact]
    public async Task Another_user_gets_the_same_image() => await CompareAsync("of another user", OtherUser);

    private async Task CompareAsync(string folder, int? user)
    {
        var (clone, home) = (await first.Shop.CloneAsync(folder), first.Shop.CreateHome($"home {user}"));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(clone, "src"), "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, new DateTime(2031, 5, 17, 0, 0, 0, DateTimeKind.Utc));
        string[] other = user is { } id ? ["setpriv", "--reuid", $"{id}", "--regid", $"{id}", "--clear-groups"] : [];
        if (user is { } owner)
            await first.Shop.GiveAsync(owner, clone, home);

        await SampleShop.BuildImageAsync(clone, [.. other, "sh", "-c", "umask 077; exec \"$0\" \"$@\""], new Dictionary<string, string>
        {
            ["HOME"] = home,
            ["NUGET_PACKAGES"] = Path.Combine(home, "packages"),
            ["TMPDIR"] = home,
            ["TZ"] = "Asia/Tokyo",
            ["LANG"] = "de_DE.UTF-8",
            ["LC_ALL"] = "de_DE.UTF-8",
        });

        await using var session = new RegistrySession(new RegistrySessionOptions());
        var comparison = await new ImageComparer().CompareAsync(
            await FindAsync(session, first.Clone), await FindAsync(session, clone), CancellationToken.None);
        Assert.True(comparison.IsSame, string.Join('\n', comparison.Differences));
    }

    private static async Task<ComparedImage> FindAsync(RegistrySession session, string clone)
    {
        var store = session.Open(new LayoutAddress(Path.Combine(clone, "artifacts", "images")), "app");
        return new(store, (await store.FindTagAsync("1.2.0", CancellationToken.None))!.Digest);
    }
}

/// <summary>The image that the first user has built.</summary>
public sealed class FirstShop : IAsyncLifetime
{
    internal SampleShop Shop { get; private set; } = null!;

    internal string Clone { get; private set; } = "";

    public async Task InitializeAsync()
    {
        Shop = await SampleShop.CreateAsync();
        if (OperatingSystem.IsWindows())
            return;
        Clone = await Shop.CloneAsync("first");
        await SampleShop.BuildImageAsync(
            Clone, ["sh", "-c", "umask 022; exec \"$0\" \"$@\""], new Dictionary<string, string> { ["TZ"] = "UTC", ["LC_ALL"] = "C" });
    }

    public Task DisposeAsync()
    {
        Shop.Dispose();
        return Task.CompletedTask;
    }
}
