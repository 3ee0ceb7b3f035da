using Gantry.Nuke.Rebuilding;
using Gantry.Nuke.Tests.Versioning;
using Gantry.Oci;
using Gantry.Releases;
using Gantry.Testing;

namespace Gantry.Nuke.Tests.Rebuilding;

/// <summary>The commit of a release is checked out as it is, or the error names what this machine lacks.</summary>
public sealed class CommitCheckoutTests : IDisposable
{
    private const string Pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:"
        + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\nsize 3\n";

    private readonly ScratchRepository _repository = new();
    private readonly TempFolder _target = new();

    public void Dispose()
    {
        _repository.Dispose();
        _target.Dispose();
    }

    [Fact]
    public void The_recorded_commit_is_checked_out_with_the_recorded_remote()
    {
        var first = _repository.Commit("a", "1\n");
        _repository.Commit("a", "2\n");
        _repository.Write("new", "uncommitted");

        CheckOut(first, "https://example.com/shop");

        Assert.Equal("1\n", File.ReadAllText(_target.Combine("checkout", "a")));
        Assert.False(File.Exists(_target.Combine("checkout", "new")));
        var revision = Gantry.Nuke.Versioning.SourceRevision.Read(_target.Combine("checkout"));
        Assert.Equal((first, "https://example.com/shop", null), (revision.Commit, revision.Source, revision.UncommittedTree));
    }

    [Fact]
    public void Without_a_recorded_remote_there_is_none()
    {
        CheckOut(_repository.Commit("a", "1\n"), origin: null);

        Assert.Null(Gantry.Nuke.Versioning.SourceRevision.Read(_target.Combine("checkout")).Source);
    }

    [Fact]
    public void A_commit_of_no_branch_is_checked_out()
    {
        _repository.Commit("a", "1\n");
        var lost = _repository.Commit("a", "2\n");
        _repository.Git("reset", "--quiet", "--hard", "HEAD~1");

        CheckOut(lost, origin: null);

        Assert.Equal("2\n", File.ReadAllText(_target.Combine("checkout", "a")));
    }

    [Fact]
    public void Line_endings_are_those_of_the_commit()
    {
        var commit = _repository.Commit("a", "1\n2\n");
        _repository.Git("config", "core.autocrlf", "true");

        CheckOut(commit, origin: null);

        Assert.Equal("1\n2\n", File.ReadAllText(_target.Combine("checkout", "a")));
    }

    [Fact]
    public void A_submodule_is_checked_out_from_here_with_its_own_remote()
    {
        _repository.Commit("a", "1\n");
        _repository.CommitSubmodule("lib");
        _repository.GitIn("lib", "remote", "set-url", "origin", "https://example.com/lib");

        CheckOut(_repository.Git("rev-parse", "HEAD"), origin: null);

        Assert.Equal("1", File.ReadAllText(_target.Combine("checkout", "lib", "a")));
        Assert.Equal("https://example.com/lib", Gantry.Nuke.Versioning.SourceRevision.Read(_target.Combine("checkout", "lib")).Source);
    }

    [Fact]
    public void A_submodule_that_is_not_here_is_named()
    {
        _repository.Commit("a", "1\n");
        _repository.CommitSubmodule("lib");
        _repository.Git("submodule", "--quiet", "deinit", "--force", "lib");

        var error = Assert.Throws<GantryException>(() => CheckOut(_repository.Git("rev-parse", "HEAD"), origin: null));

        Assert.Equal("GAN7088", error.Code);
        Assert.Contains("lib (a submodule)", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_whose_content_is_in_Git_LFS_and_not_here_is_named()
    {
        _repository.Write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
        _repository.Git("init", "--quiet", "--initial-branch", "trunk");
        foreach (var filter in new[] { "clean", "smudge" })
            _repository.Git("config", $"filter.lfs.{filter}", "cat");
        _repository.Commit("large.bin", Pointer);

        var error = Assert.Throws<GantryException>(() => CheckOut(_repository.Git("rev-parse", "HEAD"), origin: null));

        Assert.Equal("GAN7088", error.Code);
        Assert.Contains("large.bin", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_commit_that_is_not_here_is_an_error()
    {
        _repository.Commit("a", "1\n");

        var error = Assert.Throws<GantryException>(() => CheckOut(new string('a', 40), origin: null));

        Assert.Equal("GAN7081", error.Code);
    }

    [Fact]
    public void A_folder_without_git_is_an_error()
    {
        using var folder = new TempFolder();

        var error = Assert.Throws<GantryException>(
            () => new CommitCheckout(ReleaseOf(new string('a', 40))).CheckOut(folder.Path, _target.Combine("checkout"), origin: null));

        Assert.Equal("GAN7081", error.Code);
    }

    private void CheckOut(string commit, string? origin) =>
        new CommitCheckout(ReleaseOf(commit)).CheckOut(_repository.Folder.FullName, _target.Combine("checkout"), origin);

    private static Release ReleaseOf(string commit) => new()
    {
        Version = "1.4.2",
        Commit = commit,
        Created = DateTimeOffset.UnixEpoch,
        Images =
        [
            new ReleaseImage
            {
                Name = "app", Repository = "app", Digest = Digest.Of([1]), MediaType = MediaTypes.OciManifest, Size = 1, Platforms = [],
            },
        ],
    };
}
