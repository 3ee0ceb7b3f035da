using Gantry.AzurePipelines;
using Gantry.AzurePipelines.Provisioning;
using Gantry.AzurePipelines.Service;
using Gantry.GitHubActions;
using Gantry.GitHubActions.Provisioning;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Parameters;

namespace Gantry.Nuke;

/// <summary>
/// Creates and updates the environments of Azure DevOps, their approvals and checks, and the permissions of the pipelines, as the build
/// class declares them; and the environments of GitHub with their protection, for a class with <see cref="PromotionWorkflowAttribute"/>.
/// </summary>
public interface IProvisionEnvironments : IHazAzureDevOps, IHazGitHub, IHazDryRun
{
    /// <summary>True to remove checks and environments that are no longer declared.</summary>
    [Parameter("Removes checks and environments of Azure DevOps that are no longer declared")]
    bool Prune => TryGetValue<bool?>(() => Prune) ?? false;

    /// <summary>The reason for weakening the protection of environments.</summary>
    [Parameter("Reason for weakening the protection of environments; without it, they are not weakened")]
    string? WeakenChecks => TryGetValue(() => WeakenChecks).NullIfWhiteSpace();

    /// <summary>Reads the current state, prints the plan and applies exactly that plan. A second run changes nothing.</summary>
    Target ProvisionEnvironments => _ => _
        .Description("Changes environments, checks and permissions in Azure DevOps and GitHub to match the declaration")
        .Uses(new(
            nameof(AzureDevopsOrganization), nameof(AzureDevopsProject), nameof(AzureDevopsToken), nameof(AzureDevopsPipelines),
            nameof(GithubRepository), nameof(GithubToken), nameof(DryRun), nameof(Prune), nameof(WeakenChecks)))
        .ExecutesAsync(this, async cancellationToken =>
        {
            var workflow = WorkflowDeclarations.Find(this);
            if (workflow is not null)
                await ProvisionGitHubAsync(workflow, cancellationToken);
            if (workflow is not null && !HasPipelines)
                return;
            var declarations = DeclaredPipelines();
            using var client = OpenAzureDevOps();
            foreach (var declaration in declarations)
            {
                var request = new ProvisioningRequest
                {
                    Declaration = declaration,
                    Repository = RepositoryUrl,
                    Pipelines = AzureDevopsPipelines ?? [],
                    Prune = Prune,
                    WeakenReason = WeakenChecks,
                };
                var plan = await new ProvisioningPlanner(client).PlanAsync(request, cancellationToken);
                foreach (var line in ProvisioningFormatter.Format(plan))
                    BuildOutput.Information(line);
                if (Dry is { } dry)
                {
                    dry.Report(nameof(ProvisionEnvironments), !plan.ChangesNothing);
                    continue;
                }

                plan.EnsureAllowed();
                if (plan.Weakenings.Count > 0)
                    BuildOutput.Warning($"Protection gets weaker, because: {plan.WeakenReason}");
                await new Provisioner(client).ApplyAsync(
                    plan, change => BuildOutput.Information(ProvisioningFormatter.Format(change)), cancellationToken);
            }
        });

    private async Task ProvisionGitHubAsync(WorkflowDeclaration declaration, CancellationToken cancellationToken)
    {
        using var client = OpenGitHub();
        var provisioner = new EnvironmentProvisioner(client);
        var plan = await provisioner.PlanAsync(declaration, cancellationToken);
        foreach (var line in plan.Describe())
            BuildOutput.Information(line);
        if (Dry is { } dry)
        {
            dry.Report($"{nameof(ProvisionEnvironments)} in GitHub", !plan.ChangesNothing);
            return;
        }

        plan.EnsureAllowed(WeakenChecks);
        if (plan.Weakenings.Count > 0)
            BuildOutput.Warning($"Protection gets weaker, because: {WeakenChecks}");
        await provisioner.ApplyAsync(
            plan,
            WeakenChecks,
            change => BuildOutput.Information($"{(change.IsNew ? "Created" : "Updated")} the environment {change.Environment}"),
            cancellationToken);
    }
}
