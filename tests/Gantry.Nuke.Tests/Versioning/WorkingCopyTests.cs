using System.Runtime.Versioning;
using Gantry.Nuke.Versioning;
using Gantry.Testing;

namespace Gantry.Nuke.Tests.Versioning;

/// <summary>The version follows the files, whatever git is told to overlook.</summary>
public sealed class WorkingCopyTests : IDisposable
{
    private static readonly DateTime s_date = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly ScratchRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("none")]
    [InlineData("untracked")]
    [InlineData("dirty")]
    [InlineData("all")]
    public void A_submodule_counts_with_its_files_whatever_git_ignores_there(string? ignore)
    {
        CommitSubmodule();
        if (ignore is not null)
            _repository.Git("config", "submodule.m.ignore", ignore);
        Assert.Null(_repository.Read().UncommittedTree);

        AssertVersions("m/a", "m/new");
        Assert.StartsWith("m/", _repository.Read().DescribeUncommitted(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_submodule_counts_with_its_commit_when_gitmodules_ignores_all_of_it()
    {
        CommitSubmodule();
        _repository.Git("config", "--file", ".gitmodules", "submodule.m.ignore", "all");
        _repository.Commit("y", "1");
        Assert.Null(_repository.Read().UncommittedTree);

        _repository.Write("m/a", "2");
        _repository.GitIn("m", "commit", "--quiet", "--all", "--message", "other");

        Assert.NotNull(_repository.Read().UncommittedTree);
    }

    [Fact]
    public void Submodules_of_submodules_count()
    {
        CommitSubmodule();
        using var inner = new ScratchRepository();
        inner.Commit("b", "1");
        _repository.GitIn("m", "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.Folder.FullName, "n");
        _repository.GitIn("m", "commit", "--quiet", "--message", "inner");
        _repository.Commit("y", "1");
        Assert.Null(_repository.Read().UncommittedTree);

        AssertVersions("m/n/b", "m/n/new");
    }

    [Fact]
    public void A_submodule_that_is_not_checked_out_has_no_version()
    {
        CommitSubmodule();
        _repository.Git("submodule", "--quiet", "deinit", "--force", "m");
        AssertRefused("GAN7062", "m (a submodule)");

        // Files in its folder are sources that git does not see.
        _repository.Write("m/new", "1");
        AssertRefused("GAN7062", "m (a submodule)");
    }

    [Fact]
    public void A_submodule_that_no_clone_checks_out_is_not_missed()
    {
        CommitSubmodule();
        _repository.Git("config", "--file", ".gitmodules", "submodule.m.update", "none");
        _repository.Commit("y", "1");
        _repository.Git("submodule", "--quiet", "deinit", "--force", "m");

        ReleaseVersioning.EnsureCountable(_repository.Read(), "here");
        Assert.Null(_repository.Read().UncommittedTree);
    }

    [Fact]
    public void A_nested_clone_counts_with_its_files()
    {
        _repository.Commit("x", "1");
        using var other = new ScratchRepository();
        other.Commit("a", "1");
        _repository.Git("clone", "--quiet", other.Folder.FullName, "nested");
        Assert.NotNull(_repository.Read().UncommittedTree);

        AssertVersions("nested/a", "nested/new");
    }

    [Theory]
    [InlineData("--assume-unchanged")]
    [InlineData("--skip-worktree")]
    public void A_file_that_git_does_not_look_at_counts(string flag)
    {
        _repository.Commit("a", "1");
        _repository.Git("update-index", flag, "a");
        Assert.Null(_repository.Read().UncommittedTree);

        AssertVersions("a", "a");
        Assert.Equal("a", _repository.Read().DescribeUncommitted());
        Assert.Equal(flag == "--assume-unchanged" ? "h a" : "S a", _repository.Git("ls-files", "-v"));
    }

    [Fact]
    public void A_sparse_checkout_has_no_version()
    {
        _repository.Commit("kept/a", "1");
        _repository.Commit("left/b", "1");
        _repository.Git("sparse-checkout", "set", "kept");

        AssertRefused("GAN7062", "left/b");
        _repository.Git("sparse-checkout", "disable");
        ReleaseVersioning.EnsureCountable(_repository.Read(), "here");
    }

    [Fact]
    public void A_file_that_only_this_machine_ignores_counts()
    {
        _repository.Commit("x", "1");
        File.AppendAllText(_repository.PathOf(".git/info/exclude"), "Extra.cs\n.idea/\n*.user\n");
        _repository.Git("config", "core.excludesFile", _repository.PathOf(".git/more"));
        File.WriteAllText(_repository.PathOf(".git/more"), ".env\nMore.cs\n");
        _repository.Write(".idea/workspace.xml", "1");
        _repository.Write("x.csproj.user", "1");
        Assert.Null(_repository.Read().UncommittedTree);

        AssertVersions("Extra.cs", "More.cs");

        var before = _repository.Read().UncommittedTree;
        _repository.Write(".env", "MODE=test");
        Assert.NotEqual(before, _repository.Read().UncommittedTree);
    }

    [Theory]
    [InlineData("status.showUntrackedFiles", "no")]
    [InlineData("core.untrackedCache", "true")]
    [InlineData("core.trustctime", "false")]
    [InlineData("core.fsmonitor", "true # a hook that has seen no change")]
    [InlineData("diff.ignoreSubmodules", "all")]
    public void Settings_do_not_hide_files(string setting, string value)
    {
        _repository.Commit("a", "1");
        _repository.Git("config", setting, value);
        _repository.Git("status");

        AssertVersions("a", "b");
    }

    [UnixFact]
    public void A_file_that_replaces_another_with_its_size_and_date_counts()
    {
        _repository.Commit("a", "1");
        _repository.Git("config", "core.checkStat", "minimal");
        File.SetLastWriteTimeUtc(_repository.PathOf("a"), s_date);
        _repository.Git("status");

        _repository.Write(".git/other", "2");
        File.SetLastWriteTimeUtc(_repository.PathOf(".git/other"), s_date);
        File.Move(_repository.PathOf(".git/other"), _repository.PathOf("a"), overwrite: true);

        Assert.NotNull(_repository.Read().UncommittedTree);
    }

    [UnixFact, UnsupportedOSPlatform("windows")]
    public void A_mode_counts_although_git_is_told_to_ignore_it()
    {
        _repository.Commit("a", "1");
        _repository.Git("config", "core.fileMode", "false");
        Assert.Null(_repository.Read().UncommittedTree);

        _repository.MakeExecutable("a");

        Assert.NotNull(_repository.Read().UncommittedTree);
    }

    [Fact]
    public void A_filter_does_not_hide_what_it_removes()
    {
        _repository.Commit(".gitattributes", "*.cs filter=strip\n*.txt ident\n");
        _repository.Git("config", "filter.strip.clean", "sed s/secret//");
        _repository.Commit("a.cs", "code");
        _repository.Commit("b.txt", "$Id$");
        File.Delete(_repository.PathOf("b.txt"));
        _repository.Git("checkout", "--quiet", "b.txt");
        Assert.Null(_repository.Read().UncommittedTree);

        AssertVersions("a.cs", "a.cs", "code", "secretcode", "codesecret");
        _repository.Write("a.cs", "code");
        _repository.Write("b.txt", "$Id: mine $");
        Assert.NotNull(_repository.Read().UncommittedTree);
    }

    [Fact]
    public void A_pointer_of_Git_LFS_is_not_the_content()
    {
        _repository.Commit(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
        _repository.Commit("a.bin", $"version https://git-lfs.github.com/spec/v1\noid sha256:{new string('a', 64)}\nsize 12345\n");

        AssertRefused("GAN7062", "a.bin (in Git LFS)");
    }

    [Fact]
    public void An_index_that_differs_from_equal_files_is_no_change()
    {
        _repository.Commit("a", "1");
        _repository.Write("a", "2");
        _repository.Git("add", "a");
        _repository.Write("a", "1");

        Assert.Null(_repository.Read().UncommittedTree);
        Assert.Equal("", _repository.Read().DescribeUncommitted());
    }

    [Fact]
    public void Kinds_of_files_that_replace_each_other_count()
    {
        _repository.Commit("a", "1");
        _repository.Commit("folder/b", "1");
        File.Delete(_repository.PathOf("a"));
        _repository.Write("a/b", "1");
        Directory.Delete(_repository.PathOf("folder"), recursive: true);
        _repository.Write("folder", "1");

        ReleaseVersioning.EnsureCountable(_repository.Read(), "here");
        Assert.NotNull(_repository.Read().UncommittedTree);
    }

    private void CommitSubmodule()
    {
        _repository.Commit("x", "1");
        _repository.CommitSubmodule("m");
    }

    // Two changes of a file, and a new one: four contents, four versions, the same each time.
    private void AssertVersions(
        string changed, string added, string original = "1", string first = "2", string second = "3")
    {
        File.WriteAllText(_repository.PathOf(changed), original);
        var versions = new List<string?> { _repository.Read().UncommittedTree };
        File.WriteAllText(_repository.PathOf(changed), first);
        versions.Add(_repository.Read().UncommittedTree);
        Assert.Equal(versions[^1], _repository.Read().UncommittedTree);
        File.WriteAllText(_repository.PathOf(changed), second);
        versions.Add(_repository.Read().UncommittedTree);
        if (added != changed)
        {
            File.WriteAllText(_repository.PathOf(added), "1");
            versions.Add(_repository.Read().UncommittedTree);
        }

        Assert.Equal(versions.Distinct(), versions);
        Assert.All(versions.Skip(1), version => Assert.Matches("^[0-9a-f]{8}$", version));
    }

    private void AssertRefused(string code, string missing)
    {
        var error = Assert.Throws<GantryException>(() => ReleaseVersioning.EnsureCountable(_repository.Read(), "here"));

        Assert.Equal(code, error.Code);
        Assert.Contains(missing, error.Problem, StringComparison.Ordinal);
        Assert.Contains("--release-version", error.Remedy, StringComparison.Ordinal);
    }
}
