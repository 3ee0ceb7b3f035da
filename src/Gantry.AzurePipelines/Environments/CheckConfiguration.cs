using System.Text.Json.Serialization;

namespace Gantry.AzurePipelines.Environments;

/// <summary>A check of an environment, as the body that the REST API of Azure DevOps is given.</summary>
/// <seealso href="https://learn.microsoft.com/rest/api/azure/devops/approvalsandchecks/check-configurations/add">Check configurations, add</seealso>
internal sealed record CheckConfiguration
{
    /// <summary>The type of the check.</summary>
    [JsonPropertyOrder(0)]
    public required CheckType Type { get; init; }

    /// <summary>How long it may stay open, in minutes; null: it decides at once.</summary>
    [JsonPropertyOrder(1)]
    public int? Timeout { get; init; }

    /// <summary>What is protected.</summary>
    [JsonPropertyOrder(2)]
    public required CheckedResource Resource { get; init; }

    /// <summary>What the type needs.</summary>
    [JsonPropertyOrder(3)]
    public required CheckSettings Settings { get; init; }

    /// <summary>Whether somebody has switched it off; null: as it is, and of a new one no.</summary>
    [JsonPropertyOrder(4)]
    public bool? IsDisabled { get; init; }
}

/// <summary>A type of checks.</summary>
/// <param name="Id">The id, the same in every organization.</param>
/// <param name="Name">The name.</param>
internal sealed record CheckType(string Id, string Name)
{
    /// <summary>People approve.</summary>
    public static CheckType Approval { get; } = new("8c6f20a7-a545-4486-9777-f762fafe0d4d", "Approval");

    /// <summary>A task of the service decides.</summary>
    public static CheckType Task { get; } = new("fe1de3ee-a436-41b4-bb20-f6eb4cb879a7", "Task Check");

    /// <summary>One at a time.</summary>
    public static CheckType ExclusiveLock { get; } = new("2ef31ad6-baa0-403a-8b45-2cbc9b4e5563", "ExclusiveLock");

    /// <summary>The pipeline extends a template.</summary>
    public static CheckType RequiredTemplate { get; } = new("4020e66e-b0f3-47e1-bc88-48f3cc59b5f3", "ExtendsCheck");
}

/// <summary>What a check protects.</summary>
/// <param name="Type">Always <c>environment</c> here.</param>
/// <param name="Id">The id, a reference until it is known.</param>
/// <param name="Name">The name.</param>
internal sealed record CheckedResource(string Type, string Id, string Name);

/// <summary>What a type of checks needs.</summary>
[JsonDerivedType(typeof(ApprovalSettings))]
[JsonDerivedType(typeof(TaskSettings))]
[JsonDerivedType(typeof(ExclusiveLockSettings))]
[JsonDerivedType(typeof(RequiredTemplateSettings))]
internal abstract record CheckSettings;

/// <summary>The settings of an exclusive lock: none.</summary>
internal sealed record ExclusiveLockSettings : CheckSettings;

/// <summary>The settings of an approval.</summary>
internal sealed record ApprovalSettings : CheckSettings
{
    /// <summary>Who approves.</summary>
    [JsonPropertyOrder(0)]
    public required IReadOnlyList<ObjectReference> Approvers { get; init; }

    /// <summary><c>anyOrder</c> or <c>inSequence</c>.</summary>
    [JsonPropertyOrder(1)]
    public required string ExecutionOrder { get; init; }

    /// <summary>How many approve.</summary>
    [JsonPropertyOrder(2)]
    public required int MinRequiredApprovers { get; init; }

    /// <summary>Whether who started the run is left out.</summary>
    [JsonPropertyOrder(3)]
    public required bool RequesterCannotBeApprover { get; init; }

    /// <summary>What approvers read.</summary>
    [JsonPropertyOrder(4)]
    public required string Instructions { get; init; }

    /// <summary>Who may never approve.</summary>
    [JsonPropertyOrder(5)]
    public required IReadOnlyList<ObjectReference> BlockedApprovers { get; init; }

    /// <summary>The definition of the check.</summary>
    [JsonPropertyOrder(6)]
    public required DefinitionReference DefinitionRef { get; init; }
}

/// <summary>The settings of a check by a task.</summary>
internal sealed record TaskSettings : CheckSettings
{
    /// <summary>What people see.</summary>
    [JsonPropertyOrder(0)]
    public required string DisplayName { get; init; }

    /// <summary>The task.</summary>
    [JsonPropertyOrder(1)]
    public required DefinitionReference DefinitionRef { get; init; }

    /// <summary>What the task is given.</summary>
    [JsonPropertyOrder(2)]
    public required IReadOnlyDictionary<string, string> Inputs { get; init; }

    /// <summary>After how many minutes it is asked again; 0: never.</summary>
    [JsonPropertyOrder(3)]
    public required int RetryInterval { get; init; }

    /// <summary>The variable group that the task may read.</summary>
    [JsonPropertyOrder(4)]
    public string? LinkedVariableGroup { get; init; }
}

/// <summary>The settings of a required template.</summary>
/// <param name="ExtendsChecks">The templates, one of which has to be extended.</param>
internal sealed record RequiredTemplateSettings(IReadOnlyList<RequiredTemplateReference> ExtendsChecks) : CheckSettings;

/// <summary>A template that has to be extended.</summary>
/// <param name="RepositoryType"><c>git</c>, <c>github</c> or <c>bitbucket</c>.</param>
/// <param name="RepositoryName">The repository.</param>
/// <param name="RepositoryRef">The branch or tag, in full.</param>
/// <param name="TemplatePath">The path in the repository.</param>
internal sealed record RequiredTemplateReference(string RepositoryType, string RepositoryName, string RepositoryRef, string TemplatePath);

/// <summary>Something by its id.</summary>
/// <param name="Id">The id, a reference until it is known.</param>
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

    public static DefinitionReference BranchControl { get; } = new("86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b", "evaluatebranchProtection", "0.0.1");

    public static DefinitionReference BusinessHours { get; } = new("445fde2f-6c39-441c-807f-8a59ff2e075f", "evaluateBusinessHours", "0.0.1");

    public static DefinitionReference RestCall { get; } = new("9c3e8943-130d-4c78-ac63-8af81df62dfb", "InvokeRESTAPI", "1.220.0");

    public static DefinitionReference FunctionCall { get; } = new("537fdb7a-a601-4537-aa70-92645a2b5ce4", "AzureFunction", "1.*");

    public static DefinitionReference Alerts { get; } = new("99a72e7f-25e4-4576-bf38-22a42b995ed8", "AzureMonitor", "1.157.2");

    public static DefinitionReference WorkItems { get; } = new("f1e4b0e6-017e-4819-8a48-ef19ae96e289", "queryWorkItems", "0.241.0");
}
