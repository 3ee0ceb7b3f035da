using System.IO.Compression;
using System.Text;
using Gantry.Images.Tests.Fixtures;
using Gantry.Testing;

namespace Gantry.Images.Tests.Layers;

/// <summary>The results of COPY, as a Docker engine (BuildKit) gives them.</summary>
public sealed class CopyInstructionTests : IAsyncLifetime
{
    private const string Base = "base.example/runtime:1";

    private readonly BuildFixture _build = new();

    public CopyInstructionTests() =>
        _build
            .Write("a.txt", "a")
            .Write("b.txt", "b")
            .Write("run.sh", "#!", executable: true)
            .Write("App.dll", "MZ\u0090", executable: true)
            .Write("dir/one", "1")
            .Write("dir/sub/two", "2")
            .Write("other/one", "o")
            .Write("dir/.hidden", "h");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _build.DisposeAsync();

    [Theory]
    [InlineData("a file to a file", "COPY a.txt /x/y", "x/ 755 0:0|x/y 644 0:0")]
    [InlineData("a file into a directory", "COPY a.txt /x/", "x/ 755 0:0|x/a.txt 644 0:0")]
    [InlineData("a file to the root", "COPY a.txt /", "a.txt 644 0:0")]
    [InlineData("an executable", "COPY run.sh /run", "run 755 0:0")]
    [InlineData("an assembly, which Linux cannot execute", "COPY App.dll /x", "x 644 0:0")]
    [InlineData("several files", "COPY a.txt b.txt /x/", "x/ 755 0:0|x/a.txt 644 0:0|x/b.txt 644 0:0")]
    [InlineData(
        "a directory gives its contents",
        "COPY dir /x",
        "x/ 755 0:0|x/.hidden 644 0:0|x/one 644 0:0|x/sub/ 755 0:0|x/sub/two 644 0:0")]
    [InlineData(
        "a directory with a slash as well",
        "COPY dir/ /x/",
        "x/ 755 0:0|x/.hidden 644 0:0|x/one 644 0:0|x/sub/ 755 0:0|x/sub/two 644 0:0")]
    [InlineData("directories are merged, the last one wins", "COPY dir/sub other /x/", "x/ 755 0:0|x/one 644 0:0|x/two 644 0:0")]
    [InlineData("a pattern", "COPY *.txt /x/", "x/ 755 0:0|x/a.txt 644 0:0|x/b.txt 644 0:0")]
    [InlineData("a pattern with a class", "COPY [b-z].txt /x/", "x/ 755 0:0|x/b.txt 644 0:0")]
    [InlineData("a pattern amid a path", "COPY */one /x/", "x/ 755 0:0|x/one 644 0:0")]
    [InlineData("a pattern that matches a directory", "COPY dir/s* /x/", "x/ 755 0:0|x/two 644 0:0")]
    [InlineData("a pattern beside a file may match nothing", "COPY a.txt none* /x/", "x/ 755 0:0|x/a.txt 644 0:0")]
    [InlineData("relative to the working directory", "WORKDIR /w\nCOPY a.txt sub/", "w/ 755 0:0|w/sub/ 755 0:0|w/sub/a.txt 644 0:0")]
    [InlineData("to the working directory", "WORKDIR /w\nCOPY a.txt .", "w/ 755 0:0|w/a.txt 644 0:0")]
    [InlineData("up from the working directory", "WORKDIR /w/v\nCOPY a.txt ../x", "w/ 755 0:0|w/x 644 0:0")]
    [InlineData("into a directory that is there", "WORKDIR /w\nCOPY a.txt /w", "w/ 755 0:0|w/a.txt 644 0:0")]
    [InlineData("a leading slash in a source", "COPY /a.txt /x", "x 644 0:0")]
    [InlineData("dots in a source", "COPY ./dir/../a.txt /x", "x 644 0:0")]
    [InlineData("a JSON array", "COPY [\"a.txt\", \"/with blank\"]", "with blank 644 0:0")]
    [InlineData("variables and quotes", "ENV D=/x\nCOPY \"a.txt\" ${D}/", "x/ 755 0:0|x/a.txt 644 0:0")]
    [InlineData("an owner by number", "COPY --chown=12 a.txt /x/", "x/ 755 12:12|x/a.txt 644 12:12")]
    [InlineData("owner and group", "COPY --chown=12:34 dir/sub /x", "x/ 755 12:34|x/two 644 12:34")]
    [InlineData("a large owner", "COPY --chown=4000000 a.txt /x", "x 644 4000000:4000000")]
    [InlineData("the largest owner of .NET's own reader", "COPY --chown=0:2147483647 a.txt /x", "x 644 0:2147483647")]
    [InlineData("root needs no user database", "COPY --chown=root:root a.txt /x", "x 644 0:0")]
    [InlineData("a mode", "COPY --chmod=0600 a.txt /x/", "x/ 755 0:0|x/a.txt 600 0:0")]
    [InlineData("a mode with setuid", "COPY --chmod=4755 a.txt /x", "x 4755 0:0")]
    [InlineData(
        "a mode for directories in the source",
        "COPY --chmod=700 dir /x",
        "x/ 755 0:0|x/.hidden 700 0:0|x/one 700 0:0|x/sub/ 700 0:0|x/sub/two 700 0:0")]
    [InlineData("an independent layer", "COPY --link a.txt /x", "x 644 0:0")]
    public async Task Files_are_copied_to_where_Docker_puts_them(string name, string instructions, string expected)
    {
        Assert.NotEmpty(name);
        _build.Dockerfile($"FROM scratch\n{instructions}\n");

        Assert.Equal(expected, string.Join('|', (await _build.BuildAndReadAsync()).LastLayer.Select(entry => entry.Line)));
    }

    [UnixFact]
    public async Task Links_in_a_directory_stay_links_and_a_link_as_source_is_followed()
    {
        _build
            .Link("links/up", "../a.txt")
            .Link("links/absolute", "/etc/hosts")
            .Link("links/broken", "nowhere")
            .Link("link-to-file", "dir/one")
            .Link("link-to-dir", "dir/sub")
            .Dockerfile("FROM scratch\nCOPY links /x/\nCOPY link-to-file link-to-dir /y/\n");

        var image = await _build.BuildAndReadAsync();

        Assert.Equal(
            ["x/ 755 0:0", "x/absolute 777 0:0 -> /etc/hosts", "x/broken 777 0:0 -> nowhere", "x/up 777 0:0 -> ../a.txt"],
            image.Layers[0].Select(entry => entry.Line));
        Assert.Equal(["y/ 755 0:0", "y/link-to-file 644 0:0", "y/two 644 0:0"], image.Layers[1].Select(entry => entry.Line));
        Assert.Equal("1", image.Layers[1][1].Text);
    }

    [Theory]
    [InlineData("GAN3010", "COPY none /x", "Dockerfile:2: COPY finds no 'none'")]
    [InlineData("GAN3010", "COPY none* no? /x/", "nothing matches")]
    [InlineData("GAN3010", "COPY a.txt none /x/", "COPY finds no 'none'")]
    [InlineData("GAN3010", "COPY a.txt/b /x", "COPY finds no 'a.txt/b'")]
    [InlineData("GAN3011", "COPY ../x /x", "'..' leads above its root")]
    [InlineData("GAN3011", "COPY dir/../../x /x", "'..' leads above its root")]
    [InlineData("GAN3011", "COPY ../* /x", "'..' leads above its root")]
    [InlineData("GAN3002", "COPY [z /x", "'[z' is not a pattern")]
    [InlineData("GAN3013", "COPY a.txt b.txt /x", "several files would go there")]
    [InlineData("GAN3013", "COPY *.txt /x", "several files would go there")]
    [InlineData("GAN3013", "COPY a.txt /x\nCOPY a.txt /x/", "/x': it is not a directory")]
    [InlineData("GAN3013", "COPY a.txt /x\nCOPY a.txt /x/y", "/x': it is not a directory")]
    [InlineData("GAN3013", "COPY a.txt /x\nCOPY dir /x", "/x': it is not a directory")]
    [InlineData("GAN3013", "COPY a.txt /x/sub\nCOPY dir /x", "'dir/sub' is a directory")]
    [InlineData("GAN3013", "WORKDIR /x/one\nCOPY dir /x", "'dir/one' is a file")]
    [InlineData("GAN3014", "COPY --chown=app a.txt /x", "the user 'app' is not in /etc/passwd")]
    [InlineData("GAN3014", "COPY --chown=1:staff a.txt /x", "the group 'staff' is not in /etc/group")]
    [InlineData("GAN3014", "COPY --chown=4294967295 a.txt /x", "no user can have the number 4294967295")]
    [InlineData("GAN3014", "COPY --chown=1:99999999999999999999 a.txt /x", "no group can have the number 99999999999999999999")]
    [InlineData("GAN3014", "USER app\nWORKDIR /w", "the user 'app' is not in /etc/passwd")]
    [InlineData("GAN3015", "COPY --chown=1: a.txt /x", "--chown=1: is not of the form user or user:group")]
    [InlineData("GAN3003", "COPY --chmod=u+x a.txt /x", "'--chmod=u+x' changes the modes that files have")]
    [InlineData("GAN3015", "COPY --chmod=x a.txt /x", "--chmod=x is not an octal mode")]
    [InlineData("GAN3015", "COPY --chmod=10000 a.txt /x", "at most 7777")]
    [InlineData("GAN3015", "COPY --chmod=888 a.txt /x", "--chmod=888 is not an octal mode")]
    public async Task A_failed_copy_is_reported_before_anything_is_written(string code, string instructions, string problem)
    {
        _build.Dockerfile($"FROM scratch\n{instructions}\n");

        var error = await _build.FailAsync();

        Assert.Equal(code, error.Code);
        Assert.StartsWith("Dockerfile:", error.Problem, StringComparison.Ordinal);
        Assert.Contains(problem, error.Problem, StringComparison.Ordinal);
    }

    [UnixTheory]
    [InlineData("GAN3011", "/etc/hostname", "out", "COPY out /x", "symbolic link to the absolute path /etc/hostname")]
    [InlineData("GAN3011", "../elsewhere", "out", "COPY out/secret /x", "leads out of it")]
    [InlineData("GAN3011", "dir/../../elsewhere/secret", "out", "COPY out /x", "leads out of it")]
    [InlineData("GAN3011", "out", "out", "COPY out /x", "in a cycle")]
    [InlineData("GAN3010", "nowhere", "out", "COPY out /x", "COPY finds no 'out'")]
    public async Task No_link_leads_out_of_the_context(string code, string target, string link, string instruction, string problem)
    {
        Directory.CreateDirectory(_build.Elsewhere);
        await File.WriteAllTextAsync(Path.Combine(_build.Elsewhere, "secret"), "secret");
        _build.Link(link, target).Dockerfile($"FROM scratch\n{instruction}\n");

        var error = await _build.FailAsync();

        Assert.Equal(code, error.Code);
        Assert.Contains(problem, error.Problem, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Pipes_are_refused_and_empty_files_are_not()
    {
        _build.Write("special/empty").Dockerfile("FROM scratch\nCOPY special /x\n");
        Assert.Equal("x/empty 644 0:0", (await _build.BuildAndReadAsync()).LastLayer[^1].Line);

        (await ChildProcess.RunAsync("mkfifo", [Path.Combine(_build.Context, "special/pipe")])).EnsureSuccess();
        var error = await Assert.ThrowsAsync<GantryException>(() => _build.BuildAsync());

        Assert.Equal("GAN3012", error.Code);
        Assert.Contains("special/pipe", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task User_names_are_looked_up_in_the_base_image()
    {
        await new BaseImageFactory()
            .Layer(
                BaseImageFactory.File("etc/passwd", "root:x:0:0::/:\nold:x:1:1::/:\n"),
                BaseImageFactory.File("etc/group", "root:x:0:\nstaff:x:50:app\n"))
            .Layer(BaseImageFactory.File("etc/passwd", "root:x:0:0::/:\napp:x:1654:1655::/home/app:\n"))
            .PushAsync(_build.Registries, Base);
        _build.Dockerfile($"FROM {Base}\nCOPY --chown=app a.txt /x/\nCOPY --chown=app:staff a.txt /y\nUSER app\nWORKDIR /w\n");

        var image = await _build.BuildAndReadAsync();

        Assert.Equal(
            ["x/ 755 1654:1655", "x/a.txt 644 1654:1655", "y 644 1654:50", "w/ 755 1654:1655"],
            image.Layers.Skip(2).SelectMany(layer => layer).Select(entry => entry.Line));
    }

    [Fact]
    public async Task Owners_have_32_bits()
    {
        _build.Dockerfile("FROM scratch\nCOPY --chown=4294967294:3000000000 a.txt /x\n");

        var layer = (await _build.BuildAsync()).Root.ReadManifest().Layers[0];

        await using var blob = await _build.Target.OpenBlobAsync(layer, default);
        await using var plain = new GZipStream(blob, CompressionMode.Decompress);
        using var text = new StreamReader(plain, Encoding.Latin1);
        var tar = await text.ReadToEndAsync();
        Assert.Contains("18 uid=4294967294\n18 gid=3000000000\n", tar, StringComparison.Ordinal);
    }

    [Fact]
    public async Task User_names_are_looked_up_in_files_copied_before()
    {
        _build.Write("passwd", "app:x:7:8::/:\n").Dockerfile("FROM scratch\nCOPY passwd /etc/passwd\nCOPY --chown=app a.txt /x\n");

        Assert.Equal("x 644 7:8", Assert.Single((await _build.BuildAndReadAsync()).LastLayer).Line);
    }

    [Fact]
    public async Task An_existing_directory_keeps_its_owner_and_mode()
    {
        await new BaseImageFactory()
            .Layer(
                BaseImageFactory.Directory("tmp/", "1777"),
                BaseImageFactory.Directory("home/"),
                BaseImageFactory.Directory("home/app/", "750", 1654))
            .PushAsync(_build.Registries, Base);
        _build.Dockerfile($"FROM {Base}\nCOPY a.txt /tmp/\nCOPY dir/sub /home/app\nWORKDIR /home/app\n");

        var image = await _build.BuildAndReadAsync();

        Assert.Equal(["tmp/ 1777 0:0", "tmp/a.txt 644 0:0"], image.Layers[1].Select(entry => entry.Line));
        Assert.Equal(["home/ 755 0:0", "home/app/ 750 1654:1654", "home/app/two 644 0:0"], image.Layers[2].Select(entry => entry.Line));
        Assert.Equal(3, image.Layers.Count);
    }

    [Fact]
    public async Task Links_of_the_base_image_are_followed_and_never_replaced()
    {
        await new BaseImageFactory()
            .Layer(
                BaseImageFactory.Directory("usr/"), BaseImageFactory.Directory("usr/bin/"), BaseImageFactory.Link("bin", "usr/bin"),
                BaseImageFactory.Link("opt", "/usr/../data"), BaseImageFactory.Directory("data/"))
            .PushAsync(_build.Registries, Base);
        _build.Write("root/bin/tool", "t").Dockerfile($"FROM {Base}\nCOPY run.sh /bin/\nCOPY dir/sub /opt\nCOPY a.txt /bin\n");

        var image = await _build.BuildAndReadAsync();

        Assert.Equal(
            ["usr/", "usr/bin/", "usr/bin/run.sh", "data/", "data/two", "usr/", "usr/bin/", "usr/bin/a.txt"],
            image.Layers.Skip(1).SelectMany(layer => layer).Select(entry => entry.Name));

        // As Docker says: cannot copy to non-directory.
        _build.Dockerfile($"FROM {Base}\nCOPY root /\n");
        Assert.Equal("GAN3013", (await Assert.ThrowsAsync<GantryException>(() => _build.BuildAsync())).Code);
    }

    [Fact]
    public async Task Whiteouts_of_the_base_image_apply()
    {
        await new BaseImageFactory()
            .Layer(
                BaseImageFactory.Link("a", "/real"), BaseImageFactory.Directory("real/"), BaseImageFactory.Directory("full/", "700"),
                BaseImageFactory.Link("full/link", "/real"))
            .Layer(BaseImageFactory.File(".wh.a"), BaseImageFactory.File("full/.wh..wh..opq"))
            .PushAsync(_build.Registries, Base);
        _build.Dockerfile($"FROM {Base}\nCOPY a.txt /a/\nCOPY a.txt /full/link/\n");

        var image = await _build.BuildAndReadAsync();

        Assert.Equal(
            ["a/ 755 0:0", "a/a.txt 644 0:0", "full/ 700 0:0", "full/link/ 755 0:0", "full/link/a.txt 644 0:0"],
            image.Layers.Skip(2).SelectMany(layer => layer).Select(entry => entry.Line));
    }
}
