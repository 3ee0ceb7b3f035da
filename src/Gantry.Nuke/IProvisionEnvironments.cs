using Gantry.AzurePipelines.Provisioning;
using Serilog;

namespace Gantry.Nuke;

/// <summary>Brings the environments of Azure DevOps, their approvals and checks, and what the pipelines may use to what the build class declares.</summary>
public interface IProvisionEnvironments : IHazAzureDevOps
{
    /// <summary>Whether only the plan is shown.</summary>
    [Parameter("Shows what would change in Azure DevOps, and changes nothing")]
    bool DryRun => TryGetValue<bool?>(() => DryRun) ?? false;

    /// <summary>Whether what is no longer declared is removed.</summary>
    [Parameter("Removes checks and environments of Azure DevOps that are no longer declared")]
    bool Prune => TryGetValue<bool?>(() => Prune) ?? false;

    /// <summary>Why protection may get weaker.</summary>
    [Parameter("Why the protection of environments may get weaker; without a reason it may not")]
    string? WeakenChecks => TryGetValue(() => WeakenChecks);

    /// <summary>Reads what is there, prints the plan and applies exactly that. Does nothing the second time.</summary>
    Target ProvisionEnvironments => _ => _
        .Description("Brings environments, checks and permissions in Azure DevOps to what is declared")
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
                foreach (var line in ProvisioningText.Describe(plan))
                    Log.Information("{Line:l}", line);
                if (DryRun)
                {
                    Log.Information("Nothing was changed: this was a dry run");
                    continue;
                }

                plan.EnsureAllowed();
                if (plan.Weakenings.Count > 0)
                    Log.Warning("Protection gets weaker, because: {Reason:l}", plan.WeakenReason);
                await new Provisioner(client).ApplyAsync(plan, change => Log.Information("{Change:l}", ProvisioningText.Describe(change)), cancellationToken);
            }
        });
}
