using System.Diagnostics;
using System.Linq.Expressions;
using System.Reflection;

namespace Nuke.Common.Execution;

public enum ExecutionStatus
{
    None,
    Scheduled,
    NotRun,
    Skipped,
    Succeeded,
    Failed,
    Running,
    Aborted,
    Collective
}

/// <summary>A target with what its definition says, and how it fares.</summary>
[DebuggerDisplay("{Name} ({Status})")]
public partial class ExecutableTarget
{
    internal TargetDefinition Definition { get; set; }
    internal Stopwatch Stopwatch { get; } = new();

    public MemberInfo Member { get; set; }
    public string Name { get; set; }
    public string Description { get; set; }
    public bool Listed { get; set; }
    public bool IsDefault { get; set; }
    public Delegate Factory { get; set; }
    public List<Action> Actions { get; internal set; } = [];

    public List<(string Text, Func<bool> Delegate)> DynamicConditions { get; internal set; } = [];
    public List<(string Text, Func<bool> Delegate)> StaticConditions { get; internal set; } = [];
    public List<LambdaExpression> DelegateRequirements { get; internal set; } = [];
    public DependencyBehavior DependencyBehavior { get; internal set; }
    public bool AssuredAfterFailure { get; internal set; }
    public bool ProceedAfterFailure { get; internal set; }

    public List<ExecutableTarget> ExecutionDependencies { get; } = [];
    public List<ExecutableTarget> OrderDependencies { get; } = [];
    public List<ExecutableTarget> TriggerDependencies { get; } = [];
    public List<ExecutableTarget> Triggers { get; } = [];
    public IReadOnlyCollection<ExecutableTarget> AllDependencies =>
        [.. ExecutionDependencies, .. OrderDependencies, .. TriggerDependencies];

    public List<string> ArtifactProducts { get; internal set; } = [];

    public bool Invoked { get; set; }
    public ExecutionStatus Status { get; set; }
    public TimeSpan Duration => Stopwatch.Elapsed;
    public Dictionary<string, string> SummaryInformation { get; internal set; } = [];

    /// <summary>Why the target was skipped, other than by a condition.</summary>
    public string Skipped
    {
        get => SummaryInformation.GetValueOrDefault(nameof(Skipped));
        set => Summarize(nameof(Skipped), value);
    }

    /// <summary>The condition that did not hold.</summary>
    public string OnlyWhen
    {
        get => SummaryInformation.GetValueOrDefault(nameof(OnlyWhen));
        set => Summarize(nameof(OnlyWhen), value);
    }

    private void Summarize(string key, string value)
    {
        if (value != null)
            SummaryInformation[key] = value;
    }
}
