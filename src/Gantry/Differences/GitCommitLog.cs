using System.Globalization;
using Gantry.IO;
using Gantry.Processes;

namespace Gantry.Differences;

/// <summary>
/// Compares commits with the git program in a clone. It reads, and asks no server: neither for commits that are missing nor for a password.
/// </summary>
/// <param name="folder">A folder of the clone.</param>
public sealed class GitCommitLog(string folder) : ICommitLog
{
    // The hash, the time, the author and the subject: git ends each with a zero, which no part of a commit contains.
    private const string Fields = "--format=tformat:%H%x00%ct%x00%an%x00%s";
    private const int FieldCount = 4;

    private readonly GitClone _git = new(folder, "the list of commits");
    private readonly SharedAnswers<string, Clone> _clones = new();

    /// <inheritdoc/>
    public async Task<CommitList> CompareAsync(string from, string to, CancellationToken cancellationToken)
    {
        if (from == to)
            return new CommitList([], IsTruncated: false);
        var clone = await OpenAsync(cancellationToken);
        foreach (var commit in (string[])[from, to])
        {
            if (!await HasAsync(commit, cancellationToken))
                throw clone.IsShallow ? DifferenceErrors.ShallowClone(folder) : DifferenceErrors.UnknownCommit(commit, folder);
        }

        // Where the history is cut off, commits seem to be missing that are not.
        if (clone.IsShallow)
            throw DifferenceErrors.ShallowClone(folder);
        var added = await ListAsync(clone, [to, "^" + from], isRemoved: false, cancellationToken);
        var removed = await ListAsync(clone, [from, "^" + to], isRemoved: true, cancellationToken);
        return new CommitList(
            [.. added.Take(Limits.Commits), .. removed.Take(Limits.Commits)],
            IsTruncated: added.Count > Limits.Commits || removed.Count > Limits.Commits);
    }

    private sealed record Clone(bool IsShallow, RemoteRepository? Remote);

    private Task<Clone> OpenAsync(CancellationToken cancellationToken) =>
        _clones.GetAsync(folder, () => ReadCloneAsync(cancellationToken));

    private async Task<Clone> ReadCloneAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
            throw DifferenceErrors.NoClone(folder, "there is no such folder");
        var shallow = await AskAsync("", cancellationToken, "rev-parse", "--is-shallow-repository");
        if (shallow.ExitCode != 0)
            throw DifferenceErrors.NoClone(folder, shallow.Reason("fatal:", "error:"));
        var remote = await AskAsync("", cancellationToken, "remote", "get-url", "origin");
        return new Clone(
            shallow.Output.Trim() == "true",
            remote.ExitCode == 0 ? RemoteRepository.Parse(remote.Output.TrimEnd('\n', '\r')) : null);
    }

    // A hash that a record names may be anything: it is given to git only when it is one, and never as an argument before that.
    private async Task<bool> HasAsync(string commit, CancellationToken cancellationToken)
    {
        if (!GitClone.IsHash(commit))
            return false;
        var found = await AskAsync(commit + "\n", cancellationToken, "cat-file", "--batch-check=%(objecttype)");
        return found.ExitCode == 0 && found.Output.Trim() == "commit";
    }

    private async Task<IReadOnlyList<ChangedCommit>> ListAsync(
        Clone clone, string[] revisions, bool isRemoved, CancellationToken cancellationToken)
    {
        var limit = string.Create(CultureInfo.InvariantCulture, $"--max-count={Limits.Commits + 1}");
        var log = await _git.RunAsync(
            "",
            Limits.CommitLogLength,
            ["log", "-z", Fields, limit, "--no-color", "--no-decorate", "--no-notes", "--no-show-signature", "--no-patch", .. revisions],
            cancellationToken);
        if (log.IsTooLong)
            throw DifferenceErrors.LogTooLong(folder);
        if (log.ExitCode != 0)
            throw DifferenceErrors.NoClone(folder, log.Reason("fatal:", "error:"));
        return
        [
            .. log.Output.Split('\0').Chunk(FieldCount).Where(fields => fields.Length == FieldCount)
                .Select(fields => new ChangedCommit(
                    fields[0], fields[3], fields[2], TimeOf(fields[1]), clone.Remote?.FindCommitLink(fields[0]), isRemoved)),
        ];
    }

    // A commit may have any number.
    private static DateTimeOffset TimeOf(string seconds) =>
        long.TryParse(seconds, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && number >= DateTimeOffset.MinValue.ToUnixTimeSeconds() && number <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(number)
            : DateTimeOffset.UnixEpoch;

    private Task<ProgramResult> AskAsync(string input, CancellationToken cancellationToken, params string[] arguments) =>
        _git.RunAsync(input, Limits.ErrorBytes, arguments, cancellationToken);
}
