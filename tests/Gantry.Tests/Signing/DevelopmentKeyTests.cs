using Gantry.Signing;
using Gantry.Testing;

namespace Gantry.Tests.Signing;

public sealed class DevelopmentKeyTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string File => _folder.Combine("gantry", "development-key.pem");

    [Fact]
    public async Task The_key_is_made_once()
    {
        using var first = DevelopmentKey.Open(_folder.Combine("gantry"));
        using var second = DevelopmentKey.Open(_folder.Combine("gantry"));

        Assert.Equal(await first.GetPublicKeyAsync(default), await second.GetPublicKeyAsync(default));
        Assert.Equal([File], Directory.GetFiles(_folder.Combine("gantry")));
        Assert.Contains(File, first.Description, StringComparison.Ordinal);
    }

    [UnixFact]
    public void Only_the_user_can_read_it()
    {
        DevelopmentKey.Open(_folder.Combine("gantry")).Dispose();

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    [UnixTheory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A_key_that_others_can_read_or_write_is_refused(UnixFileMode mode)
    {
        DevelopmentKey.Open(_folder.Combine("gantry")).Dispose();
        if (!OperatingSystem.IsWindows())
            System.IO.File.SetUnixFileMode(File, System.IO.File.GetUnixFileMode(File) | mode);

        var error = SampleKeys.Fails("GAN4225", () => DevelopmentKey.Open(_folder.Combine("gantry")));

        Assert.Contains(File, error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Users_at_the_same_time_get_one_key()
    {
        const int users = 8;
        for (var round = 0; round < 25; round++)
        {
            var folder = _folder.Combine($"round-{round}");
            using var start = new Barrier(users);
            var keys = await Task.WhenAll(Enumerable.Range(0, users).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    using var signer = DevelopmentKey.Open(folder);
                    return signer.GetPublicKeyAsync(default);
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default).Unwrap()));

            using var later = DevelopmentKey.Open(folder);
            Assert.Equal(await later.GetPublicKeyAsync(default), Assert.Single(keys.Distinct()));
            Assert.Single(Directory.GetFiles(folder));
        }
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_an_error()
    {
        _folder.Write("file", "x"u8);

        SampleKeys.Fails("GAN4225", () => DevelopmentKey.Open(_folder.Combine("file", "gantry")));
    }

    [Fact]
    public void A_user_without_a_profile_is_an_error()
    {
        var error = SampleKeys.Fails("GAN4225", () => DevelopmentKey.Open("gantry"));

        Assert.Contains("profile", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists("gantry"));
    }

    [Fact]
    public void Another_file_in_its_place_is_an_error()
    {
        DevelopmentKey.Open(_folder.Combine("gantry")).Dispose();
        System.IO.File.WriteAllText(File, "");

        SampleKeys.Fails("GAN4223", () => DevelopmentKey.Open(_folder.Combine("gantry")));
    }
}
