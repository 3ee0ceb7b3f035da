using System.Text.Json.Serialization;

namespace Gantry.AzurePipelines.Environments;

/// <summary>A check of an environment, as the request body for the REST API of Azure DevOps.</summary>
/// <seealso href="https://learn.microsoft.com/rest/api/azure/devops/approvalsandchecks/check-configurations/add">
/// Check configurations, add
/// </seealso>
internal sealed record CheckConfiguration
{
    /// <summary>The type of the check.</summary>
    [JsonPropertyOrder(0)]
    public required CheckType Type { get; init; }

    /// <summary>The timeout in minutes; null for a check that decides at once.</summary>
    [JsonPropertyOrder(1)]
    public int? Timeout { get; init; }

    /// <summary>The resource that the check protects.</summary>
    [JsonPropertyOrder(2)]
    public required CheckedResource Resource { get; init; }

    /// <summary>The settings of this type of check.</summary>
    [JsonPropertyOrder(3)]
    public required CheckSettings Settings { get; init; }

    /// <summary>True when the check is disabled. Null to keep the state of an existing check, and to enable a new one.</summary>
    [JsonPropertyOrder(4)]
    public bool? IsDisabled { get; init; }
}

/// <summary>A type of check.</summary>
/// <param name="Id">The id, the same in every organization.</param>
/// <param name="Name">The name.</param>
internal sealed record CheckType(string Id, string Name)
{
    /// <summary>Approval by people.</summary>
    public static CheckType Approval { get; } = new("8c6f20a7-a545-4486-9777-f762fafe0d4d", "Approval");

    /// <summary>Decision by a task of the service.</summary>
    public static CheckType Task { get; } = new("fe1de3ee-a436-41b4-bb20-f6eb4cb879a7", "Task Check");

    /// <summary>Only one run at a time.</summary>
    public static CheckType ExclusiveLock { get; } = new("2ef31ad6-baa0-403a-8b45-2cbc9b4e5563", "ExclusiveLock");

    /// <summary>Requires that the pipeline extends a template.</summary>
    public static CheckType RequiredTemplate { get; } = new("4020e66e-b0f3-47e1-bc88-48f3cc59b5f3", "ExtendsCheck");
}

/// <summary>The resource that a check protects.</summary>
/// <param name="Type">Always <c>environment</c> here.</param>
/// <param name="Id">The id, or a reference until the id is known.</param>
/// <param name="Name">The name.</param>
internal sealed record CheckedResource(string Type, string Id, string Name);

/// <summary>The settings of a type of check.</summary>
[JsonDerivedType(typeof(ApprovalSettings))]
[JsonDerivedType(typeof(TaskSettings))]
[JsonDerivedType(typeof(ExclusiveLockSettings))]
[JsonDerivedType(typeof(RequiredTemplateSettings))]
internal abstract record CheckSettings;

/// <summary>The settings of an exclusive lock, which has none.</summary>
internal sealed record ExclusiveLockSettings : CheckSettings;

/// <summary>The settings of an approval.</summary>
internal sealed record ApprovalSettings : CheckSettings
{
    /// <summary>The approvers.</summary>
    [JsonPropertyOrder(0)]
    public required IReadOnlyList<ObjectReference> Approvers { get; init; }

    /// <summary><c>anyOrder</c> or <c>inSequence</c>.</summary>
    [JsonPropertyOrder(1)]
    public required string ExecutionOrder { get; init; }

    /// <summary>The required number of approvals.</summary>
    [JsonPropertyOrder(2)]
    public required int MinRequiredApprovers { get; init; }

    /// <summary>True when the person who started the run may not approve.</summary>
    [JsonPropertyOrder(3)]
    public required bool RequesterCannotBeApprover { get; init; }

    /// <summary>The instructions that approvers read.</summary>
    [JsonPropertyOrder(4)]
    public required string Instructions { get; init; }

    /// <summary>The users and groups that may never approve.</summary>
    [JsonPropertyOrder(5)]
    public required IReadOnlyList<ObjectReference> BlockedApprovers { get; init; }

    /// <summary>The definition of the check.</summary>
    [JsonPropertyOrder(6)]
    public required DefinitionReference DefinitionRef { get; init; }
}

/// <summary>The settings of a check by a task.</summary>
internal sealed record TaskSettings : CheckSettings
{
    /// <summary>The display name.</summary>
    [JsonPropertyOrder(0)]
    public required string DisplayName { get; init; }

    /// <summary>The task.</summary>
    [JsonPropertyOrder(1)]
    public required DefinitionReference DefinitionRef { get; init; }

    /// <summary>The inputs of the task.</summary>
    [JsonPropertyOrder(2)]
    public required IReadOnlyDictionary<string, string> Inputs { get; init; }

    /// <summary>The minutes after which the check is evaluated again; 0 for never.</summary>
    [JsonPropertyOrder(3)]
    public required int RetryInterval { get; init; }

    /// <summary>The variable group that the task may read.</summary>
    [JsonPropertyOrder(4)]
    public string? LinkedVariableGroup { get; init; }
}

/// <summary>The settings of a required template.</summary>
/// <param name="ExtendsChecks">The templates, one of which must be extended.</param>
internal sealed record RequiredTemplateSettings(IReadOnlyList<RequiredTemplateReference> ExtendsChecks) : CheckSettings;

/// <summary>A template that must be extended.</summary>
/// <param name="RepositoryType"><c>git</c>, <c>github</c> or <c>bitbucket</c>.</param>
/// <param name="RepositoryName">The repository.</param>
/// <param name="RepositoryRef">The full name of the branch or tag.</param>
/// <param name="TemplatePath">The path in the repository.</param>
internal sealed record RequiredTemplateReference(string RepositoryType, string RepositoryName, string RepositoryRef, string TemplatePath);

/// <summary>A reference to an object by its id.</summary>
/// <param name="Id">The id, or a reference until the id is known.</param>
internal sealed record ObjectReference(string Id);

/// <summary>The definition of a check or task.</summary>
/// <param name="Id">The id, the same in every organization.</param>
/// <param name="Name">The name; approvals have none.</param>
/// <param name="Version">The version; approvals have none.</param>
internal sealed record DefinitionReference(string Id, string? Name = null, string? Version = null);

/// <summary>The definitions behind checks, the same in every organization.</summary>
internal static class CheckDefinitions
{
    public static DefinitionReference Approval { get; } = new("26014962-64a0-49f4-885b-4b874119a5cc");

    public static DefinitionReference BranchControl { get; } =
        new("86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b", "evaluatebranchProtection", "0.0.1");

    public static DefinitionReference BusinessHours { get; } =
        new("445fde2f-6c39-441c-807f-8a59ff2e075f", "evaluateBusinessHours", "0.0.1");

    public static DefinitionReference RestCall { get; } = new("9c3e8943-130d-4c78-ac63-8af81df62dfb", "InvokeRESTAPI", "1.220.0");

    public static DefinitionReference FunctionCall { get; } = new("537fdb7a-a601-4537-aa70-92645a2b5ce4", "AzureFunction", "1.*");

    public static DefinitionReference Alerts { get; } = new("99a72e7f-25e4-4576-bf38-22a42b995ed8", "AzureMonitor", "1.157.2");

    public static DefinitionReference WorkItems { get; } = new("f1e4b0e6-017e-4819-8a48-ef19ae96e289", "queryWorkItems", "0.241.0");
}
