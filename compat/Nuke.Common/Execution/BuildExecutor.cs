using Nuke.Common.IO;
using Nuke.Common.Utilities;
using Nuke.Common.Utilities.Collections;
using Serilog;

namespace Nuke.Common.Execution;

/// <summary>The message of this exception has been told already.</summary>
internal sealed class TargetExecutionException(string target, Exception innerException)
    : Exception($"Target '{target}' has thrown an exception", innerException);

/// <summary>Executes the plan, target by target.</summary>
internal sealed class BuildExecutor(NukeBuild build)
{
    private static AbsolutePath AttemptFile => NukeBuild.TemporaryDirectory / "build-attempt.log";

    public void Execute(IReadOnlyCollection<string> skippedTargets)
    {
        if (skippedTargets != null)
        {
            var names = skippedTargets.Select(x => x.Replace("-", string.Empty)).ToHashSet(StringComparer.OrdinalIgnoreCase);
            foreach (var target in build.ExecutionPlan.Where(x => names.Count == 0 || names.Contains(x.Name)))
                Skip(target, "via parameter");
        }

        foreach (var target in build.ExecutionPlan)
            HasViolatedCondition(target, target.StaticConditions);

        Requirements.Validate(build);
        var previous = GetPreviouslyExecutedTargets();

        BuildManager.Cancelled += ExecuteAssured;
        try
        {
            foreach (var target in build.ExecutionPlan)
                Execute(target, previous, proceed: target.ProceedAfterFailure);
        }
        catch
        {
            ExecuteAssured();
            throw;
        }

        void ExecuteAssured()
        {
            foreach (var target in build.ExecutionPlan.Where(x => x is { AssuredAfterFailure: true, Status: ExecutionStatus.Scheduled }))
                Execute(target, previous, proceed: true);
        }
    }

    private void Execute(ExecutableTarget target, HashSet<string> previous, bool proceed)
    {
        if (target.Status == ExecutionStatus.Skipped
            || previous.Contains(target.Name)
            || HasViolatedCondition(target, target.DynamicConditions))
        {
            target.Status = ExecutionStatus.Skipped;
            build.ExecuteExtension<IOnTargetSkipped>(nameof(IOnTargetSkipped.OnTargetSkipped), x => x.OnTargetSkipped(target));
            return;
        }

        if (target.Actions.Count == 0)
        {
            target.Status = ExecutionStatus.Collective;
            return;
        }

        using var name = Logging.SetTarget(target.Name);
        using var block = NukeBuild.Host.OpenTarget(build, target.Name);
        target.Status = ExecutionStatus.Running;
        target.Stopwatch.Start();
        build.ExecuteExtension<IOnTargetRunning>(nameof(IOnTargetRunning.OnTargetRunning), x => x.OnTargetRunning(target));
        try
        {
            target.Actions.ForEach(x => x());
            target.Stopwatch.Stop();
            target.Status = ExecutionStatus.Succeeded;
            build.ExecuteExtension<IOnTargetSucceeded>(nameof(IOnTargetSucceeded.OnTargetSucceeded), x => x.OnTargetSucceeded(target));
            File.AppendAllLines(AttemptFile, [target.Name]);
        }
        catch (Exception exception)
        {
            exception = exception.Unwrap();
            Fail(target, exception);
            if (!proceed)
                throw new TargetExecutionException(target.Name, exception);
        }
    }

    private void Fail(ExecutableTarget target, Exception exception)
    {
        if (target.SummaryInformation.Count == 0)
            build.ReportSummary(target, x => x.AddPair(exception.GetType().Name, exception.Message.SplitLineBreaks()[0]));

        Log.Error(exception, "Target {TargetName} has thrown an exception", target.Name);
        target.Stopwatch.Stop();
        target.Status = ExecutionStatus.Failed;
        build.ExecuteExtension<IOnTargetFailed>(nameof(IOnTargetFailed.OnTargetFailed), x => x.OnTargetFailed(target));
    }

    private bool HasViolatedCondition(ExecutableTarget target, List<(string Text, Func<bool> Delegate)> conditions)
    {
        try
        {
            var violated = conditions.Where(x => !x.Delegate()).Select(x => x.Text).ToList();
            if (violated.Count > 0)
            {
                target.OnlyWhen = violated.Join(" && ");
                Skip(target, reason: null);
            }
        }
        catch (Exception exception)
        {
            exception = exception.Unwrap();
            Log.Error(exception, "Invocation of condition for {TargetName} has thrown an exception", target.Name);
            throw new TargetExecutionException(target.Name, exception);
        }

        return target.OnlyWhen != null;
    }

    // Skips with the target what only it needs, unless it says otherwise.
    private void Skip(ExecutableTarget target, string reason)
    {
        if (target.Status != ExecutionStatus.Scheduled)
            return;

        if (!target.Invoked)
        {
            target.Status = ExecutionStatus.Skipped;
            target.Skipped ??= reason;
        }

        if (target.DependencyBehavior == DependencyBehavior.Execute)
            return;

        var others = build.ExecutionPlan.Where(x => x != target && x.Status == ExecutionStatus.Scheduled).ToList();
        foreach (var dependency in target.ExecutionDependencies.Concat(target.Triggers)
                     .Where(x => !others.Exists(y => y.ExecutionDependencies.Contains(x) || y.Triggers.Contains(x)))
                     .ToList())
        {
            Skip(dependency, $"because of {target.Name}");
        }
    }

    // What '--continue' leaves out: the targets that succeeded when the same was asked for the last time.
    private HashSet<string> GetPreviouslyExecutedTargets()
    {
        var invocation = EnvironmentInfo.CommandLineArguments
            .Where(x => !x.TrimStart('-').EqualsOrdinalIgnoreCase(nameof(NukeBuild.Continue)))
            .JoinSpace()
            .GetSHA256Hash();
        var previous = build.Continue && AttemptFile.FileExists() ? AttemptFile.ReadAllLines() : [];
        if (previous.Length > 0 && previous[0] != invocation)
        {
            Log.Warning("Build invocation changed. Restarting ...");
            previous = [];
        }

        var succeeded = previous.Skip(1).ToList();
        File.WriteAllLines(AttemptFile, [invocation, .. succeeded]);
        return succeeded.ToHashSet(StringComparer.Ordinal);
    }
}
