using System.Globalization;
using System.Text.RegularExpressions;
using Gantry.AzurePipelines.Environments;
using Gantry.AzurePipelines.Service;

namespace Gantry.AzurePipelines.Provisioning;

/// <summary>Replaces names with the ids of an organization. Looks up every name once, and collects the errors.</summary>
internal sealed partial class NameResolver(AzureDevOpsClient client)
{
    private readonly Dictionary<string, string?> _ids = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<GantryException> _errors = [];

    /// <summary>The names of the resolved ids in the declaration.</summary>
    public IReadOnlyDictionary<string, string> Names => _names;

    /// <summary>The errors of all names that could not be resolved.</summary>
    public IReadOnlyList<GantryException> Errors => _errors;

    /// <summary>Returns a check with ids instead of all references, except the one to its environment.</summary>
    public async Task<CheckConfiguration> ResolveAsync(CheckConfiguration check, CancellationToken cancellationToken)
    {
        switch (check.Settings)
        {
            case ApprovalSettings approval:
                var approvers = new List<ObjectReference>();
                foreach (var approver in approval.Approvers)
                    approvers.Add(new(await ReferenceAsync(approver.Id, cancellationToken)));
                foreach (var same in approvers
                    .Zip(approval.Approvers)
                    .GroupBy(pair => pair.First.Id, StringComparer.OrdinalIgnoreCase)
                    .Where(same => same.Count() > 1))
                    _errors.Add(ProvisioningErrors.SameApprover(
                        check.Resource.Name, same.Select(pair => EnvironmentReferences.Parse(pair.Second.Id)?.Name ?? pair.Second.Id)));
                return check with { Settings = approval with { Approvers = approvers } };
            case TaskSettings task:
                var inputs = new OrderedDictionary<string, string>();
                foreach (var (name, value) in task.Inputs)
                    inputs.Add(name, await ReferenceAsync(value, cancellationToken));
                // The check contains the name of the group; its existence must be verified before anything is written.
                if (task.LinkedVariableGroup is { } group)
                    _ = await VariableGroupAsync(group, cancellationToken);
                return check with { Settings = task with { Inputs = inputs } };
            default:
                return check;
        }
    }

    /// <summary>Finds a service connection that a pipeline uses, or returns null when there is none with this name.</summary>
    public Task<ProtectedResource?> ServiceConnectionAsync(string name, CancellationToken cancellationToken) =>
        ResourceAsync("endpoint", name, cancellationToken);

    /// <summary>Finds a variable group that a pipeline uses, or returns null when there is none with this name.</summary>
    public Task<ProtectedResource?> VariableGroupAsync(string name, CancellationToken cancellationToken) =>
        ResourceAsync("variablegroup", name, cancellationToken);

    /// <summary>Finds a repository that a pipeline uses, or returns null when there is none with this name.</summary>
    public Task<ProtectedResource?> RepositoryAsync(string name, CancellationToken cancellationToken) =>
        ResourceAsync("repository", name, cancellationToken);

    private async Task<ProtectedResource?> ResourceAsync(string type, string name, CancellationToken cancellationToken) =>
        await IdAsync(type, name, cancellationToken) is { } id ? new ProtectedResource(type, id, name) : null;

    private async Task<string> ReferenceAsync(string text, CancellationToken cancellationToken) => EnvironmentReferences.Parse(text) switch
    {
        ("identity", var name) => await IdAsync("identity", name, cancellationToken) ?? text,
        ("serviceConnection", var name) => await IdAsync("endpoint", name, cancellationToken) ?? text,
        _ => text,
    };

    private async Task<string?> IdAsync(string type, string name, CancellationToken cancellationToken)
    {
        var key = $"{type}:{name}";
        if (_ids.TryGetValue(key, out var known))
            return known;

        var found = type switch
        {
            "identity" => await FindIdentityAsync(name, cancellationToken),
            "endpoint" => await FindServiceConnectionAsync(name, cancellationToken),
            "repository" => await FindRepositoryAsync(name, cancellationToken),
            _ => await FindVariableGroupAsync(name, cancellationToken),
        };
        if (found.Error is { } error)
            _errors.Add(error);
        if (type == "identity" && found.Id is { } identity)
            _names[identity] = name;
        return _ids[key] = found.Id;
    }

    private async Task<Resolution> FindServiceConnectionAsync(string name, CancellationToken cancellationToken)
    {
        var found = await client.FindServiceConnectionsAsync(name, cancellationToken);
        return found.FirstOrDefault(connection => Same(connection.Name, name)) is { } connection
            ? new(connection.Id)
            : new(ProvisioningErrors.UnknownServiceConnection(name, client.Project.Name));
    }

    private async Task<Resolution> FindVariableGroupAsync(string name, CancellationToken cancellationToken)
    {
        var found = await client.FindVariableGroupsAsync(name, cancellationToken);
        return found.FirstOrDefault(group => Same(group.Name, name)) is { } group
            ? new(group.Id.ToString(CultureInfo.InvariantCulture))
            : new(ProvisioningErrors.UnknownVariableGroup(name, client.Project.Name));
    }

    // The id of the resource is that of the project and that of the repository.
    private async Task<Resolution> FindRepositoryAsync(string name, CancellationToken cancellationToken)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var project = slash < 0 ? client.Project.Name : name[..slash];
        return await client.FindRepositoryAsync(project, name[(slash + 1)..], cancellationToken) is { } found
            ? new($"{found.Project.Id}.{found.Id}")
            : new(ProvisioningErrors.UnknownRepository(name, client.Project.Organization));
    }

    private async Task<Resolution> FindIdentityAsync(string name, CancellationToken cancellationToken)
    {
        // An id that does not exist is null in the response.
        var found = await ReadIdentitiesAsync(name, cancellationToken);
        var matching = found
            .Where(identity => identity is not null)
            .DistinctBy(identity => identity.Id, StringComparer.OrdinalIgnoreCase)
            .ToList();
        var active = matching.Where(identity => identity.IsActive != false).ToList();
        return active switch
        {
            [var only] => new(only.Id),
            [] when matching.Count > 0 => new(ProvisioningErrors.UnknownIdentity(name, "is no longer a member of the organization")),
            [] => new(ProvisioningErrors.UnknownIdentity(name, "is not known in the organization")),
            _ => new(ProvisioningErrors.AmbiguousIdentity(
                name, active.Select(identity => $"{identity.ProviderDisplayName} ({identity.SubjectDescriptor ?? identity.Id})"))),
        };
    }

    private Task<IReadOnlyList<IdentityDocument>> ReadIdentitiesAsync(string name, CancellationToken cancellationToken)
    {
        if (Guid.TryParse(name, out var id))
            return client.FindIdentitiesByIdAsync(id, cancellationToken);
        return Descriptor().IsMatch(name)
            ? client.FindIdentitiesByDescriptorAsync(name, cancellationToken)
            : SearchAsync(name, cancellationToken);
    }

    // The search also matches the beginning of a name; only exact matches count.
    private async Task<IReadOnlyList<IdentityDocument>> SearchAsync(string name, CancellationToken cancellationToken)
    {
        var scope = name.StartsWith('[') ? name.IndexOf(@"]\", StringComparison.Ordinal) : -1;
        if (scope > 0)
        {
            // The search uses the name of a group; its scope is only in the display name.
            var groups = (await client.FindIdentitiesAsync(name[(scope + 2)..], cancellationToken))
                .Where(identity => IsCalled(identity, name))
                .ToList();
            if (groups.Count > 0)
                return groups;
        }

        return [.. (await client.FindIdentitiesAsync(name, cancellationToken)).Where(identity => IsCalled(identity, name))];
    }

    private static bool IsCalled(IdentityDocument identity, string name) =>
        new[] { identity.ProviderDisplayName, identity.CustomDisplayName, Property(identity, "Account"), Property(identity, "Mail") }
            .Any(called => called is not null && Same(called, name));

    // {"Mail":{"$type":"System.String","$value":"user@contoso.com"}}
    private static string? Property(IdentityDocument identity, string name) => identity.Properties.Find(name)?.Find("$value")?.Text();

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(
        @"\A(?:vssgp|aadgp|aad|msa|svc|aadsp|win|ad|bnd|imp|uauth)\.[A-Za-z0-9_-]{8,}\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Descriptor();

    /// <summary>The id of a name, or why there is none.</summary>
    private sealed record Resolution(string? Id, GantryException? Error)
    {
        public Resolution(string id)
            : this(id, Error: null)
        {
        }

        public Resolution(GantryException error)
            : this(Id: null, error)
        {
        }
    }
}
