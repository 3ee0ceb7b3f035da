namespace Gantry.Environments;

/// <summary>
/// Something that must hold before a release comes into an environment. A closed family of immutable records: what a gate asks for
/// is declared here once; who asks (Azure DevOps, a terminal, the registry) is decided where it is evaluated.
/// </summary>
public abstract record Gate
{
    /// <summary>The longest that Azure DevOps waits for a check or an approval.</summary>
    public static TimeSpan MaximumTimeout { get; } = TimeSpan.FromDays(30);

    private readonly TimeSpan? _timeout;

    private protected Gate()
    {
    }

    /// <summary>What a person reads where the gate is listed: <c>approval by [Contoso]\Release (2)</c>.</summary>
    public abstract string Description { get; }

    /// <summary>How long the gate may stay open before the promotion is given up: what Azure DevOps does when nothing is said.</summary>
    public TimeSpan Timeout
    {
        get => _timeout ?? DefaultTimeout;
        init => _timeout = value;
    }

    private protected virtual TimeSpan DefaultTimeout => TimeSpan.FromDays(1);

    /// <summary>This person or someone of this group has to approve. Azure DevOps counts a group as one: two approvals need two names.</summary>
    public static ApprovalGate Approval(string approver, int minimum = 1) => Approval([approver], minimum);

    /// <summary>Some of these people or groups have to approve.</summary>
    public static ApprovalGate Approval(IReadOnlyList<string> approvers, int minimum = 1) => new(approvers) { Minimum = minimum };

    /// <summary>The release must have been in the environment before for at least this long.</summary>
    public static SoakGate Soak(TimeSpan duration) => new(duration);

    /// <summary>Only builds of these branches may pass: <c>main</c>, <c>release/*</c>, <c>refs/tags/v*</c>.</summary>
    public static BranchControlGate OnlyBranches(params IReadOnlyList<string> branches) => new(branches);

    /// <summary>Only between these hours, Monday to Friday unless said otherwise.</summary>
    /// <param name="start">The first minute.</param>
    /// <param name="end">The last minute.</param>
    /// <param name="timeZone">The time zone by the name that Azure DevOps knows: <c>UTC</c>, <c>W. Europe Standard Time</c>.</param>
    public static BusinessHoursGate BusinessHours(TimeOnly start, TimeOnly end, string timeZone = "UTC") => new(start, end, timeZone);

    /// <summary>One promotion at a time.</summary>
    public static ExclusiveLockGate ExclusiveLock(LockBehavior behavior = LockBehavior.Sequential) => new(behavior);

    /// <summary>The pipeline must extend this template.</summary>
    /// <param name="repository">The repository that holds the template: <c>Project/templates</c>.</param>
    /// <param name="path">The template's path there.</param>
    /// <param name="reference">The branch or tag: <c>refs/heads/main</c>.</param>
    public static RequiredTemplateGate RequiredTemplate(string repository, string path, string reference = "refs/heads/main") => new(repository, path, reference);

    /// <summary>A REST service has to agree.</summary>
    public static RestCheckGate RestCheck(string name, string serviceConnection, string urlSuffix) => new(name, serviceConnection, urlSuffix);

    /// <summary>An Azure function has to agree.</summary>
    public static FunctionCheckGate FunctionCheck(string name, Uri function) => new(name, function);

    /// <summary>Azure Monitor must have no alert for this resource group.</summary>
    public static AzureMonitorAlertsGate NoAlerts(string serviceConnection, string resourceGroup) => new(serviceConnection, resourceGroup);

    /// <summary>A work item query must give a number of work items within bounds: none, unless said otherwise.</summary>
    public static WorkItemQueryGate WorkItems(Guid query, int maximum = 0) => new(query) { Maximum = maximum };

    /// <summary>The pipeline itself waits for a person: for those who may not administer environments.</summary>
    public static ManualValidationGate ManualValidation(string instructions, params IReadOnlyList<string> notify) => new(instructions, notify);

    /// <summary>Why this gate can never hold or cannot be asked anywhere; null when it is sound.</summary>
    private protected abstract string? Validate();

    internal void Check(PromotionEnvironment environment)
    {
        var fault = Timeout <= TimeSpan.Zero || Timeout > MaximumTimeout
            ? $"its timeout is {Timeout}, which is not between a moment and {MaximumTimeout.Days} days"
            : Validate();
        if (fault is not null)
            throw EnvironmentErrors.UnsoundGate(Description, environment.Name, fault);
    }
}
