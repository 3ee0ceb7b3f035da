using Gantry.AzurePipelines.Environments;
using Gantry.AzurePipelines.Service;

namespace Gantry.AzurePipelines.Provisioning;

/// <summary>The changes that bring the environments of a project to the declared state.</summary>
public sealed record ProvisioningPlan
{
    /// <summary>The project.</summary>
    public required AzureDevOpsProject Project { get; init; }

    /// <summary>The environments with their checks: the declared ones in order, then those to remove.</summary>
    internal IReadOnlyList<EnvironmentPlan> Environments { get; init; } = [];

    /// <summary>The permissions of pipelines.</summary>
    internal IReadOnlyList<PlannedChange> Permissions { get; init; } = [];

    /// <summary>Notes that do not change anything.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The reason for weakening the protection; null when it must not be weakened.</summary>
    public string? WeakenReason { get; init; }

    /// <summary>All changes in one list.</summary>
    public IEnumerable<PlannedChange> Changes =>
        Environments.SelectMany(environment => environment.Checks.Prepend(environment.Environment)).Concat(Permissions);

    /// <summary>True when everything is as declared.</summary>
    public bool ChangesNothing => Changes.All(change => change.Kind == ChangeKind.Leave);

    /// <summary>The changes that may weaken the protection.</summary>
    public IReadOnlyList<PlannedChange> Weakenings => [.. Changes.Where(change => change.Weakens)];

    /// <summary>Throws <c>GAN9056</c> when the plan weakens protection without a reason.</summary>
    public void EnsureAllowed()
    {
        if (Weakenings.Count > 0 && string.IsNullOrWhiteSpace(WeakenReason))
            throw ProvisioningErrors.Weakens(Weakenings);
    }
}

/// <summary>The plan of one environment.</summary>
/// <param name="Environment">The environment itself.</param>
/// <param name="Checks">Its checks.</param>
internal sealed record EnvironmentPlan(PlannedChange Environment, IReadOnlyList<PlannedChange> Checks)
{
    /// <summary>The existing environment; null when it must be created.</summary>
    internal EnvironmentDocument? Found { get; init; }

    /// <summary>The desired environment.</summary>
    internal EnvironmentBody? Desired { get; init; }

    /// <summary>The checks that existed when the plan was made.</summary>
    internal IReadOnlyList<CheckDocument> FoundChecks { get; init; } = [];

    /// <summary>The permissions of an environment to remove, when the plan was made.</summary>
    internal PermissionsDocument? FoundPermissions { get; init; }
}

/// <summary>A planned change of one object.</summary>
public record PlannedChange
{
    /// <summary>The kind of the change.</summary>
    public required ChangeKind Kind { get; init; }

    /// <summary>The object: <c>approval by [Contoso]\QA of the environment 'test'</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>The object without its environment: <c>approval by [Contoso]\QA</c>.</summary>
    public required string ShortSubject { get; init; }

    /// <summary>The settings that change.</summary>
    internal IReadOnlyList<SettingChange> Settings { get; init; } = [];

    /// <summary>A note, or null.</summary>
    public string? Note { get; init; }

    /// <summary>True when the change may weaken the protection.</summary>
    public bool Weakens => Kind == ChangeKind.Remove || Settings.Any(setting => setting.MayWeaken);
}

/// <summary>The kinds of changes.</summary>
public enum ChangeKind
{
    /// <summary>No change: the object is as declared, or is not managed here.</summary>
    Leave,

    /// <summary>The object is created.</summary>
    Create,

    /// <summary>Settings of the object are changed.</summary>
    Change,

    /// <summary>The object is removed.</summary>
    Remove,
}

/// <summary>A planned change of a check.</summary>
internal sealed record CheckChange : PlannedChange
{
    /// <summary>The desired check, with all ids except that of the environment; null when the check is removed or left unchanged.</summary>
    public CheckConfiguration? Desired { get; init; }

    /// <summary>The existing check; null when it is created.</summary>
    public CheckDocument? Found { get; init; }
}

/// <summary>A planned permission of a pipeline to use a resource.</summary>
internal sealed record PermissionChange : PlannedChange
{
    /// <summary>The resource. An environment that is still to be created has no id.</summary>
    public required ProtectedResource Resource { get; init; }

    /// <summary>The id of the pipeline.</summary>
    public required int Pipeline { get; init; }
}
