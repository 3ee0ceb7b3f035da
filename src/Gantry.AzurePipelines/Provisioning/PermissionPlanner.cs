using System.Globalization;
using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.Service;

namespace Gantry.AzurePipelines.Provisioning;

/// <summary>Plans the permissions of pipelines. Nothing is ever opened to all pipelines.</summary>
internal sealed class PermissionPlanner(AzureDevOpsClient client, NameResolver resolver, IReadOnlyList<EnvironmentPlan> environments)
{
    private readonly Dictionary<ProtectedResource, PermissionsDocument?> _permissions = [];
    private readonly List<PermissionChange> _changes = [];
    private readonly List<string> _notes = [];

    public IReadOnlyList<PermissionChange> Changes => _changes;

    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Adds the resources that a pipeline uses.</summary>
    public async Task AddAsync(PipelineFile file, DefinitionDocument? pipeline, CancellationToken cancellationToken)
    {
        // Names are checked even when there is no pipeline.
        var resources = await ResourcesAsync(PipelineUses.Of(file.Pipeline), cancellationToken);
        if (pipeline is null)
        {
            _notes.Add($"no pipeline runs {file.Path} yet: create it from that file, and run this again to permit what it needs");
            return;
        }

        foreach (var resource in resources)
        {
            var permissions = await ReadAsync(resource, cancellationToken);
            var isOpen = permissions?.AllPipelines?.Authorized == true;
            var isPermitted = permissions?.Pipelines?.Any(permitted => permitted?.Id == pipeline.Id && permitted.Authorized) == true;
            var subject = $"pipeline {PipelineLookup.Describe(pipeline)} may use {resource}";
            _changes.Add(new PermissionChange
            {
                Kind = isOpen || isPermitted ? ChangeKind.Leave : ChangeKind.Create,
                Subject = subject,
                ShortSubject = subject,
                Resource = resource,
                Pipeline = pipeline.Id,
            });
        }
    }

    private async Task<IReadOnlyList<ProtectedResource>> ResourcesAsync(PipelineUses uses, CancellationToken cancellationToken)
    {
        var resources = new List<ProtectedResource>();
        foreach (var name in uses.Environments)
        {
            // A job of a team's own may deploy to an environment of which nothing is declared.
            var declared = environments.FirstOrDefault(plan =>
                plan.Desired?.Name.Equals(name, StringComparison.OrdinalIgnoreCase) == true);
            if (declared is not null)
                resources.Add(new("environment", declared.Found?.Id.ToString(CultureInfo.InvariantCulture) ?? "", name));
            else
                _notes.Add(
                    $"the environment '{name}' of a job of your own is not declared: create it with its checks, and permit it by hand");
        }

        foreach (var name in uses.ServiceConnections)
        {
            if (await resolver.ServiceConnectionAsync(name, cancellationToken) is { } connection)
                resources.Add(connection);
        }

        foreach (var name in uses.VariableGroups)
        {
            if (await resolver.VariableGroupAsync(name, cancellationToken) is { } group)
                resources.Add(group);
        }

        foreach (var name in uses.Repositories)
        {
            if (await resolver.RepositoryAsync(name, cancellationToken) is { } repository)
                resources.Add(repository);
        }

        return resources;
    }

    // Null for an environment that is still to be created.
    private async Task<PermissionsDocument?> ReadAsync(ProtectedResource resource, CancellationToken cancellationToken)
    {
        if (_permissions.TryGetValue(resource, out var known))
            return known;

        var permissions = resource.Id.Length == 0 ? null : await client.ReadPermissionsAsync(resource, cancellationToken);
        if (permissions?.AllPipelines?.Authorized == true)
            _notes.Add(
                $"{resource} is open to all pipelines of the project, and remains so: close it on its page when this is not intended");
        return _permissions[resource] = permissions;
    }
}
