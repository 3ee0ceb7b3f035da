using Gantry.AzurePipelines.Environments;
using Gantry.AzurePipelines.Service;

namespace Gantry.AzurePipelines.Provisioning;

/// <summary>What has to change in a project so that its environments are as declared.</summary>
public sealed record ProvisioningPlan
{
    /// <summary>The project.</summary>
    public required AzureDevOpsProject Project { get; init; }

    /// <summary>The environments with their checks: those that are declared in their order, then those to remove.</summary>
    internal IReadOnlyList<EnvironmentPlan> Environments { get; init; } = [];

    /// <summary>Which pipelines may use what.</summary>
    internal IReadOnlyList<PlannedChange> Permissions { get; init; } = [];

    /// <summary>What should be known and changes nothing.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Why protection may get weaker; null: it may not.</summary>
    public string? WeakenReason { get; init; }

    /// <summary>Everything in one list.</summary>
    public IEnumerable<PlannedChange> Changes => Environments.SelectMany(environment => environment.Checks.Prepend(environment.Environment)).Concat(Permissions);

    /// <summary>Whether all is as declared.</summary>
    public bool ChangesNothing => Changes.All(change => change.Kind == ChangeKind.Leave);

    /// <summary>The changes after which less may be protected.</summary>
    public IReadOnlyList<PlannedChange> Weakenings => [.. Changes.Where(change => change.Weakens)];

    /// <summary>Ends with <c>GAN9056</c> when protection would get weaker and nobody said why.</summary>
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
    /// <summary>What is there; null: it has to be created.</summary>
    internal EnvironmentDocument? Found { get; init; }

    /// <summary>What it is to be.</summary>
    internal EnvironmentBody? Desired { get; init; }

    /// <summary>The checks that were there when the plan was made.</summary>
    internal IReadOnlyList<CheckDocument> FoundChecks { get; init; } = [];

    /// <summary>Of an environment to remove: who might use it when the plan was made.</summary>
    internal PermissionsDocument? FoundPermissions { get; init; }
}

/// <summary>What becomes of one thing.</summary>
public record PlannedChange
{
    /// <summary>What happens.</summary>
    public required ChangeKind Kind { get; init; }

    /// <summary>What it is: <c>approval by [Contoso]\QA of the environment 'test'</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>What it is within its environment: <c>approval by [Contoso]\QA</c>.</summary>
    public required string ShortSubject { get; init; }

    /// <summary>The settings that change.</summary>
    internal IReadOnlyList<SettingChange> Settings { get; init; } = [];

    /// <summary>What else should be known; null: nothing.</summary>
    public string? Note { get; init; }

    /// <summary>Whether less may be protected afterwards.</summary>
    public bool Weakens => Kind == ChangeKind.Remove || Settings.Any(setting => setting.MayWeaken);
}

/// <summary>What happens to something.</summary>
public enum ChangeKind
{
    /// <summary>It is as declared, or not ours.</summary>
    Leave,

    /// <summary>It is made.</summary>
    Create,

    /// <summary>Settings of it change.</summary>
    Change,

    /// <summary>It is removed.</summary>
    Remove,
}

/// <summary>What becomes of a check.</summary>
internal sealed record CheckChange : PlannedChange
{
    /// <summary>What it is to be, with the ids of everything but the environment; null: it is removed or left.</summary>
    public CheckConfiguration? Desired { get; init; }

    /// <summary>What is there; null: it is made.</summary>
    public CheckDocument? Found { get; init; }
}

/// <summary>That a pipeline may use something.</summary>
internal sealed record PermissionChange : PlannedChange
{
    /// <summary>What it uses. An environment that is yet to be created has no id.</summary>
    public required ProtectedResource Resource { get; init; }

    /// <summary>The id of the pipeline.</summary>
    public required int Pipeline { get; init; }
}
