using Gantry.GitHubActions.Environments;
using Gantry.GitHubActions.Service;

namespace Gantry.GitHubActions.Provisioning;

/// <summary>Reads environments of GitHub, and the ids of users and teams.</summary>
internal sealed class EnvironmentReader(GitHubClient client)
{
    // The limit of GitHub is far below.
    private const int PatternLimit = 1000;

    public const string Right = "actions: read";

    /// <summary>Returns the protection of an environment; null when it does not exist.</summary>
    public async Task<EnvironmentState?> FindAsync(string name, CancellationToken cancellationToken)
    {
        EnvironmentDocument environment;
        try
        {
            environment = await client.SendAsync(
                new(HttpMethod.Get, client.PathOf("environments", name), $"read the environment '{name}'", Right),
                ServiceJson.Default.EnvironmentDocument,
                cancellationToken);
        }
        catch (GantryException error) when (error.Kind == ErrorKind.NotFound)
        {
            return null;
        }

        var hasPatterns = environment.DeploymentBranchPolicy?.CustomBranchPolicies == true;
        return EnvironmentState.Of(environment, hasPatterns ? await ListPatternsAsync(name, cancellationToken) : []);
    }

    /// <summary>Finds a user or team by its name: <c>@anna</c>, <c>@contoso/qa</c>. Throws <c>GAN9111</c> when there is none.</summary>
    public async Task<Reviewer> FindReviewerAsync(string name, CancellationToken cancellationToken)
    {
        var path = name[1..].Split('/') is [var owner, var team]
            ? $"orgs/{Uri.EscapeDataString(owner)}/teams/{Uri.EscapeDataString(team)}"
            : $"users/{Uri.EscapeDataString(name[1..])}";
        try
        {
            var account = await client.SendAsync(
                new(HttpMethod.Get, path, $"find {name}", "members: read (of the organization)"),
                ServiceJson.Default.ReviewerIdentity,
                cancellationToken);
            return new(path.StartsWith("users/", StringComparison.Ordinal) ? "User" : "Team", account.Id, name);
        }
        catch (GantryException error) when (error.Kind == ErrorKind.NotFound)
        {
            throw ProvisioningErrors.UnknownReviewer(name);
        }
    }

    private async Task<IReadOnlyList<KnownPattern>> ListPatternsAsync(string name, CancellationToken cancellationToken)
    {
        var patterns = await client.ListAsync(
            new(
                HttpMethod.Get, client.PathOf("environments", name, "deployment-branch-policies"),
                $"read the branches of the environment '{name}'", Right),
            ServiceJson.Default.PatternPage, page => page.BranchPolicies, PatternLimit, cancellationToken);
        return [.. patterns.OfType<PatternDocument>().Select(pattern =>
            new KnownPattern(pattern.Id, new BranchPattern(pattern.Name ?? "", pattern.Type == "tag")))];
    }
}
