using System.Linq.Expressions;
using System.Text;
using Nuke.Common.Utilities;
using Serilog;

namespace Nuke.Common.Execution;

/// <summary>The life of a build, from the command line to the exit code.</summary>
internal static class BuildManager
{
    private const int ErrorExitCode = -1;

    private static readonly LinkedList<Action> s_cancellationHandlers = [];

    /// <summary>Ctrl-C; what was added last comes first.</summary>
    public static event Action Cancelled
    {
        add => s_cancellationHandlers.AddFirst(value);
        remove => s_cancellationHandlers.Remove(value);
    }

    public static int Execute<T>(Expression<Func<T, Target>>[] defaultTargetExpressions)
        where T : NukeBuild, new()
    {
        Console.OutputEncoding = Encoding.UTF8;
        Console.CancelKeyPress += (_, _) => s_cancellationHandlers.ToList().ForEach(x => x());

        T build = null;
        try
        {
            build = new T();
            return Run(build, defaultTargetExpressions);
        }
        catch (BuildExitException exit)
        {
            return exit.ExitCode;
        }
        catch (Exception exception)
        {
            Tell(exception);
            return build?.ExitCode ?? ErrorExitCode;
        }
        finally
        {
            Log.CloseAndFlush();
        }
    }

    private static int Run<T>(T build, Expression<Func<T, Target>>[] defaultTargetExpressions)
        where T : NukeBuild
    {
        Logging.Configure(build);
        NukeBuild.Verbosity = ParameterService.GetParameter<Verbosity?>(nameof(NukeBuild.Verbosity)) ?? Verbosity.Normal;

        build.ExecutableTargets = ExecutableTargetFactory.CreateAll(build, defaultTargetExpressions);
        build.ExecuteExtension<IOnBuildCreated>(nameof(IOnBuildCreated.OnBuildCreated), x => x.OnBuildCreated(build.ExecutableTargets));

        if (!build.NoLogo)
            NukeBuild.Host.OpenBuild(build);

        build.ExecutionPlan = ExecutionPlanner.GetExecutionPlan(
            build.ExecutableTargets,
            ParameterService.GetParameter<string[]>(Constants.InvokedTargetsParameterName, Constants.TargetsSeparator[0]));

        var isFinished = false;
        try
        {
            build.ExecuteExtension<IOnBuildInitialized>(
                nameof(IOnBuildInitialized.OnBuildInitialized),
                x => x.OnBuildInitialized(build.ExecutableTargets, build.ExecutionPlan));

            Cancelled += Finish;
            new BuildExecutor(build).Execute(
                ParameterService.GetParameter<string[]>(Constants.SkippedTargetsParameterName, Constants.TargetsSeparator[0]));
        }
        catch (Exception exception) when (exception is not BuildExitException)
        {
            build.ExitCode ??= ErrorExitCode;
            Tell(exception);
        }

        Finish();
        return build.ExitCode ??= build.IsSucceeding ? 0 : ErrorExitCode;

        // Also called when the build is cancelled, while a target is still running.
        void Finish()
        {
            if (!Interlocked.Exchange(ref isFinished, true))
                BuildManager.Finish(build);
        }
    }

    private static void Finish(NukeBuild build)
    {
        foreach (var target in build.ExecutionPlan)
        {
            target.Stopwatch.Stop();
            target.Status = target.Status switch
            {
                ExecutionStatus.Running => ExecutionStatus.Aborted,
                ExecutionStatus.Scheduled => ExecutionStatus.NotRun,
                var status => status
            };
        }

        NukeBuild.Host.CloseBuild(build);
        build.ExecuteExtension<IOnBuildFinished>(nameof(IOnBuildFinished.OnBuildFinished), x => x.OnBuildFinished());
    }

    private static void Tell(Exception exception)
    {
        exception = exception.Unwrap();
        if (exception is TargetExecutionException)
            return;

        Log.Verbose(exception, "Target-unrelated exception was thrown");
        Host.Error(exception.Message);
    }
}

/// <summary>Ends the build where nothing is left to do, such as after <c>--help</c>.</summary>
internal sealed class BuildExitException(int exitCode) : Exception
{
    public int ExitCode { get; } = exitCode;
}
