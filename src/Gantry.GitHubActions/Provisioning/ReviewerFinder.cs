using Gantry.GitHubActions.Service;

namespace Gantry.GitHubActions.Provisioning;

/// <summary>Finds users and teams, whose ids the API takes for reviewers.</summary>
internal sealed class ReviewerFinder(GitHubClient client)
{
    /// <summary>Finds a user or team by its name: <c>@anna</c>, <c>@contoso/qa</c>. Throws <c>GAN9111</c> when there is none.</summary>
    public async Task<Reviewer> FindAsync(string name, CancellationToken cancellationToken)
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
}
