using Gantry.AzurePipelines.Environments;
using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.Service;

namespace Gantry.AzurePipelines.Provisioning;

/// <summary>
/// Reads a project of Azure DevOps, and plans the changes that bring its environments to the declared state. Writes nothing.
/// </summary>
/// <param name="client">The project.</param>
public sealed class ProvisioningPlanner(AzureDevOpsClient client)
{
    private const StringComparison IgnoreCase = StringComparison.OrdinalIgnoreCase;

    /// <summary>
    /// Creates the plan. Errors of the declaration have their own codes; <c>GAN9050</c> to <c>GAN9054</c> and <c>GAN9058</c> when a name is
    /// unknown or ambiguous, <c>GAN9076</c> and <c>GAN9077</c> for repositories, <c>GAN9067</c> when two environments share one,
    /// <c>GAN9043</c> to <c>GAN9049</c> for errors of the service.
    /// </summary>
    public async Task<ProvisioningPlan> PlanAsync(ProvisioningRequest request, CancellationToken cancellationToken)
    {
        var declaration = request.Declaration;
        PipelineGenerator.Generate(declaration).EnsureValid();

        EnsureOneOrganization(declaration);
        var resolver = new NameResolver(client);
        var found = await client.ListEnvironmentsAsync(cancellationToken);
        var files = PipelineGenerator.Pipelines(declaration);
        var pipelines = await new PipelineLookup(client, request.Repository, request.Pipelines).FindAsync(
            [.. files.Select(file => file.Path)], cancellationToken);

        var environments = new List<EnvironmentPlan>();
        foreach (var environment in PipelineParts.Ordered(declaration))
            environments.Add(await PlanEnvironmentAsync(
                environment, Find(found, environment.AzureEnvironment), resolver, request.Prune, cancellationToken));

        var permissions = new PermissionPlanner(client, resolver, environments);
        foreach (var file in files)
            await permissions.AddAsync(file, pipelines[file.Path], cancellationToken);
        if (resolver.Errors.Count > 0)
            throw ProvisioningErrors.Combine(resolver.Errors);

        if (request.Prune)
            environments.AddRange(
                await PlanRemovalsAsync(found, environments, [.. pipelines.Values.OfType<DefinitionDocument>()], cancellationToken));
        return new ProvisioningPlan
        {
            Project = client.Project,
            Environments = environments,
            Permissions = permissions.Changes,
            Notes = permissions.Notes,
            WeakenReason = request.WeakenReason,
        };
    }

    // The pipeline finds a repository of another organization by its name in its own one, or not at all.
    private void EnsureOneOrganization(PipelineDeclaration declaration)
    {
        var ours = AzureReposRepository.OrganizationOf(client.Project.Organization);
        var other = GitOpsRepositories.Addresses(declaration).FirstOrDefault(found => found.Organization != ours);
        if (other is not null)
            throw ProvisioningErrors.OtherOrganization(other.FullName, other.Organization, ours);
    }

    private async Task<EnvironmentPlan> PlanEnvironmentAsync(
        PipelineEnvironment environment, EnvironmentDocument? found, NameResolver resolver, bool prune, CancellationToken cancellationToken)
    {
        var desired = DesiredEnvironment.Of(environment);
        var checks = new List<CheckConfiguration>();
        foreach (var check in desired.Checks)
            checks.Add(await resolver.ResolveAsync(check, cancellationToken));

        var foundChecks = found is null ? [] : await client.ListChecksAsync(found, cancellationToken);
        // A description that is not declared is kept.
        var body = environment.Description is null && !string.IsNullOrEmpty(found?.Description)
            ? desired.Environment with { Description = found.Description }
            : desired.Environment;
        IReadOnlyList<SettingChange> settings = found is null
            ? []
            : [.. CheckComparison.Changed("description", found.Description ?? "", body.Description, SettingEffect.Neutral)];
        var change = new PlannedChange
        {
            Kind = found is null ? ChangeKind.Create : settings.Count > 0 ? ChangeKind.Change : ChangeKind.Leave,
            Subject = $"environment '{body.Name}'",
            ShortSubject = $"environment '{body.Name}'",
            Settings = settings,
        };
        return new(change, CheckPlanner.Plan(body.Name, checks, foundChecks, resolver.Names, prune))
        {
            Found = found,
            Desired = body,
            FoundChecks = foundChecks,
        };
    }

    // An undeclared environment belonged to this repository when only its pipelines may use it.
    private async Task<IReadOnlyList<EnvironmentPlan>> PlanRemovalsAsync(
        IReadOnlyList<EnvironmentDocument> found, IReadOnlyList<EnvironmentPlan> declared, IReadOnlyList<DefinitionDocument> ours,
        CancellationToken cancellationToken)
    {
        var removals = new List<EnvironmentPlan>();
        foreach (var environment in found.Where(environment => !declared.Any(plan => plan.Found?.Id == environment.Id)))
        {
            var permissions = await client.ReadPermissionsAsync(ProtectedResource.Of(environment), cancellationToken);
            var users = (permissions.Pipelines ?? [])
                .OfType<PermissionDocument>()
                .Where(pipeline => pipeline.Authorized)
                .Select(pipeline => pipeline.Id)
                .ToList();
            if (permissions.AllPipelines?.Authorized == true
                || users.Count == 0
                || users.Any(user => !ours.Any(pipeline => pipeline.Id == user)))
                continue;

            var change = new PlannedChange
            {
                Kind = ChangeKind.Remove,
                Subject = $"environment '{environment.Name}'",
                ShortSubject = $"environment '{environment.Name}'",
                Note = "not declared, and no other pipeline may use it; its checks and the history of its deployments go with it",
            };
            removals.Add(new(change, []) { Found = environment, FoundPermissions = permissions });
        }

        return removals;
    }

    private static EnvironmentDocument? Find(IReadOnlyList<EnvironmentDocument> found, string name) =>
        found.FirstOrDefault(environment => environment.Name.Equals(name, IgnoreCase));
}
