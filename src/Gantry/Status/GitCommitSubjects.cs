using Gantry.IO;
using Gantry.Processes;

namespace Gantry.Status;

/// <summary>
/// Finds the subjects of commits in a clone, by the program git. Nothing is fetched, and each commit is looked up once.
/// </summary>
/// <param name="folder">A folder in the clone.</param>
public sealed class GitCommitSubjects(string folder) : ICommitSubjects
{
    private const int Longest = 16 * 1024;

    // The objects of a partial clone that are missing are not fetched for the sake of a line of text.
    private static readonly ExternalProgram s_git = new("git", new Dictionary<string, string?>
    {
        ["GIT_TERMINAL_PROMPT"] = "0",
        ["GIT_NO_LAZY_FETCH"] = "1",
        ["GIT_OPTIONAL_LOCKS"] = "0",
        ["GIT_NO_REPLACE_OBJECTS"] = "1",
        ["LC_ALL"] = "C",

        // Set when a git hook runs the build: they would point to another repository.
        ["GIT_DIR"] = null,
        ["GIT_WORK_TREE"] = null,
        ["GIT_COMMON_DIR"] = null,
        ["GIT_OBJECT_DIRECTORY"] = null,
        ["GIT_NAMESPACE"] = null,
    })
    {
        OutputLimit = Longest,
    };

    private readonly SharedAnswers<string, string?> _found = new();

    /// <inheritdoc/>
    public async Task<string?> FindAsync(string commit, CancellationToken cancellationToken) => IsHash(commit)
        ? await _found.GetAsync(commit, () => ReadAsync(commit, cancellationToken))
        : null;

    private async Task<string?> ReadAsync(string commit, CancellationToken cancellationToken)
    {
        try
        {
            var result = await s_git.RunAsync(
                folder,
                ["-c", "core.fsmonitor=false", "log", "-1", "--no-show-signature", "--encoding=UTF-8", "--format=%s", commit, "--"],
                "the subjects of commits",
                cancellationToken);
            return result is { ExitCode: 0, IsTooLong: false } && result.Output.Trim() is { Length: > 0 } subject ? subject : null;
        }
        catch (GantryException)
        {
            // Without git there are no subjects, and the status has everything else.
            return null;
        }
    }

    // Text from a registry must not become an option of git.
    private static bool IsHash(string commit) => commit.Length is 40 or 64 && commit.All(char.IsAsciiHexDigitLower);
}
