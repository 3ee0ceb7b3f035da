using Gantry.GitHubActions.Environments;

namespace Gantry.GitHubActions.Service;

/// <summary>Reads environments of GitHub.</summary>
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
