using Nuke.Common.Tooling;
using Serilog.Events;

namespace Nuke.Common.Tools.DotNet;

[LogLevelPattern(LogEventLevel.Warning, @": warning \w{2,5}\d{1,5}:")]
[LogLevelPattern(LogEventLevel.Error, @": error \w{2,5}\d{1,5}:")]
public class DotNetTasks : ToolTasks, IRequirePathTool
{
    public const string PathExecutable = "dotnet";

    public static string DotNetPath
    {
        get => new DotNetTasks().ToolPath;
        set => new DotNetTasks().ToolPath = value;
    }

    public static IReadOnlyCollection<Output> DotNet(
        ArgumentStringHandler arguments,
        string workingDirectory = null,
        IReadOnlyDictionary<string, string> environmentVariables = null,
        int? timeout = null,
        bool? logOutput = null,
        bool? logInvocation = null,
        Action<OutputType, string> logger = null,
        Func<IProcess, object> exitHandler = null)
        => new DotNetTasks().RunWith(
            arguments, workingDirectory, environmentVariables, timeout, logOutput, logInvocation, logger, exitHandler);

    public static IReadOnlyCollection<Output> DotNetRestore(DotNetRestoreSettings options = null)
        => new DotNetTasks().RunWith(options ?? new DotNetRestoreSettings());

    public static IReadOnlyCollection<Output> DotNetRestore(Configure<DotNetRestoreSettings> configurator)
        => DotNetRestore(configurator(new DotNetRestoreSettings()));

    public static IEnumerable<(DotNetRestoreSettings Settings, IReadOnlyCollection<Output> Output)> DotNetRestore(
        CombinatorialConfigure<DotNetRestoreSettings> configurator,
        int degreeOfParallelism = 1,
        bool completeOnFailure = false)
        => configurator.Invoke(DotNetRestore, degreeOfParallelism, completeOnFailure);

    public static IReadOnlyCollection<Output> DotNetBuild(DotNetBuildSettings options = null)
        => new DotNetTasks().RunWith(options ?? new DotNetBuildSettings());

    public static IReadOnlyCollection<Output> DotNetBuild(Configure<DotNetBuildSettings> configurator)
        => DotNetBuild(configurator(new DotNetBuildSettings()));

    public static IEnumerable<(DotNetBuildSettings Settings, IReadOnlyCollection<Output> Output)> DotNetBuild(
        CombinatorialConfigure<DotNetBuildSettings> configurator,
        int degreeOfParallelism = 1,
        bool completeOnFailure = false)
        => configurator.Invoke(DotNetBuild, degreeOfParallelism, completeOnFailure);

    public static IReadOnlyCollection<Output> DotNetPublish(DotNetPublishSettings options = null)
        => new DotNetTasks().RunWith(options ?? new DotNetPublishSettings());

    public static IReadOnlyCollection<Output> DotNetPublish(Configure<DotNetPublishSettings> configurator)
        => DotNetPublish(configurator(new DotNetPublishSettings()));

    public static IEnumerable<(DotNetPublishSettings Settings, IReadOnlyCollection<Output> Output)> DotNetPublish(
        CombinatorialConfigure<DotNetPublishSettings> configurator,
        int degreeOfParallelism = 1,
        bool completeOnFailure = false)
        => configurator.Invoke(DotNetPublish, degreeOfParallelism, completeOnFailure);

    public static IReadOnlyCollection<Output> DotNetTest(DotNetTestSettings options = null)
        => new DotNetTasks().RunWith(options ?? new DotNetTestSettings());

    public static IReadOnlyCollection<Output> DotNetTest(Configure<DotNetTestSettings> configurator)
        => DotNetTest(configurator(new DotNetTestSettings()));

    public static IEnumerable<(DotNetTestSettings Settings, IReadOnlyCollection<Output> Output)> DotNetTest(
        CombinatorialConfigure<DotNetTestSettings> configurator,
        int degreeOfParallelism = 1,
        bool completeOnFailure = false)
        => configurator.Invoke(DotNetTest, degreeOfParallelism, completeOnFailure);

    public static IReadOnlyCollection<Output> DotNetRun(DotNetRunSettings options = null)
        => new DotNetTasks().RunWith(options ?? new DotNetRunSettings());

    public static IReadOnlyCollection<Output> DotNetRun(Configure<DotNetRunSettings> configurator)
        => DotNetRun(configurator(new DotNetRunSettings()));

    public static IEnumerable<(DotNetRunSettings Settings, IReadOnlyCollection<Output> Output)> DotNetRun(
        CombinatorialConfigure<DotNetRunSettings> configurator,
        int degreeOfParallelism = 1,
        bool completeOnFailure = false)
        => configurator.Invoke(DotNetRun, degreeOfParallelism, completeOnFailure);

    public static IReadOnlyCollection<Output> DotNetPack(DotNetPackSettings options = null)
        => new DotNetTasks().RunWith(options ?? new DotNetPackSettings());

    public static IReadOnlyCollection<Output> DotNetPack(Configure<DotNetPackSettings> configurator)
        => DotNetPack(configurator(new DotNetPackSettings()));

    public static IEnumerable<(DotNetPackSettings Settings, IReadOnlyCollection<Output> Output)> DotNetPack(
        CombinatorialConfigure<DotNetPackSettings> configurator,
        int degreeOfParallelism = 1,
        bool completeOnFailure = false)
        => configurator.Invoke(DotNetPack, degreeOfParallelism, completeOnFailure);

    internal override string GetDefaultToolPath() => ToolPathResolver.GetPathExecutable(PathExecutable);
}
