using System.Globalization;
using Gantry.AzurePipelines.Environments;
using Gantry.AzurePipelines.Service;

namespace Gantry.AzurePipelines.Provisioning;

/// <summary>Applies a plan to a project.</summary>
/// <remarks>
/// A new environment gets its checks before any pipeline may use it, stricter settings are applied before weaker ones, and removals come
/// last: when the application is interrupted, the protection is never weaker than both before and after. An interrupted plan is completed
/// by planning again.
/// </remarks>
/// <param name="client">The project.</param>
public sealed class Provisioner(AzureDevOpsClient client)
{
    /// <summary>
    /// Applies exactly the plan. Throws <c>GAN9056</c> when it weakens protection without a reason, and <c>GAN9057</c> when the project has
    /// changed since the plan was made; then nothing that has changed is touched.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="done">Called after every change.</param>
    /// <param name="cancellationToken">Cancels between two changes.</param>
    public async Task ApplyAsync(ProvisioningPlan plan, Action<PlannedChange> done, CancellationToken cancellationToken)
    {
        plan.EnsureAllowed();
        if (plan.ChangesNothing)
            return;

        await EnsureUnchangedAsync(plan, cancellationToken);
        var ids = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var environment in plan.Environments.Where(environment => environment.Desired is not null))
        {
            var id = ids[environment.Desired!.Name] = await ApplyAsync(environment, done, cancellationToken);
            foreach (var check in InSafeOrder(environment.Checks))
                await ApplyAsync(check, id, environment.Desired.Name, done, cancellationToken);
        }

        foreach (var permission in plan.Permissions.OfType<PermissionChange>().Where(permission => permission.Kind == ChangeKind.Create))
        {
            var resource = permission.Resource.Id.Length > 0
                ? permission.Resource
                : permission.Resource with { Id = Text(ids[permission.Resource.Name]) };
            await client.PermitAsync(resource, permission.Pipeline, cancellationToken);
            done(permission);
        }

        foreach (var environment in plan.Environments.Where(environment => environment.Environment.Kind == ChangeKind.Remove))
        {
            await client.DeleteEnvironmentAsync(environment.Found!, cancellationToken);
            done(environment.Environment);
        }
    }

    // Everything that the plan touches is read again before the first change.
    private async Task EnsureUnchangedAsync(ProvisioningPlan plan, CancellationToken cancellationToken)
    {
        var environments = await client.ListEnvironmentsAsync(cancellationToken);
        foreach (var planned in plan.Environments)
        {
            var now = environments.FirstOrDefault(environment => planned.Found is { } found
                ? environment.Id == found.Id
                : environment.Name.Equals(planned.Desired!.Name, StringComparison.OrdinalIgnoreCase));
            if (now != planned.Found)
                throw ProvisioningErrors.Changed(planned.Environment.Subject);
            if (planned.FoundPermissions is { } permissions
                && !Users(await client.ReadPermissionsAsync(ProtectedResource.Of(now!), cancellationToken)).SetEquals(Users(permissions)))
                throw ProvisioningErrors.Changed($"who may use the {planned.Environment.Subject}");
            if (now is null || planned.Checks.All(check => check.Kind == ChangeKind.Leave))
                continue;

            var checks = await client.ListChecksAsync(now, cancellationToken);
            if (!checks.Select(Fingerprint).ToHashSet().SetEquals(planned.FoundChecks.Select(Fingerprint)))
                throw ProvisioningErrors.Changed($"the checks of the {planned.Environment.Subject}");
        }
    }

    private async Task<int> ApplyAsync(EnvironmentPlan plan, Action<PlannedChange> done, CancellationToken cancellationToken)
    {
        var id = plan.Found?.Id;
        switch (plan.Environment.Kind)
        {
            case ChangeKind.Create:
                id = (await client.CreateEnvironmentAsync(plan.Desired!, cancellationToken)).Id;
                done(plan.Environment);
                break;
            case ChangeKind.Change:
                await client.ChangeEnvironmentAsync(id!.Value, plan.Desired! with { Name = plan.Found!.Name }, cancellationToken);
                done(plan.Environment);
                break;
        }

        return id!.Value;
    }

    private async Task ApplyAsync(
        CheckChange change, int environment, string name, Action<PlannedChange> done, CancellationToken cancellationToken)
    {
        var desired = change.Desired is { } check
            ? check with { Resource = new CheckedResource("environment", Text(environment), name) }
            : null;
        await (change.Kind switch
        {
            ChangeKind.Create => client.CreateCheckAsync(desired!, cancellationToken),
            ChangeKind.Change => client.ChangeCheckAsync(change.Found!.Id, desired!, cancellationToken),
            _ => client.DeleteCheckAsync(change.Found!.Id, name, cancellationToken),
        });
        done(change);
    }

    private static IEnumerable<CheckChange> InSafeOrder(IEnumerable<PlannedChange> checks) => checks
        .OfType<CheckChange>()
        .Where(check => check.Kind != ChangeKind.Leave)
        .OrderBy(check => check.Kind switch { ChangeKind.Create => 0, ChangeKind.Change => check.Weakens ? 2 : 1, _ => 3 });

    private static (int, int?, DateTimeOffset?, int?, bool?, string) Fingerprint(CheckDocument check) =>
        (check.Id, check.Version, check.ModifiedOn, check.Timeout, check.IsDisabled,
            check.Settings.ValueKind == System.Text.Json.JsonValueKind.Undefined ? "" : check.Settings.GetRawText());

    // The pipelines with permission; null represents all pipelines.
    private static HashSet<int?> Users(PermissionsDocument permissions) =>
        [
            .. (permissions.Pipelines ?? [])
                .OfType<PermissionDocument>()
                .Where(pipeline => pipeline.Authorized).Select(pipeline => pipeline.Id),
            .. permissions.AllPipelines?.Authorized == true ? (int?[])[null] : [],
        ];

    private static string Text(int id) => id.ToString(CultureInfo.InvariantCulture);
}
