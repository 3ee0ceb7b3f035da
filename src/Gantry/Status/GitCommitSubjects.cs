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

    private readonly GitClone _git = new(folder, "the subjects of commits");
    private readonly SharedAnswers<string, string?> _found = new();

    /// <inheritdoc/>
    public async Task<string?> FindAsync(string commit, CancellationToken cancellationToken) => GitClone.IsHash(commit)
        ? await _found.GetAsync(commit, () => ReadAsync(commit, cancellationToken))
        : null;

    private async Task<string?> ReadAsync(string commit, CancellationToken cancellationToken)
    {
        try
        {
            var result = await _git.RunAsync(
                "", Longest, ["log", "-1", "--no-show-signature", "--encoding=UTF-8", "--format=%s", commit, "--"], cancellationToken);
            return result is { ExitCode: 0, IsTooLong: false } && result.Output.Trim() is { Length: > 0 } subject ? subject : null;
        }
        catch (GantryException)
        {
            // Without git there are no subjects, and the status has everything else.
            return null;
        }
    }
}
