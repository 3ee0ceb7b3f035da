using Gantry.Nuke.Versioning;

namespace Gantry.Nuke.Tests.Versioning;

public sealed class SourceRevisionTests : IDisposable
{
    private readonly ScratchRepository _repository = new();

    private DirectoryInfo Folder => _repository.Folder;

    public void Dispose() => _repository.Dispose();

    [Fact]
    public void AFolder_without_git_has_a_problem()
    {
        var revision = SourceRevision.Read(Folder.FullName);

        Assert.Null(revision.Commit);
        Assert.Contains("not a git repository", revision.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_repository_without_a_commit_has_a_problem()
    {
        Git("init", "--quiet");

        Assert.Contains("no commit", SourceRevision.Read(Folder.FullName).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clean_working_copy_is_its_commit()
    {
        var commit = Commit("a.txt", "1");

        var revision = SourceRevision.Read(Folder.FullName);

        Assert.Null(revision.Problem);
        Assert.Equal(commit, revision.Commit);
        Assert.Equal("trunk", revision.Branch);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), revision.CommitTime);
        Assert.False(revision.IsShallow);
        Assert.Null(revision.UncommittedTree);
        Assert.Null(revision.Source);
    }

    [Fact]
    public void A_subfolder_belongs_to_its_repository()
    {
        var commit = Commit("a.txt", "1");

        Assert.Equal(commit, SourceRevision.Read(Folder.CreateSubdirectory("below").FullName).Commit);
    }

    [Fact]
    public void A_detached_head_has_no_branch()
    {
        var commit = Commit("a.txt", "1");
        Git("checkout", "--quiet", commit);

        var revision = SourceRevision.Read(Folder.FullName);

        Assert.Equal(commit, revision.Commit);
        Assert.Null(revision.Branch);
    }

    [Theory]
    [InlineData("changed", "a.txt", "2")]
    [InlineData("added", "b.txt", "1")]
    public void An_uncommitted_state_is_identified_by_its_content(string _, string file, string content)
    {
        Commit("a.txt", "1");
        File.WriteAllText(Path.Combine(Folder.FullName, file), content);

        var once = SourceRevision.Read(Folder.FullName).UncommittedTree;
        var twice = SourceRevision.Read(Folder.FullName).UncommittedTree;
        File.WriteAllText(Path.Combine(Folder.FullName, file), content + "!");
        var other = SourceRevision.Read(Folder.FullName).UncommittedTree;

        Assert.Matches("^[0-9a-f]{8}$", once);
        Assert.Equal(once, twice);
        Assert.NotEqual(once, other);
        Assert.Empty(Git("diff", "--cached", "--name-only"));
    }

    [Fact]
    public void A_deleted_file_is_an_uncommitted_state()
    {
        Commit("a.txt", "1");
        Commit("b.txt", "1");
        File.Delete(Path.Combine(Folder.FullName, "a.txt"));

        Assert.NotNull(SourceRevision.Read(Folder.FullName).UncommittedTree);
    }

    [Fact]
    public void A_working_copy_that_git_cannot_add_has_no_version()
    {
        Commit("a.txt", "1");
        Folder.CreateSubdirectory("nested");
        Git("init", "--quiet", "nested");
        File.WriteAllText(Path.Combine(Folder.FullName, "b.txt"), "1");

        var revision = SourceRevision.Read(Folder.FullName);
        var error = Assert.Throws<GantryException>(() => ReleaseVersioning.EnsureCountable(revision, Folder.FullName));

        Assert.Null(revision.UncommittedTree);
        Assert.Equal("GAN7006", error.Code);
        Assert.Contains("nested", error.Problem, StringComparison.Ordinal);
        Assert.Contains("--release-version", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ignored_files_are_not_changes()
    {
        Commit(".gitignore", "artifacts/");
        File.WriteAllText(Path.Combine(Folder.CreateSubdirectory("artifacts").FullName, "x"), "x");

        Assert.Null(SourceRevision.Read(Folder.FullName).UncommittedTree);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("below/", "")]
    [InlineData("", ".nuke/temp/")]
    [InlineData("below/", "temp/")]
    public void Derived_files_are_not_changes(string prefix, string ignored)
    {
        Commit(".gitignore", ignored);
        Commit("a.txt", "1");
        Commit("tracked.yml", "1");
        var folder = Folder.CreateSubdirectory(prefix + ".nuke/temp").Parent!.Parent!;
        foreach (var derived in new[] { ".nuke/build.schema.json", ".nuke/temp/build.log", "tracked.yml", "[new].yml" })
            File.WriteAllText(Path.Combine(folder.FullName, derived), "2");

        string[] leftAside = [".nuke/build.schema.json", ".nuke/temp", "tracked.yml", "[new].yml"];
        var clean = SourceRevision.Read(folder.FullName, leftAside);
        File.WriteAllText(Path.Combine(folder.FullName, ".nuke/parameters.json"), "{}");
        var once = SourceRevision.Read(folder.FullName, leftAside);
        File.WriteAllText(Path.Combine(folder.FullName, ".nuke/build.schema.json"), "3");
        var twice = SourceRevision.Read(folder.FullName, leftAside);

        Assert.Null(clean.UncommittedTree);
        Assert.Empty(clean.UncommittedFiles);
        Assert.Equal(prefix + ".nuke/parameters.json", once.DescribeUncommitted());
        Assert.NotNull(once.UncommittedTree);
        Assert.Equal(once.UncommittedTree, twice.UncommittedTree);
    }

    [Fact]
    public void Uncommitted_files_are_named_up_to_a_limit()
    {
        Commit("a.txt", "1");
        foreach (var name in new[] { "b", "c", "d", "e", "f" })
            File.WriteAllText(Path.Combine(Folder.FullName, name), "1");

        Assert.Equal("b, c, d and 2 more", SourceRevision.Read(Folder.FullName).DescribeUncommitted());
    }

    [Fact]
    public void A_shallow_clone_is_recognized()
    {
        Commit("a.txt", "1");
        Commit("a.txt", "2");
        var clone = Path.Combine(Folder.FullName, "clone");
        Git("clone", "--quiet", "--depth", "1", new Uri(Folder.FullName).AbsoluteUri, clone);

        Assert.True(SourceRevision.Read(clone).IsShallow);
    }

    private string Commit(string file, string content) => _repository.Commit(file, content);

    private string Git(params string[] arguments) => _repository.Git(arguments);
}
