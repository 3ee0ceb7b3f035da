using System.Linq.Expressions;
using System.Reflection;
using Nuke.Common.CI;
using Nuke.Common.Execution;
using Nuke.Common.Tooling;
using Nuke.Common.Utilities;
using Nuke.Common.ValueInjection;
using Serilog;

namespace Nuke.Common;

[ArgumentsFromParametersFile(Priority = 150)]
[InjectParameterValues(Priority = 100)]
[WriteSchema(Priority = 75)]
[GenerateConfiguration(Priority = 50)]
[RegenerateConfigurations(Priority = 45)]
[HandlePlanRequests(Priority = 10)]
[HandleHelpRequests(Priority = 5)]
[InjectNonParameterValues(Priority = -100)]
[InvokeEvents(Priority = float.MinValue)]
[SerializeBuildServerState]
public abstract partial class NukeBuild : INukeBuild
{
    private readonly IReadOnlyList<IBuildExtension> _extensions;

    protected NukeBuild()
    {
        var extensions = GetType().GetCustomAttributes<BuildExtensionAttributeBase>().ToList();
        extensions.ForEach(x => x.Build = this);
        _extensions = extensions.OrderByDescending(x => x.Priority).ToList();
    }

    /// <summary>Runs the targets of the command line, or else these; returns the exit code of the process.</summary>
    protected static int Execute<T>(params Expression<Func<T, Target>>[] defaultTargetExpressions)
        where T : NukeBuild, new()
        => BuildManager.Execute(defaultTargetExpressions);

    internal IReadOnlyList<ExecutableTarget> ExecutableTargets { get; set; } = [];

    public IReadOnlyCollection<ExecutableTarget> ExecutionPlan { get; set; } = [];

    [Parameter("List of targets to be invoked. Default is '{default_target}'",
        Name = Constants.InvokedTargetsParameterName, Separator = Constants.TargetsSeparator)]
    public IReadOnlyCollection<ExecutableTarget> InvokedTargets => ExecutionPlan.Where(x => x.Invoked).ToList();

    [Parameter("List of targets to be skipped. Empty list skips all dependencies",
        Name = Constants.SkippedTargetsParameterName, Separator = Constants.TargetsSeparator)]
    public IReadOnlyCollection<ExecutableTarget> SkippedTargets => WithStatus(ExecutionStatus.Skipped);

    public IReadOnlyCollection<ExecutableTarget> ScheduledTargets => WithStatus(ExecutionStatus.Scheduled);
    public IReadOnlyCollection<ExecutableTarget> RunningTargets => WithStatus(ExecutionStatus.Running);
    public IReadOnlyCollection<ExecutableTarget> AbortedTargets => WithStatus(ExecutionStatus.Aborted);
    public IReadOnlyCollection<ExecutableTarget> FailedTargets => WithStatus(ExecutionStatus.Failed);
    public IReadOnlyCollection<ExecutableTarget> SucceededTargets => WithStatus(ExecutionStatus.Succeeded);
    public IReadOnlyCollection<ExecutableTarget> FinishedTargets => [.. FailedTargets, .. SucceededTargets];

    [Parameter("Shows the execution plan (HTML)")]
    public bool Plan { get; internal set; }

    [Parameter("Shows the help text for this build assembly")]
    public bool Help { get; internal set; }

    [Parameter("Disables displaying the " + Product.Title + " logo")]
    public bool NoLogo { get; set; }

    [Parameter("Indicates to continue a previously failed build attempt")]
    public bool Continue { get; internal set; }

    public bool IsSucceeding => !IsFailing;
    public bool IsFailing =>
        ExecutionPlan.Any(x => x.Status is ExecutionStatus.Failed or ExecutionStatus.Aborted or ExecutionStatus.NotRun);
    public bool IsFinished => !ExecutionPlan.Any(x => x.Status is ExecutionStatus.Scheduled or ExecutionStatus.Running);
    public int? ExitCode { get; set; }

    public void ReportSummary(Configure<Dictionary<string, string>> configurator = null)
        => ReportSummary(ExecutionPlan.Single(x => x.Status == ExecutionStatus.Running), configurator);

    internal void ReportSummary(ExecutableTarget target, Configure<Dictionary<string, string>> configurator)
    {
        target.SummaryInformation = configurator.InvokeSafe([]);
        ExecuteExtension<IOnTargetSummaryUpdated>(
            nameof(IOnTargetSummaryUpdated.OnTargetSummaryUpdated),
            x => x.OnTargetSummaryUpdated(this, target));
    }

    internal void ExecuteExtension<TExtension>(string method, Action<TExtension> action)
        where TExtension : IBuildExtension
    {
        foreach (var extension in _extensions.OfType<TExtension>())
        {
            Log.Verbose("{Type}.{Method} ({Priority})", extension.GetType().Name.TrimEnd("Attribute"), method, extension.Priority);
            action(extension);
        }
    }

    internal bool IsOutputEnabled(DefaultOutput output)
        => !GetType()
            .GetCustomAttributes<DisableDefaultOutputAttribute>()
            .Any(x => x.IsApplicable(this) && x.DisabledOutputs.Contains(output));

    protected internal virtual void OnBuildCreated()
    {
    }

    protected internal virtual void OnBuildInitialized()
    {
    }

    protected internal virtual void OnBuildFinished()
    {
    }

    protected internal virtual void OnTargetRunning(string target)
    {
    }

    protected internal virtual void OnTargetSkipped(string target)
    {
    }

    protected internal virtual void OnTargetSucceeded(string target)
    {
    }

    protected internal virtual void OnTargetFailed(string target)
    {
    }

    T INukeBuild.TryGetValue<T>(Expression<Func<T>> parameterExpression) => InjectionMembers.TryGetValue<T>(parameterExpression);
    T INukeBuild.TryGetValue<T>(Expression<Func<object>> parameterExpression) => InjectionMembers.TryGetValue<T>(parameterExpression);

    private List<ExecutableTarget> WithStatus(ExecutionStatus status) => ExecutionPlan.Where(x => x.Status == status).ToList();
}
