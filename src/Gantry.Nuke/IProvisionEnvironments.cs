using Gantry.AzurePipelines;
using Gantry.AzurePipelines.Provisioning;
using Gantry.AzurePipelines.Service;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Parameters;

namespace Gantry.Nuke;

/// <summary>
/// Creates and updates the environments of Azure DevOps, their approvals and checks, and the permissions of the pipelines, as the build
/// class declares them.
/// </summary>
public interface IProvisionEnvironments : IHazAzureDevOps, IHazDryRun
{
    /// <summary>True to remove checks and environments that are no longer declared.</summary>
    [Parameter("Removes checks and environments of Azure DevOps that are no longer declared")]
    bool Prune => TryGetValue<bool?>(() => Prune) ?? false;

    /// <summary>The reason for weakening the protection of environments.</summary>
    [Parameter("Reason for weakening the protection of environments; without it, they are not weakened")]
    string? WeakenChecks => TryGetValue(() => WeakenChecks).NullIfWhiteSpace();

    /// <summary>Reads the current state, prints the plan and applies exactly that plan. A second run changes nothing.</summary>
    Target ProvisionEnvironments => _ => _
        .Description("Brings environments, checks and permissions in Azure DevOps to what is declared")
        .Uses(new(
            nameof(AzureDevopsOrganization), nameof(AzureDevopsProject), nameof(AzureDevopsToken), nameof(AzureDevopsPipelines),
            nameof(DryRun), nameof(Prune), nameof(WeakenChecks)))
        .ExecutesAsync(this, async cancellationToken =>
        {
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
}
