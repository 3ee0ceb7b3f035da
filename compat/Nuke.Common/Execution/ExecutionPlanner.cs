using Nuke.Common.Utilities;

namespace Nuke.Common.Execution;

/// <summary>Which targets are executed for the ones that are asked for, and in which order.</summary>
internal static class ExecutionPlanner
{
    /// <param name="targets">All targets, in the order of their definition.</param>
    /// <param name="names">What is asked for; nothing for the default targets.</param>
    public static IReadOnlyList<ExecutableTarget> GetExecutionPlan(
        IReadOnlyCollection<ExecutableTarget> targets, IReadOnlyCollection<string> names)
    {
        var wanted = names?.Select(x => Find(x, targets)).ToHashSet() ?? targets.Where(x => x.IsDefault).ToHashSet();
        if (names != null)
        {
            foreach (var target in wanted)
                target.Invoked = true;
        }

        var order = GetOrder(targets);
        var scheduled = WithDependencies(wanted);
        // What a scheduled target triggers is executed too, with all that it depends on and triggers itself.
        while (scheduled.SelectMany(x => x.Triggers).Except(scheduled).ToList() is { Count: > 0 } triggered)
            scheduled = WithDependencies(scheduled.Concat(triggered));

        var plan = order.Where(scheduled.Contains).ToList();
        plan.ForEach(x => x.Status = ExecutionStatus.Scheduled);
        return plan;
    }

    private static HashSet<ExecutableTarget> WithDependencies(IEnumerable<ExecutableTarget> targets)
    {
        var all = new HashSet<ExecutableTarget>();
        var pending = new Stack<ExecutableTarget>(targets);
        while (pending.TryPop(out var target))
        {
            if (!all.Add(target))
                continue;
            foreach (var dependency in target.ExecutionDependencies)
                pending.Push(dependency);
        }

        return all;
    }

    // From the end: of what nothing is left to depend on, the target that was defined first comes last.
    private static List<ExecutableTarget> GetOrder(IReadOnlyCollection<ExecutableTarget> targets)
    {
        var remaining = targets.ToList();
        var reversed = new List<ExecutableTarget>(remaining.Count);
        while (remaining.Count > 0)
        {
            var next = remaining.FirstOrDefault(x => !remaining.Exists(y => y.AllDependencies.Contains(x)));
            if (next == null)
                Assert.Fail(FormatCycle(remaining));
            remaining.Remove(next);
            reversed.Add(next);
        }

        reversed.Reverse();
        return reversed;
    }

    // Leaves out what merely hangs on the cycle, so that the message names what has to be changed.
    private static string FormatCycle(List<ExecutableTarget> remaining)
    {
        var path = new List<ExecutableTarget> { remaining[0] };
        while (true)
        {
            var next = remaining.First(x => x.AllDependencies.Contains(path[^1]));
            if (path.IndexOf(next) is >= 0 and var start)
            {
                return "Circular dependencies between targets:" + Environment.NewLine +
                       $" - {path.Skip(start).Reverse().Select(x => x.Name).JoinCommaSpace()}";
            }

            path.Add(next);
        }
    }

    private static ExecutableTarget Find(string name, IReadOnlyCollection<ExecutableTarget> targets)
    {
        name = name.Replace("-", string.Empty);
        return targets.SingleOrDefault(x => x.Name.EqualsOrdinalIgnoreCase(name)).NotNull(
            new[] { $"Target with name '{name}' does not exist. Available targets are:" }
                .Concat(targets.Select(x => $"  - {x.Name}").Order(StringComparer.CurrentCulture))
                .JoinNewLine());
    }
}
