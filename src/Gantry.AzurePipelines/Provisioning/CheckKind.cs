using Gantry.AzurePipelines.Environments;

namespace Gantry.AzurePipelines.Provisioning;

/// <summary>The kinds of checks that a declaration can have. All other checks are left unchanged.</summary>
internal enum CheckKind
{
    Approval,
    BranchControl,
    BusinessHours,
    ExclusiveLock,
    RequiredTemplate,
    RestCall,
    FunctionCall,
    Alerts,
    WorkItems,
}

/// <summary>Determines kinds of checks by their ids.</summary>
internal static class CheckKinds
{
    private static readonly Dictionary<string, CheckKind> Tasks = new(StringComparer.OrdinalIgnoreCase)
    {
        [CheckDefinitions.BranchControl.Id] = CheckKind.BranchControl,
        [CheckDefinitions.BusinessHours.Id] = CheckKind.BusinessHours,
        [CheckDefinitions.RestCall.Id] = CheckKind.RestCall,
        [CheckDefinitions.FunctionCall.Id] = CheckKind.FunctionCall,
        [CheckDefinitions.Alerts.Id] = CheckKind.Alerts,
        [CheckDefinitions.WorkItems.Id] = CheckKind.WorkItems,
    };

    /// <summary>Returns the kind, or null for a check that a declaration cannot have.</summary>
    /// <param name="type">The id of the type.</param>
    /// <param name="definition">The id of the definition; approvals that were created elsewhere may have none.</param>
    public static CheckKind? Find(string type, string? definition)
    {
        if (Same(type, CheckType.ExclusiveLock.Id))
            return CheckKind.ExclusiveLock;
        if (Same(type, CheckType.RequiredTemplate.Id))
            return CheckKind.RequiredTemplate;
        if (Same(type, CheckType.Approval.Id))
            return definition is null || Same(definition, CheckDefinitions.Approval.Id) ? CheckKind.Approval : null;
        return Same(type, CheckType.Task.Id) && definition is not null && Tasks.TryGetValue(definition, out var kind) ? kind : null;
    }

    /// <summary>True for kinds of which an environment can have several that differ only in their names.</summary>
    public static bool IsKnownByName(CheckKind? kind) => kind is CheckKind.RestCall or CheckKind.FunctionCall or CheckKind.Alerts;

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
