using System.Globalization;
using System.Text.Json;
using Gantry.Environments;
using Gantry.GitHubActions.Environments;
using Gantry.GitHubActions.Service;

namespace Gantry.GitHubActions.Provisioning;

/// <summary>
/// Brings the environments of a repository to what is declared: reviewers, wait timers and branches. Environments that are not declared
/// stay, and so do secrets, variables and rules of apps.
/// </summary>
/// <seealso href="https://docs.github.com/rest/deployments/environments">GitHub REST API, deployment environments</seealso>
public sealed class EnvironmentProvisioner(GitHubClient client)
{
    private const string Right = "administration: write";

    private readonly EnvironmentReader _reader = new(client);
    private readonly ReviewerFinder _reviewers = new(client);

    /// <summary>
    /// Reads the environments and returns what would change. Throws <c>GAN8201</c> and <c>GAN8203</c> for gates that GitHub cannot hold,
    /// <c>GAN9111</c> for a reviewer that does not exist, and <c>GAN9103</c> to <c>GAN9109</c> when GitHub cannot be asked.
    /// </summary>
    public async Task<EnvironmentPlan> PlanAsync(WorkflowDeclaration declaration, CancellationToken cancellationToken)
    {
        var environments = EnvironmentSet.Create([.. declaration.Pipeline.Environments.Select(environment => environment.Environment)]);
        new AzurePipelines.GenerationResult([], [.. environments.SelectMany(environment => GateRules.Check(declaration, environment))])
            .EnsureValid();
        var changes = new List<EnvironmentChange>();
        foreach (var environment in environments)
        {
            var desired = EnvironmentProtection.Of(declaration, environment);
            var found = await _reader.FindAsync(desired.Name, cancellationToken);
            var named = new List<Reviewer>();
            foreach (var reviewer in desired.Reviewers)
                named.Add(await _reviewers.FindAsync(reviewer, cancellationToken));

            // Several approvers of a declaration may be one team of GitHub.
            var reviewers = named.DistinctBy(reviewer => (reviewer.Type, reviewer.Id)).ToList();
            var differences = EnvironmentComparison.Compare(found, desired, reviewers);
            if (found is null || differences.Count > 0)
                changes.Add(new(found, desired, reviewers, differences));
        }

        return new(changes);
    }

    /// <summary>
    /// Applies exactly a plan. Throws <c>GAN9110</c> when it weakens without a reason, and <c>GAN9112</c> when an environment changed since
    /// it was read.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="weakenReason">The reason for weaker protection; null for none.</param>
    /// <param name="done">Receives each change after it was applied.</param>
    /// <param name="cancellationToken">Cancels before the next change.</param>
    public async Task ApplyAsync(
        EnvironmentPlan plan, string? weakenReason, Action<EnvironmentChange> done, CancellationToken cancellationToken)
    {
        plan.EnsureAllowed(weakenReason);
        foreach (var change in plan.Changes)
        {
            var found = await _reader.FindAsync(change.Environment, cancellationToken);
            if (found is null ? change.Found is not null : change.Found?.Is(found) != true)
                throw ProvisioningErrors.Changed(change.Environment);
            await PutAsync(change, cancellationToken);
            await PutPatternsAsync(change, cancellationToken);
            done(change);
        }
    }

    private Task<byte[]> PutAsync(EnvironmentChange change, CancellationToken cancellationToken)
    {
        var desired = change.Desired;
        var body = new EnvironmentBody
        {
            WaitTimer = desired.WaitMinutes,
            PreventSelfReview = desired.PreventSelfReview,
            Reviewers = [.. change.Reviewers.Select(reviewer => new ReviewerBody(reviewer.Type, reviewer.Id))],
            DeploymentBranchPolicy = desired.ProtectedBranches || desired.Patterns.Count > 0
                ? new BranchPolicyDocument(desired.ProtectedBranches, CustomBranchPolicies: !desired.ProtectedBranches)
                : null,
        };
        return client.SendAsync(
            new(HttpMethod.Put, client.PathOf("environments", desired.Name), $"change the environment '{desired.Name}'", Right)
            {
                Body = JsonSerializer.SerializeToUtf8Bytes(body, ProvisioningJson.Default.EnvironmentBody),
            },
            cancellationToken);
    }

    // New patterns come first: without any, no branch could deploy, and nothing is ever open to all in between.
    private async Task PutPatternsAsync(EnvironmentChange change, CancellationToken cancellationToken)
    {
        var name = change.Environment;
        var purpose = $"change the branches of the environment '{name}'";
        var known = change.Found is { HasPatterns: true } found ? found.Patterns : [];
        foreach (var pattern in change.Desired.Patterns.Where(pattern => known.All(other => other.Pattern != pattern)))
            await AddPatternAsync(name, pattern, purpose, cancellationToken);
        if (change.Desired.Patterns.Count == 0)
            return;
        foreach (var pattern in known.Where(other => !change.Desired.Patterns.Contains(other.Pattern)))
        {
            var id = pattern.Id.ToString(CultureInfo.InvariantCulture);
            await client.SendAsync(
                new(HttpMethod.Delete, client.PathOf("environments", name, "deployment-branch-policies", id), purpose, Right),
                cancellationToken);
        }
    }

    // A request whose answer was lost is repeated: then the pattern is there.
    private Task<byte[]> AddPatternAsync(string environment, BranchPattern pattern, string purpose, CancellationToken cancellationToken)
    {
        var body = new PatternBody(pattern.Name, pattern.IsTag ? "tag" : "branch");
        var path = client.PathOf("environments", environment, "deployment-branch-policies");
        return client.SendAsync(
            new(HttpMethod.Post, path, purpose, Right)
            {
                Body = JsonSerializer.SerializeToUtf8Bytes(body, ProvisioningJson.Default.PatternBody),
                MayExist = true,
            },
            cancellationToken);
    }
}
