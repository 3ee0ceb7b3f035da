using System.Globalization;
using System.Text.RegularExpressions;
using Gantry.AzurePipelines.Environments;
using Gantry.AzurePipelines.Service;

namespace Gantry.AzurePipelines.Provisioning;

/// <summary>Puts the ids of an organization in place of names. Asks for every name once, and gathers what is wrong.</summary>
internal sealed partial class NameResolver(AzureDevOpsClient client)
{
    private readonly Dictionary<string, string?> _ids = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<GantryException> _errors = [];

    /// <summary>What the resolved ids are called in the declaration.</summary>
    public IReadOnlyDictionary<string, string> Names => _names;

    /// <summary>Every name that could not be resolved.</summary>
    public IReadOnlyList<GantryException> Errors => _errors;

    /// <summary>A check with ids in place of all references but the one to its environment.</summary>
    public async Task<CheckConfiguration> ResolveAsync(CheckConfiguration check, CancellationToken cancellationToken)
    {
        switch (check.Settings)
        {
            case ApprovalSettings approval:
                var approvers = new List<ObjectReference>();
                foreach (var approver in approval.Approvers)
                    approvers.Add(new(await ReferenceAsync(approver.Id, cancellationToken)));
                foreach (var same in approvers.Zip(approval.Approvers).GroupBy(pair => pair.First.Id, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1))
                    _errors.Add(ProvisioningErrors.SameApprover(check.Resource.Name, same.Select(pair => EnvironmentReferences.Parse(pair.Second.Id)?.Name ?? pair.Second.Id)));
                return check with { Settings = approval with { Approvers = approvers } };
            case TaskSettings task:
                var inputs = new OrderedDictionary<string, string>();
                foreach (var (name, value) in task.Inputs)
                    inputs.Add(name, await ReferenceAsync(value, cancellationToken));
                // The check names the group itself; that there is one has to be known before anything is written.
                if (task.LinkedVariableGroup is { } group)
                    _ = await VariableGroupAsync(group, cancellationToken);
                return check with { Settings = task with { Inputs = inputs } };
            default:
                return check;
        }
    }

    /// <summary>A service connection that a pipeline uses, or null when there is none of the name.</summary>
    public Task<ProtectedResource?> ServiceConnectionAsync(string name, CancellationToken cancellationToken) =>
        ResourceAsync("endpoint", name, cancellationToken);

    /// <summary>A variable group that a pipeline uses, or null when there is none of the name.</summary>
    public Task<ProtectedResource?> VariableGroupAsync(string name, CancellationToken cancellationToken) =>
        ResourceAsync("variablegroup", name, cancellationToken);

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

        string? id = null;
        try
        {
            id = type switch
            {
                "identity" => await IdentityAsync(name, cancellationToken),
                "endpoint" => (await client.FindServiceConnectionsAsync(name, cancellationToken)).FirstOrDefault(found => Same(found.Name, name))?.Id
                    ?? throw ProvisioningErrors.UnknownServiceConnection(name, client.Project.Name),
                _ => (await client.FindVariableGroupsAsync(name, cancellationToken)).FirstOrDefault(found => Same(found.Name, name))?.Id.ToString(CultureInfo.InvariantCulture)
                    ?? throw ProvisioningErrors.UnknownVariableGroup(name, client.Project.Name),
            };
            if (type == "identity")
                _names[id] = name;
        }
        catch (GantryException error) when (error.Code is "GAN9050" or "GAN9051" or "GAN9052")
        {
            _errors.Add(error);
        }

        _ids[key] = id;
        return id;
    }

    private async Task<string> IdentityAsync(string name, CancellationToken cancellationToken)
    {
        var found = Guid.TryParse(name, out var guid) ? await client.FindIdentitiesByIdAsync(guid, cancellationToken)
            : Descriptor().IsMatch(name) ? await client.FindIdentitiesByDescriptorAsync(name, cancellationToken)
            : await SearchAsync(name, cancellationToken);
        // What is asked for by id and not there is answered with null in its place.
        var matching = found.Where(identity => identity is not null).DistinctBy(identity => identity.Id, StringComparer.OrdinalIgnoreCase).ToList();
        var active = matching.Where(identity => identity.IsActive != false).ToList();
        return active switch
        {
            [var only] => only.Id,
            [] when matching.Count > 0 => throw ProvisioningErrors.UnknownIdentity(name, "is no longer a member of the organization"),
            [] => throw ProvisioningErrors.UnknownIdentity(name, "is nobody that the organization knows"),
            _ => throw ProvisioningErrors.AmbiguousIdentity(name, active.Select(identity => $"{identity.ProviderDisplayName} ({identity.SubjectDescriptor ?? identity.Id})")),
        };
    }

    // Searching finds by the beginning of a name, too: only what is called exactly so is meant.
    private async Task<IReadOnlyList<IdentityDocument>> SearchAsync(string name, CancellationToken cancellationToken)
    {
        var scope = name.StartsWith('[') ? name.IndexOf(@"]\", StringComparison.Ordinal) : -1;
        if (scope > 0)
        {
            // The search knows the name of a group; its scope only stands in what is displayed.
            var groups = (await client.FindIdentitiesAsync(name[(scope + 2)..], cancellationToken)).Where(identity => IsCalled(identity, name)).ToList();
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

    [GeneratedRegex(@"\A(?:vssgp|aadgp|aad|msa|svc|aadsp|win|ad|bnd|imp|uauth)\.[A-Za-z0-9_-]{8,}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Descriptor();
}
