using System.Linq.Expressions;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using Nuke.Common.Tooling;

namespace Nuke.Common;

/// <summary>What components know of the build that they are part of.</summary>
public interface INukeBuild
{
    AbsolutePath RootDirectory { get; }
    AbsolutePath TemporaryDirectory { get; }
    AbsolutePath BuildAssemblyFile { get; }
    AbsolutePath BuildAssemblyDirectory { get; }
    AbsolutePath BuildProjectDirectory { get; }
    AbsolutePath BuildProjectFile { get; }

    Verbosity Verbosity { get; }
    Host Host { get; }
    bool Plan { get; }
    bool Help { get; }
    bool NoLogo { get; }
    bool Continue { get; }
    bool IsLocalBuild { get; }
    bool IsServerBuild { get; }

    IReadOnlyCollection<ExecutableTarget> ExecutionPlan { get; }
    IReadOnlyCollection<ExecutableTarget> InvokedTargets { get; }
    IReadOnlyCollection<ExecutableTarget> SkippedTargets { get; }
    IReadOnlyCollection<ExecutableTarget> ScheduledTargets { get; }
    IReadOnlyCollection<ExecutableTarget> RunningTargets { get; }
    IReadOnlyCollection<ExecutableTarget> AbortedTargets { get; }
    IReadOnlyCollection<ExecutableTarget> FailedTargets { get; }
    IReadOnlyCollection<ExecutableTarget> SucceededTargets { get; }
    IReadOnlyCollection<ExecutableTarget> FinishedTargets { get; }

    bool IsSucceeding { get; }
    bool IsFailing { get; }
    bool IsFinished { get; }
    int? ExitCode { get; set; }

    /// <summary>The value of a parameter or injected value of a component, which has no field to keep it.</summary>
    T TryGetValue<T>(Expression<Func<T>> parameterExpression)
        where T : class;

    /// <inheritdoc cref="TryGetValue{T}(Expression{Func{T}})" />
    T TryGetValue<T>(Expression<Func<object>> parameterExpression);

    /// <summary>What the summary says of the running target.</summary>
    void ReportSummary(Configure<Dictionary<string, string>> configurator = null);
}
