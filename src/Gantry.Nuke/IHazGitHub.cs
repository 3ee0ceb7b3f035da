using Gantry.Differences;
using Gantry.GitHubActions.Service;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Versioning;
using Gantry.Registries;

namespace Gantry.Nuke;

/// <summary>A connection to a repository of GitHub. In a clone of it, and in a workflow, only a token is needed.</summary>
public interface IHazGitHub : INukeBuild
{
    /// <summary>The repository.</summary>
    [Parameter("GitHub repository, as owner/name or host/owner/name. Default is the repository of the running workflow or of the clone")]
    string? GithubRepository => TryGetValue(() => GithubRepository);

    /// <summary>The token, when it is not in a variable.</summary>
    [Parameter("Token for GitHub. Default is GH_TOKEN or GITHUB_TOKEN")]
    [Secret]
    string? GithubToken => TryGetValue(() => GithubToken);

    /// <summary>Creates a client. Throws <c>GAN9100</c> to <c>GAN9102</c> when the repository or the token cannot be determined.</summary>
    internal sealed GitHubClient OpenGitHub()
    {
        var remote = new Git(RootDirectory).TryRun("remote", "get-url", "origin");
        var repository = GitHubRepository.Find(
            GithubRepository, EnvironmentInfo.Variables, remote is null ? null : RemoteRepository.Parse(remote)?.Url);
        var token = GitHubActions.Service.GitHubToken.Find(GithubToken, EnvironmentInfo.Variables);
        token.AddTo(BuildOutput.Secrets);
        BuildOutput.Information($"{repository}, with {token.Origin}");
        return new GitHubClient(repository, token, TimeProvider.System)
        {
            NoProgressTimeout = RegistryEnvironment.ReadNoProgressTimeout(),
            Notice = line => BuildOutput.Information(line),
            Log = VerboseLog.Write,
        };
    }
}
