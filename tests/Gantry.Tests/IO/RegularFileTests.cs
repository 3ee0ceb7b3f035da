using System.Net.Sockets;
using Gantry.IO;
using Gantry.Testing;

namespace Gantry.Tests.IO;

public sealed class RegularFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Files_are_read_whether_they_are_empty_or_not()
    {
        _folder.Write("empty", []);
        _folder.Write("full", [1, 2]);

        Assert.Empty(RegularFile.ReadAllBytes(_folder.Combine("empty")));
        Assert.Equal([1, 2], await RegularFile.ReadAllBytesAsync(_folder.Combine("full"), default));
        Assert.Equal("\u0001\u0002", await RegularFile.ReadAllTextAsync(_folder.Combine("full"), default));
        await using var opened = RegularFile.OpenRead(_folder.Combine("full"));
        Assert.Equal(2, opened.Length);
        RegularFile.Ensure(_folder.Combine("none"));
        Assert.Throws<FileNotFoundException>(() => RegularFile.OpenRead(_folder.Combine("none")));
    }

    [UnixTheory]
    [InlineData("/dev/null", "a pipe, a socket or a device")]
    [InlineData("pipe", "a pipe, a socket or a device")]
    [InlineData("link", "a pipe, a socket or a device")]
    [InlineData("socket", "a pipe, a socket or a device")]
    [InlineData("/dev", "a folder")]
    public async Task Everything_else_is_refused(string name, string kind)
    {
        (await ChildProcess.RunAsync("mkfifo", [_folder.Combine("pipe")])).EnsureSuccess();
        File.CreateSymbolicLink(_folder.Combine("link"), "pipe");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_folder.Combine("socket")));

        var error = Assert.Throws<GantryException>(() => RegularFile.OpenRead(_folder.Combine(name)));

        Assert.Equal("GAN3035", error.Code);
        Assert.Equal($"{_folder.Combine(name)} is {kind}, and not a file", error.Problem);
    }

    [UnixFact]
    public void Each_kind_of_failure_has_its_own_remedy()
    {
        File.CreateSymbolicLink(_folder.Combine("a"), "b");
        File.CreateSymbolicLink(_folder.Combine("b"), "a");
        const string raise = "allow it more of them (ulimit -n 4096), or copy fewer blobs at once";
        (Exception Error, string Code, string Remedy)[] kinds =
        [
            (Assert.ThrowsAny<IOException>(() => RegularFile.OpenRead(_folder.Combine(new string('x', 300)))),
                "GAN2022", "choose a shorter path"),
            (Assert.ThrowsAny<IOException>(() => RegularFile.OpenRead(_folder.Combine("a"))),
                "GAN2022", "correct the symbolic links in the path, which form a cycle"),
            (new UnauthorizedAccessException("Access is denied."), "GAN2022", "check the permissions of the folder"),
            (new IOException("Read-only file system", 30), "GAN2022", "choose a folder that is not on a read-only file system"),
            (new IOException("No space left on device", 28), "GAN2009", "free some disk space and run it again"),
            (new IOException("Too many open files", 24), "GAN3036", raise),
            (new HttpRequestException("x", new SocketException((int)SocketError.TooManyOpenSockets)), "GAN3036", raise),
        ];

        Assert.All(kinds, kind =>
        {
            var error = StorageErrors.For(kind.Error, "a");
            Assert.Equal((kind.Code, kind.Remedy), (error.Code, error.Remedy));
        });
    }
}
