namespace Fallout.Common.Execution;

/// <summary>A target for those that only look at it. NUKE has no such interface.</summary>
public interface ITargetModel
{
    string Name { get; }
    string Description { get; }
    bool IsDefault { get; }
    bool Listed { get; }
    ExecutionStatus Status { get; }
    IReadOnlyCollection<string> ExecutionDependencyNames { get; }
    IReadOnlyCollection<string> OrderDependencyNames { get; }
    IReadOnlyCollection<string> TriggerNames { get; }
}

public partial class ExecutableTarget : ITargetModel
{
    IReadOnlyCollection<string> ITargetModel.ExecutionDependencyNames => NamesOf(ExecutionDependencies);
    IReadOnlyCollection<string> ITargetModel.OrderDependencyNames => NamesOf(OrderDependencies);
    IReadOnlyCollection<string> ITargetModel.TriggerNames => NamesOf(Triggers);

    private static List<string> NamesOf(List<ExecutableTarget> targets) => targets.ConvertAll(x => x.Name);
}
