using System.Text;
using System.Text.RegularExpressions;

namespace Gantry.Processes;

/// <summary>
/// Reads a clone with the git program: nothing is fetched, written or asked for, and what a user has configured for people is left out.
/// </summary>
/// <param name="folder">A folder of the clone.</param>
/// <param name="purpose">What is read, in errors: <c>the list of commits</c>.</param>
internal sealed partial class GitClone(string folder, string purpose)
{
    // No file watcher that another program starts, no signature that one verifies.
    private static readonly string[] s_settings =
        ["-c", "core.fsmonitor=false", "-c", "log.showSignature=false", "-c", "i18n.logOutputEncoding=UTF-8"];

    private static readonly Dictionary<string, string?> s_environment = new()
    {
        ["LC_ALL"] = "C",
        ["GIT_TERMINAL_PROMPT"] = "0",
        ["GIT_OPTIONAL_LOCKS"] = "0",
        ["GIT_NO_LAZY_FETCH"] = "1",
        ["GIT_NO_REPLACE_OBJECTS"] = "1",

        // Set when a git hook runs the build: they would point to another repository.
        ["GIT_DIR"] = null,
        ["GIT_WORK_TREE"] = null,
        ["GIT_COMMON_DIR"] = null,
        ["GIT_INDEX_FILE"] = null,
        ["GIT_OBJECT_DIRECTORY"] = null,
        ["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = null,
        ["GIT_NAMESPACE"] = null,
        ["GIT_GRAFT_FILE"] = null,
        ["GIT_SHALLOW_FILE"] = null,
    };

    /// <summary>Returns true for a full hash. A hash in a record may be anything, and must not become an option of git.</summary>
    public static bool IsHash(string text) => Hash().IsMatch(text);

    /// <summary>Runs git. Throws <c>GAN4079</c> when it cannot be started.</summary>
    /// <param name="input">The text for its standard input.</param>
    /// <param name="outputLimit">The maximum number of characters of its output.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public Task<ProgramResult> RunAsync(
        string input, int outputLimit, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        new ExternalProgram("git", s_environment) { Input = input, OutputLimit = outputLimit, Encoding = Encoding.UTF8 }
            .RunAsync(folder, [.. s_settings, .. arguments], purpose, cancellationToken);

    [GeneratedRegex(@"\A([0-9a-f]{40}|[0-9a-f]{64})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Hash();
}
