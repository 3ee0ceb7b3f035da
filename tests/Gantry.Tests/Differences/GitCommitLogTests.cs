using Gantry.Differences;
using Gantry.Testing;

namespace Gantry.Tests.Differences;

/// <summary>Commits of real repositories.</summary>
public sealed class GitCommitLogTests
{
    [Fact]
    public async Task Commits_are_listed_the_latest_first_with_links()
    {
        using var clone = await ScratchClone.CreateAsync("git@github.com:contoso/shop.git");
        var first = await clone.CommitAsync("one");
        var second = await clone.CommitAsync("two\n\nwith a body", "Bert");
        var third = await clone.CommitAsync("three");

        var found = await new GitCommitLog(clone.Path).CompareAsync(first, third, default);

        Assert.False(found.IsTruncated);
        Assert.Equal(
            [
                new(third, "three", "Anna", TimeOf(2), $"https://github.com/contoso/shop/commit/{third}", IsRemoved: false),
                new ChangedCommit(second, "two", "Bert", TimeOf(1), $"https://github.com/contoso/shop/commit/{second}", IsRemoved: false),
            ],
            found.Commits);
    }

    [Fact]
    public async Task Going_back_and_branches_that_parted_lose_commits()
    {
        using var clone = await ScratchClone.CreateAsync();
        var root = await clone.CommitAsync("root");
        var main = await clone.CommitAsync("on main");
        await clone.GitAsync("checkout", "--quiet", "-b", "fix", root);
        var fix = await clone.CommitAsync("a fix");
        var log = new GitCommitLog(clone.Path);

        Assert.Equal([(main, true)], Short(await log.CompareAsync(main, root, default)));
        Assert.Equal([(fix, false), (main, true)], Short(await log.CompareAsync(main, fix, default)));
        Assert.Empty((await log.CompareAsync(main, main, default)).Commits);
    }

    [Fact]
    public async Task A_merge_brings_the_commits_of_its_branch()
    {
        using var clone = await ScratchClone.CreateAsync();
        var root = await clone.CommitAsync("root");
        await clone.GitAsync("checkout", "--quiet", "-b", "topic");
        var topic = await clone.CommitAsync("topic");
        await clone.GitAsync("checkout", "--quiet", "main");
        await clone.GitAsync(
            "-c", "user.name=Anna", "-c", "user.email=a@example.com", "merge", "--quiet", "--no-ff", "-m", "merged", "topic");
        var merge = await clone.GitAsync("rev-parse", "HEAD");

        var found = await new GitCommitLog(clone.Path).CompareAsync(root, merge, default);

        Assert.Equal([merge, topic], found.Commits.Select(commit => commit.Hash));
    }

    [Fact]
    public async Task More_commits_than_the_limit_are_left_out()
    {
        using var clone = await ScratchClone.CreateAsync();
        var first = await clone.CommitAsync("first");
        var stream = string.Concat(Enumerable.Range(1, Limits.Commits + 5).Select(number =>
            $"commit refs/heads/main\ncommitter Anna <a@example.com> {1_800_000_000 + number} +0000\ndata 4\nmany\n"
                + (number == 1 ? $"from {first}\n" : "")));
        await File.WriteAllTextAsync(Path.Combine(clone.Path, ".git", "stream"), stream);
        await clone.GitAsync("-c", "alias.import=!git fast-import --quiet --force < .git/stream", "import");

        var found = await new GitCommitLog(clone.Path).CompareAsync(first, await clone.GitAsync("rev-parse", "main"), default);

        Assert.True(found.IsTruncated);
        Assert.Equal(Limits.Commits, found.Commits.Count);
    }

    [Fact]
    public async Task Any_message_is_the_subject_of_its_own_commit_only()
    {
        using var clone = await ScratchClone.CreateAsync();
        var first = await clone.CommitAsync("first");
        var messages = HostileText.Values.Values
            .Where(text => !text.Contains('\0', StringComparison.Ordinal) && !text.Contains('\ud800', StringComparison.Ordinal))
            .ToList();
        foreach (var message in messages)
            await clone.CommitAsync("!" + message);

        var found = await new GitCommitLog(clone.Path).CompareAsync(first, await clone.GitAsync("rev-parse", "HEAD"), default);

        Assert.Equal(messages.Count, found.Commits.Count);
        Assert.All(found.Commits, commit => Assert.StartsWith("!", commit.Subject, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_shallow_clone_says_how_to_get_the_rest()
    {
        using var origin = await ScratchClone.CreateAsync();
        var first = await origin.CommitAsync("one");
        var second = await origin.CommitAsync("two");
        using var folder = new TempFolder();
        await origin.GitAsync("clone", "--quiet", "--depth", "1", "file://" + origin.Path, folder.Combine("clone"));

        var error = await Assert.ThrowsAsync<GantryException>(
            () => new GitCommitLog(folder.Combine("clone")).CompareAsync(first, second, default));

        Assert.Equal("GAN4802", error.Code);
        Assert.Contains("git fetch --unshallow", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef01234567")]
    [InlineData("--output=/tmp/x")]
    [InlineData("main")]
    [InlineData("")]
    public async Task A_commit_that_is_not_there_or_none_is_an_error(string commit)
    {
        using var clone = await ScratchClone.CreateAsync();
        var first = await clone.CommitAsync("one");
        var log = new GitCommitLog(clone.Path);

        var error = await Assert.ThrowsAsync<GantryException>(() => log.CompareAsync(first, commit, default));

        Assert.Equal("GAN4803", error.Code);
    }

    [Fact]
    public async Task A_tree_is_no_commit()
    {
        using var clone = await ScratchClone.CreateAsync();
        var first = await clone.CommitAsync("one");
        var tree = await clone.GitAsync("rev-parse", "HEAD^{tree}");

        var error = await Assert.ThrowsAsync<GantryException>(() => new GitCommitLog(clone.Path).CompareAsync(first, tree, default));

        Assert.Equal("GAN4803", error.Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_folder_that_is_no_clone_is_an_error(bool exists)
    {
        using var folder = new TempFolder();
        var log = new GitCommitLog(exists ? folder.Path : folder.Combine("missing"));

        var error = await Assert.ThrowsAsync<GantryException>(() => log.CompareAsync(new string('0', 40), new string('1', 40), default));

        Assert.Equal("GAN4801", error.Code);
    }

    private static DateTimeOffset TimeOf(int minute) => new(2026, 1, 1, 0, minute, 0, TimeSpan.Zero);

    private static IEnumerable<(string, bool)> Short(CommitList list) => list.Commits.Select(commit => (commit.Hash, commit.IsRemoved));
}
