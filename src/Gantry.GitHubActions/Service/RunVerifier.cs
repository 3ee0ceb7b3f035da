using System.Globalization;
using Gantry.Environments;

namespace Gantry.GitHubActions.Service;

/// <summary>
/// Asks GitHub about the run that a process claims to be part of. The variables of a runner are only text, which anyone can set.
/// </summary>
public sealed class RunVerifier(GitHubClient client)
{
    // A run deploys to an environment once: its deployment is among the newest ones of its commit.
    private const int DeploymentLimit = 30;

    /// <summary>The users and teams of GitHub for approvers of the declaration, as <see cref="WorkflowDeclaration.Approvers"/>.</summary>
    public IReadOnlyDictionary<string, string> Approvers { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Confirms a run. Throws <c>GAN9120</c> when GitHub does not know it, or when it is not in progress or another one than claimed;
    /// <c>GAN9121</c> when it does not deploy to the claimed environment now; and <c>GAN9103</c> to <c>GAN9109</c> when GitHub cannot be
    /// asked. An environment whose deployments the token may not read stays a claim.
    /// </summary>
    public async Task<VerifiedRun> VerifyAsync(ClaimedRun claim, CancellationToken cancellationToken)
    {
        var run = await FindRunAsync(claim, cancellationToken);
        if (FindContradiction(claim, run) is { } contradiction)
            throw RunErrors.NotConfirmed(claim, client.Repository, contradiction);

        var (verified, protection) = claim.Environment is { } environment
            ? (await DeploysToAsync(claim, environment, cancellationToken), await FindProtectionAsync(environment, cancellationToken))
            : (false, null);
        return new VerifiedRun
        {
            Id = claim.Id,
            Repository = client.Repository,
            Url = run.HtmlUrl,
            RequestedFor = run.TriggeringActor?.Login is { Length: > 0 } login ? login : null,
            Branch = await FindReferenceAsync(claim, run.HeadBranch, cancellationToken),
            Environment = claim.Environment,
            IsEnvironmentVerified = verified,
            Attempt = run.RunAttempt,
            Protection = protection,
            Approvers = Approvers,
        };
    }

    private async Task<RunDocument> FindRunAsync(ClaimedRun claim, CancellationToken cancellationToken)
    {
        if (!long.TryParse(claim.Id, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            throw RunErrors.NotConfirmed(claim, client.Repository, "its id is not a number");
        try
        {
            return await client.SendAsync(
                new(HttpMethod.Get, client.PathOf("actions", "runs", claim.Id), $"read the run {claim.Id}", "actions: read"),
                ServiceJson.Default.RunDocument,
                cancellationToken);
        }
        catch (GantryException error) when (error.Kind == ErrorKind.NotFound)
        {
            throw RunErrors.NotConfirmed(claim, client.Repository, "there is no such run");
        }
    }

    private static string? FindContradiction(ClaimedRun claim, RunDocument run)
    {
        if (run.Status != "in_progress")
            return "it is not in progress";
        if (claim.Commit is not null && !claim.Commit.Equals(run.HeadSha, StringComparison.OrdinalIgnoreCase))
            return "it is a run of another commit";

        // The workflow is claimed with its repository and reference: contoso/shop/.github/workflows/build.yml@refs/heads/main.
        return claim.Workflow is { } workflow && run.Path?.Split('@')[0] is var file && !IsFile(workflow, file)
            ? $"it is a run of the workflow {file ?? "that GitHub does not name"}"
            : null;
    }

    private static bool IsFile(string workflow, string? file) =>
        file is { Length: > 0 } && workflow.Split('@')[0].EndsWith("/" + file, StringComparison.Ordinal);

    // GitHub says the name of a branch and that of a tag in the same way. A name that both have is of neither.
    private async Task<string?> FindReferenceAsync(ClaimedRun claim, string? name, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(name) || claim.Reference is not { } reference)
            return null;
        var isTag = reference == "refs/tags/" + name;
        if (!isTag && reference != "refs/heads/" + name)
            return null;
        return await HasAsync("tags", name, cancellationToken) == isTag
            && (!isTag || await HasAsync("heads", name, cancellationToken) == false)
                ? reference
                : null;
    }

    // Returns null when the token may not see it.
    private async Task<bool?> HasAsync(string kind, string name, CancellationToken cancellationToken)
    {
        try
        {
            await client.SendAsync(
                new(HttpMethod.Get, client.PathOf(["git", "ref", kind, .. name.Split('/')]), $"find '{name}'", "contents: read"),
                cancellationToken);
            return true;
        }
        catch (GantryException error) when (error.Kind is ErrorKind.NotFound)
        {
            return false;
        }
        catch (GantryException error) when (error.Kind is ErrorKind.Unauthorized)
        {
            return null;
        }
    }

    private async Task<bool> DeploysToAsync(ClaimedRun claim, string environment, CancellationToken cancellationToken)
    {
        var purpose = $"read the deployments to '{environment}'";
        var query = $"?environment={Uri.EscapeDataString(environment)}"
            + (claim.Commit is { } commit ? $"&sha={Uri.EscapeDataString(commit)}" : "");
        try
        {
            var deployments = await client.ListAsync(
                new(HttpMethod.Get, client.PathOf("deployments") + query, purpose, "deployments: read"),
                ServiceJson.Default.IReadOnlyListDeploymentDocument, page => page, DeploymentLimit, cancellationToken);
            foreach (var deployment in deployments.OfType<DeploymentDocument>().Take(DeploymentLimit))
            {
                var id = deployment.Id.ToString(CultureInfo.InvariantCulture);
                var states = await client.SendAsync(
                    new(HttpMethod.Get, client.PathOf("deployments", id, "statuses"), purpose, "deployments: read"),
                    ServiceJson.Default.IReadOnlyListDeploymentStatusDocument,
                    cancellationToken);

                // The newest state comes first.
                if (states is [{ State: "in_progress" } state, ..] && IsOf(claim, state))
                    return true;
            }
        }
        catch (GantryException error) when (error.Kind is ErrorKind.Unauthorized or ErrorKind.NotFound)
        {
            return false;
        }

        throw RunErrors.NoDeployment(claim, client.Repository, environment);
    }

    private static bool IsOf(ClaimedRun claim, DeploymentStatusDocument state) => new[] { state.LogUrl, state.TargetUrl }.Any(url =>
        url?.Contains($"/actions/runs/{claim.Id}/", StringComparison.Ordinal) == true
        || url?.EndsWith($"/actions/runs/{claim.Id}", StringComparison.Ordinal) == true);

    // A workflow that names an environment which does not exist creates it, without any rule.
    private async Task<EnvironmentState?> FindProtectionAsync(string environment, CancellationToken cancellationToken)
    {
        try
        {
            return await new EnvironmentReader(client).FindAsync(environment, cancellationToken);
        }
        catch (GantryException error) when (error.Kind is ErrorKind.Unauthorized or ErrorKind.NotFound)
        {
            return null;
        }
    }
}
