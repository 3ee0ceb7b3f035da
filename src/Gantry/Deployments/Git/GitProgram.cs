using System.Globalization;
using System.Text;
using Gantry.Environments;
using Gantry.Processes;

namespace Gantry.Deployments.Git;

/// <summary>
/// The git program in non-interactive mode: no prompts, English output, and no redirects that carry a credential elsewhere.
/// </summary>
internal sealed class GitProgram
{
    private readonly ExternalProgram _program;
    private readonly SecretMask _secrets = new();

    /// <summary>Creates a new instance.</summary>
    /// <param name="deployment">The deployment whose repository is used.</param>
    /// <param name="token">The token for an https repository.</param>
    public GitProgram(GitCommitDeployment deployment, string? token)
    {
        var environment = new Dictionary<string, string?>
        {
            ["LC_ALL"] = "C",
            ["GIT_TERMINAL_PROMPT"] = "0",
            ["GIT_ASKPASS"] = "",
            ["SSH_ASKPASS"] = "",
            ["GCM_INTERACTIVE"] = "never",
            ["GIT_AUTHOR_NAME"] = deployment.AuthorName,
            ["GIT_AUTHOR_EMAIL"] = deployment.AuthorEmail,
            ["GIT_COMMITTER_NAME"] = deployment.AuthorName,
            ["GIT_COMMITTER_EMAIL"] = deployment.AuthorEmail,

            // Set when a git hook runs the build: they would point to that repository.
            ["GIT_DIR"] = null,
            ["GIT_WORK_TREE"] = null,
            ["GIT_INDEX_FILE"] = null,
        };
        if (Environment.GetEnvironmentVariable("GIT_SSH_COMMAND") is null)
            environment["GIT_SSH_COMMAND"] = "ssh -o BatchMode=yes";

        List<(string Key, string Value)> configuration =
            [("http.followRedirects", "false"), ("core.autocrlf", "false"), ("commit.gpgSign", "false"), ("advice.detachedHead", "false")];
        if (token is not null)
        {
            // On the command line, every user of the machine could read it. The user name is ignored.
            _secrets.AddPassword("gantry", token);
            configuration.Add(($"http.{new Uri(deployment.Repository).GetLeftPart(UriPartial.Authority)}/.extraHeader",
                "Authorization: Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("gantry:" + token))));
            configuration.Add(("credential.helper", ""));
        }

        // After the entries that the environment already has.
        var count = int.TryParse(
            Environment.GetEnvironmentVariable("GIT_CONFIG_COUNT"), NumberStyles.None, CultureInfo.InvariantCulture, out var there)
                ? there
                : 0;
        foreach (var (key, value) in configuration)
        {
            environment[string.Create(CultureInfo.InvariantCulture, $"GIT_CONFIG_KEY_{count}")] = key;
            environment[string.Create(CultureInfo.InvariantCulture, $"GIT_CONFIG_VALUE_{count}")] = value;
            count++;
        }

        environment["GIT_CONFIG_COUNT"] = count.ToString(CultureInfo.InvariantCulture);

        _program = new ExternalProgram("git", environment);
    }

    /// <summary>Runs git in a folder.</summary>
    public async Task<ProgramResult> RunAsync(
        string folder, string what, CancellationToken cancellationToken, params IEnumerable<string> arguments)
    {
        var result = await _program.RunAsync(folder, arguments, what, cancellationToken);
        return result with { Output = _secrets.Apply(result.Output), Errors = _secrets.Apply(result.Errors) };
    }
}
