using Nuke.Common.IO;

namespace Compat.Tests;

public sealed class FileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private AbsolutePath Root => _folder.Path;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_path_is_normalized_and_combined()
    {
        AbsolutePath path = "/a/b/../c/";
        Assert.Equal("/a/c", path.ToString());
        Assert.Equal("/a/c/d/e.tar.gz", (path / "d" / "e.tar.gz").ToString());
        Assert.Equal("/a/c/d", path / "/d");
        Assert.Equal("/a/c/d", path / @"\d");
        Assert.Equal("/a", path / "..");
        Assert.Equal("/a", path / ..);
        Assert.Equal("/a/c.txt", path + ".txt");
        Assert.Equal(path, path / null);
        Assert.Null(((AbsolutePath)"/").Parent);
    }

    [Fact]
    public void A_path_can_be_taken_apart_and_formatted()
    {
        AbsolutePath path = "/with space/file.tar.gz";
        Assert.Equal(("file.tar.gz", "file.tar", ".gz"), (path.Name, path.NameWithoutExtension, path.Extension));
        Assert.Equal("/with space", path.Parent);
        Assert.Equal("\"/with space/file.tar.gz\"", $"{path:dn}");
        Assert.Equal("'/with space/file.tar.gz'", $"{path:s}");
        Assert.Equal("/with space/file.tar.zip", path.WithExtension("zip"));
        Assert.True(path.HasExtension(".zip", ".gz"));
    }

    [Fact]
    public void A_relative_path_is_refused() => Assert.Throws<ArgumentException>(() => (AbsolutePath)"relative");

    [Fact]
    public void Exists_looks_for_a_file_or_a_directory_by_variable_name()
    {
        var someFile = Root / "x";
        var someDirectory = Root / "x";
        someFile.WriteAllText("text");

        Assert.True(someFile.Exists());
        Assert.False(someDirectory.Exists());
        Assert.Throws<ArgumentException>(() => Root.Exists());
    }

    [Theory]
    [InlineData("a", "a\n")]
    [InlineData("a\n\n", "a\n")]
    [InlineData("a\r\nb", "a\r\nb\r\n")]
    public void A_text_ends_with_one_line_break(string text, string expected)
    {
        var file = Root / "sub" / "text.txt";
        Assert.Equal(expected, file.WriteAllText(text).ReadAllText());
        Assert.Equal(text, file.WriteAllText(text, eofLineBreak: false).ReadAllText());
    }

    [Fact]
    public void Patterns_find_files_and_directories()
    {
        foreach (var name in new[] { "a.cs", "b.txt", "sub/c.cs", "sub/deep/d.cs", "other/e.cs" })
            (Root / name).WriteAllText(name);

        Assert.Equal(["a.cs"], Names(Root.GlobFiles("*.cs")));
        Assert.Equal(["a.cs", "other/e.cs", "sub/c.cs", "sub/deep/d.cs"], Names(Root.GlobFiles("**/*.cs")));
        Assert.Equal(["b.txt", "sub/c.cs"], Names(Root.GlobFiles("*.txt", "sub/*.cs")));
        Assert.Equal(["other", "sub"], Names(Root.GlobDirectories("*")));
        Assert.Equal(["sub/deep"], Names(Root.GlobDirectories("**/deep")));
        Assert.Empty((Root / "missing").GlobFiles("**/*"));
        Assert.Equal(["a.cs", "b.txt", "other/e.cs", "sub/c.cs"], Names(Root.GetFiles(depth: 2)));
    }

    [Fact]
    public void A_directory_is_copied_by_the_policy()
    {
        var (source, target) = (Root / "source", Root / "target");
        (source / "a.txt").WriteAllText("new");
        (source / "obj" / "b.txt").WriteAllText("b");
        (target / "a.txt").WriteAllText("old");

        Assert.ThrowsAny<Exception>(() => source.Copy(target));
        Assert.Throws<IOException>(() =>
            source.Copy(target, ExistsPolicy.DirectoryMerge | ExistsPolicy.FileFail, excludeDirectory: x => x.Name == "obj"));
        source.Copy(target, ExistsPolicy.MergeAndSkip, excludeDirectory: x => x.Name == "obj");
        Assert.Equal("old\n", (target / "a.txt").ReadAllText());
        Assert.False((target / "obj").DirectoryExists());

        source.Copy(target, ExistsPolicy.MergeAndOverwrite);
        Assert.Equal("new\n", (target / "a.txt").ReadAllText());
        Assert.True((target / "obj" / "b.txt").FileExists());
        Assert.ThrowsAny<Exception>(() => source.CopyToDirectory(source / "below"));
    }

    [Fact]
    public void A_directory_is_emptied()
    {
        (Root / "x" / "y" / "z.txt").WriteAllText("z");
        (Root / "x").CreateOrCleanDirectory();
        Assert.Empty((Root / "x").GetFiles(depth: 9));
        (Root / "x").DeleteDirectory();
        (Root / "x").DeleteDirectory();
        Assert.False((Root / "x").DirectoryExists());
    }

    private IEnumerable<string> Names(IEnumerable<AbsolutePath> paths) =>
        paths.Select(x => (string)Root.GetUnixRelativePathTo(x)).Order(StringComparer.Ordinal);
}
