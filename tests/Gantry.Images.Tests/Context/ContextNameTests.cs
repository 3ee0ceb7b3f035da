using Gantry.Images.Context;
using Gantry.Images.Tests.Fixtures;
using Gantry.Testing;

namespace Gantry.Images.Tests.Context;

/// <summary>Names that are valid in a file system and not in an image, and others that only look invalid.</summary>
public sealed class ContextNameTests : IAsyncLifetime
{
    private readonly BuildFixture _build = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _build.DisposeAsync();

    [Theory]
    [InlineData("a file", "opt/.wh.target", "COPY opt /opt/", "/opt/.wh.target")]
    [InlineData("a mark of opaque folders", "opt/.wh..wh..opq", "COPY opt /opt/", "/opt/.wh..wh..opq")]
    [InlineData("a file that is named", "opt/.wh.target", "COPY opt/.wh.target /opt/", "/opt/.wh.target")]
    [InlineData("a file of a pattern", "opt/.wh.target", "COPY opt/.wh* /opt/", "/opt/.wh.target")]
    [InlineData("a folder", "opt/.wh.folder/a", "COPY opt /opt/", "/opt/.wh.folder")]
    [InlineData("a destination", "a", "COPY a /opt/.wh.a", "/opt/.wh.a")]
    [InlineData("a folder of a destination", "a", "COPY a /opt/.wh.b/a", "/opt/.wh.b")]
    [InlineData("a folder of a destination for folders", "opt/a", "COPY opt /opt/.wh.b/c/", "/opt/.wh.b")]
    [InlineData("a working directory", "a", "WORKDIR /opt/.wh.b", "/opt/.wh.b")]
    public async Task A_name_that_deletes_files_of_the_base_image_is_refused(string _, string file, string instruction, string path)
    {
        _build.Write(file).Dockerfile($"FROM scratch\nLABEL a=b\n{instruction}\n");

        var error = await _build.FailAsync();

        Assert.Equal("GAN3037", error.Code);
        Assert.StartsWith($"Dockerfile:3: '{path}' cannot be in an image", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_only_contains_the_mark_is_copied()
    {
        _build.Write("opt/x.wh.a").Write("opt/.whale").Dockerfile("FROM scratch\nCOPY opt /x\n");

        Assert.Equal(
            ["x/ 755 0:0", "x/.whale 644 0:0", "x/x.wh.a 644 0:0"],
            (await _build.BuildAndReadAsync()).LastLayer.Select(entry => entry.Line));
    }

    [Fact]
    public async Task What_dockerignore_excludes_may_have_any_name()
    {
        _build.Write("opt/.wh.a").Write("opt/b").Write(".dockerignore", "**/.wh.*\n").Dockerfile("FROM scratch\nCOPY opt /x\n");

        Assert.Equal("x/b 644 0:0", (await _build.BuildAndReadAsync()).LastLayer[^1].Line);
    }

    [UnixFact]
    public async Task A_link_may_point_to_any_name()
    {
        _build.Write("opt/b").Link("opt/link", ".wh.elsewhere").Dockerfile("FROM scratch\nCOPY opt /x\n");

        Assert.Contains(".wh.elsewhere", (await _build.BuildAndReadAsync()).LastLayer[^1].Line, StringComparison.Ordinal);
    }

    [UnixTheory]
    [InlineData("the name of a file", "touch \"opt/$n\"", "the name of 'opt/caf\uFFFD' is not UTF-8")]
    [InlineData("the name of a folder", "mkdir \"opt/$n\"; touch \"opt/$n/a\"", "the name of 'opt/caf\uFFFD' is not UTF-8")]
    [InlineData("the name of a link", "ln -s a \"opt/$n\"", "the name of 'opt/caf\uFFFD' is not UTF-8")]
    [InlineData("the target of a link", "ln -s \"$n\" opt/link", "'opt/link' is a symbolic link to a path that is not UTF-8")]
    [InlineData(
        "a folder with exceptions",
        "mkdir \"opt/$n\"; printf 'opt/c*\\n!opt/x\\n' >.dockerignore",
        "the name of 'opt/caf\uFFFD' is not UTF-8")]
    public async Task Bytes_that_are_not_UTF_8_are_refused_and_never_changed(string _, string commands, string problem)
    {
        _build.Write("opt/a").Dockerfile("FROM scratch\nCOPY opt /x\n");
        await ShellAsync(commands);

        var error = await _build.FailAsync();

        Assert.Equal("GAN3038", error.Code);
        Assert.Equal($"Dockerfile:2: {problem}", error.Problem);
    }

    [UnixTheory]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    [InlineData("caf\u00E9")]
    [InlineData("\uFFFD")]
    [InlineData(" ")]
    [InlineData("-a")]
    [InlineData("a:b")]
    public async Task Other_names_arrive_as_they_are(string name)
    {
        _build.Write($"opt/{name}").Link("opt/zlink", "a\\b caf\u00E9").Dockerfile("FROM scratch\nCOPY opt /x\n");

        var layer = (await _build.BuildAndReadAsync()).LastLayer;

        Assert.Contains(layer, entry => entry.Line == $"x/{name} 644 0:0");
        Assert.Contains(layer, entry => entry.Line.Contains("a\\b caf\u00E9", StringComparison.Ordinal));
    }

    [UnixTheory]
    [InlineData("Dockerfile")]
    [InlineData(".dockerignore")]
    [InlineData("Dockerfile.dockerignore")]
    public async Task A_pipe_in_place_of_a_file_that_is_read_is_refused(string file)
    {
        _build.Write("opt/a").Dockerfile("FROM scratch\nCOPY opt /x\n");
        File.Delete(Path.Combine(_build.Context, file));
        (await ChildProcess.RunAsync("mkfifo", [Path.Combine(_build.Context, file)])).EnsureSuccess();

        Assert.Equal("GAN3035", (await _build.FailAsync()).Code);
    }

    [Fact]
    public async Task An_engine_does_not_get_names_that_delete_files()
    {
        _build.Write("opt/.wh.target").Dockerfile("FROM scratch\nCOPY opt /x\n");
        var archive = await BuildContextArchive.OpenAsync(_build.Request, default);

        await using var stream = archive.OpenRead(default);
        var error = await Assert.ThrowsAsync<GantryException>(() => stream.CopyToAsync(Stream.Null));

        Assert.Equal("GAN3037", error.Code);
        Assert.StartsWith("Dockerfile:1: 'opt/.wh.target'", error.Problem, StringComparison.Ordinal);
    }

    // Arguments of processes are text here, so the shell makes the bytes.
    private async Task ShellAsync(string commands) =>
        (await ChildProcess.RunAsync("sh", ["-ec", $"cd \"$0\"; n=$(printf 'caf\\351'); {commands}", _build.Context])).EnsureSuccess();
}
