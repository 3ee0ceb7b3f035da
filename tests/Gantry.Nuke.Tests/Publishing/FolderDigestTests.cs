using Gantry.Nuke.Publishing;
using Gantry.Testing;

namespace Gantry.Nuke.Tests.Publishing;

public sealed class FolderDigestTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public FolderDigestTests()
    {
        _folder.Write("app/App.dll", "code"u8);
        _folder.Write("app/wwwroot/index.html", "page"u8);
    }

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Changes => [.. Edits.Keys];

    private static Dictionary<string, Action<TempFolder>> Edits => new()
    {
        ["other content"] = folder => folder.Write("app/App.dll", "kode"u8),
        ["a file more"] = folder => folder.Write("app/.hidden", ""u8),
        ["a file less"] = folder => File.Delete(folder.Combine("app", "App.dll")),
        ["another name"] = folder => File.Move(folder.Combine("app", "App.dll"), folder.Combine("app", "Bpp.dll")),
        ["an empty folder more"] = folder => Directory.CreateDirectory(folder.Combine("app", "empty")),
        ["nothing left"] = folder => Directory.Delete(folder.Combine("app"), recursive: true),
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Any_change_of_a_folder_changes_its_digest(string change)
    {
        var before = await DigestAsync();
        Edits[change](_folder);
        Assert.NotEqual(before, await DigestAsync());
    }

    [Fact]
    public async Task The_digest_ignores_the_order_and_time_of_writing()
    {
        using var other = new TempFolder();
        other.Write("copy/wwwroot/index.html", "page"u8);
        other.Write("copy/App.dll", "code"u8);
        File.SetLastWriteTimeUtc(other.Combine("copy", "App.dll"), DateTime.UnixEpoch);

        Assert.Equal(await DigestAsync(), await FolderDigest.ComputeAsync(other.Combine("copy"), CancellationToken.None));
    }

    [UnixFact]
    public async Task The_executable_bit_changes_the_digest()
    {
        var before = await DigestAsync();
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder.Combine("app", "App.dll"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.NotEqual(before, await DigestAsync());
    }

    [UnixFact]
    public async Task A_file_that_cannot_be_read_is_named()
    {
        File.CreateSymbolicLink(_folder.Combine("app/nowhere"), "none");

        var error = await Assert.ThrowsAsync<GantryException>(DigestAsync);

        Assert.Equal("GAN7064", error.Code);
        Assert.Contains("app/nowhere was published and cannot be read", error.Problem, StringComparison.Ordinal);
    }

    private Task<string> DigestAsync() => FolderDigest.ComputeAsync(_folder.Combine("app"), CancellationToken.None);
}
