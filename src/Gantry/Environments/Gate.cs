namespace Gantry.Environments;

/// <summary>
/// A condition for the promotion of a release to an environment. An immutable record that declares the condition; where the promotion runs
/// decides who evaluates it: Azure DevOps, a terminal, the registry.
/// </summary>
public abstract record Gate
{
    /// <summary>The maximum time that Azure DevOps waits for a check or an approval.</summary>
    public static TimeSpan MaximumTimeout { get; } = TimeSpan.FromDays(30);

    private readonly TimeSpan? _timeout;

    private protected Gate()
    {
    }

    /// <summary>The description that people see where the gate is listed: <c>approval by [Contoso]\Release (2)</c>.</summary>
    public abstract string Description { get; }

    /// <summary>The time that the gate may stay open before the promotion is cancelled. By default the same as in Azure DevOps.</summary>
    public TimeSpan Timeout
    {
        get => _timeout ?? DefaultTimeout;
        init => _timeout = value;
    }

    private protected virtual TimeSpan DefaultTimeout => TimeSpan.FromDays(1);

    /// <summary>
    /// Requires the approval of this person, or of a member of this group. Azure DevOps counts a group as one approval: two approvals need
    /// two names.
    /// </summary>
    public static ApprovalGate Approval(string approver, int minimum = 1) => Approval([approver], minimum);

    /// <summary>Requires the approval of some of these people or groups.</summary>
    public static ApprovalGate Approval(IReadOnlyList<string> approvers, int minimum = 1) => new(approvers) { Minimum = minimum };

    /// <summary>Requires the release to have been in the previous environment for at least this long.</summary>
    public static SoakGate Soak(TimeSpan duration) => new(duration);

    /// <summary>Allows builds of these branches only: <c>main</c>, <c>release/*</c>, <c>refs/tags/v*</c>.</summary>
    public static BranchControlGate OnlyBranches(params IReadOnlyList<string> branches) => new(branches);

    /// <summary>Allows promotions between these hours only, Monday to Friday by default.</summary>
    /// <param name="start">The first minute of the day.</param>
    /// <param name="end">The last minute of the day.</param>
    /// <param name="timeZone">The time zone, by its name in Azure DevOps: <c>UTC</c>, <c>W. Europe Standard Time</c>.</param>
    public static BusinessHoursGate BusinessHours(TimeOnly start, TimeOnly end, string timeZone = "UTC") => new(start, end, timeZone);

    /// <summary>Allows one promotion at a time.</summary>
    public static ExclusiveLockGate ExclusiveLock(LockBehavior behavior = LockBehavior.Sequential) => new(behavior);

    /// <summary>Requires the pipeline to extend this template.</summary>
    /// <param name="repository">The repository that holds the template: <c>Project/templates</c>.</param>
    /// <param name="path">The template's path there.</param>
    /// <param name="reference">The branch or tag: <c>refs/heads/main</c>.</param>
    public static RequiredTemplateGate RequiredTemplate(string repository, string path, string reference = "refs/heads/main") => new(repository, path, reference);

    /// <summary>Requires a REST service to agree.</summary>
    public static RestCheckGate RestCheck(string name, string serviceConnection, string urlSuffix) => new(name, serviceConnection, urlSuffix);

    /// <summary>Requires an Azure function to agree.</summary>
    public static FunctionCheckGate FunctionCheck(string name, Uri function) => new(name, function);

    /// <summary>Requires that Azure Monitor has no alerts for this resource group.</summary>
    public static AzureMonitorAlertsGate NoAlerts(string serviceConnection, string resourceGroup) => new(serviceConnection, resourceGroup);

    /// <summary>Requires the number of results of a work item query to be within bounds; by default there must be none.</summary>
    public static WorkItemQueryGate WorkItems(Guid query, int maximum = 0) => new(query) { Maximum = maximum };

    /// <summary>Makes the pipeline itself wait for a person: for teams that may not administer environments.</summary>
    public static ManualValidationGate ManualValidation(string instructions, params IReadOnlyList<string> notify) => new(instructions, notify);

    /// <summary>Returns the reason why this gate can never hold or cannot be evaluated; null when the declaration is valid.</summary>
    private protected abstract string? Validate();

    internal void Check(PromotionEnvironment environment)
    {
        var fault = Timeout <= TimeSpan.Zero || Timeout > MaximumTimeout
            ? $"its timeout is {Timeout}, which is not between zero and {MaximumTimeout.Days} days"
            : Validate();
        if (fault is not null)
            throw EnvironmentErrors.UnsoundGate(Description, environment.Name, fault);
    }
}
