namespace Gantry.PipelineAgent;

/// <summary>What the agent works with.</summary>
public sealed record AgentOptions
{
    /// <summary>The git repository that jobs clone: a folder.</summary>
    public required string Repository { get; init; }

    /// <summary>An empty folder for workspaces and artifacts.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>Who answers where people or the service decide.</summary>
    public IPipelineHost Host { get; init; } = new ApprovingHost();

    /// <summary>The variable groups of the project, by name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> VariableGroups { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, string>>();

    /// <summary>The secret variables of the pipeline.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>();

    /// <summary>What every process of the agent inherits; by default the search path, the home folder and where .NET is.</summary>
    public IReadOnlyDictionary<string, string> HostEnvironment { get; init; } = Inherit("PATH", "HOME", "LANG", "DOTNET_ROOT", "DOTNET_HOST_PATH");

    /// <summary>What the task Cache@2 brings at once; null: it never brings anything.</summary>
    public string? CachedFolder { get; init; }

    /// <summary>
    /// Files and folders, relative to the sources, that the first job which has them leaves to all later ones: what is compiled from the
    /// same sources once a job. Git ignores them. Empty: every job begins with nothing but its clone.
    /// </summary>
    public IReadOnlyList<string> KeptPaths { get; init; } = [];

    /// <summary>
    /// Names of machines that mean others here, as a hosts file would say: where a variable has one, processes see the other. The pipeline
    /// stays as it is committed.
    /// </summary>
    public IReadOnlyDictionary<string, string> Hosts { get; init; } = new Dictionary<string, string>();

    /// <summary>Templates of other repositories, by <c>path@alias</c>.</summary>
    public IReadOnlyDictionary<string, string> ForeignTemplates { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets every line of every log.</summary>
    public Action<string> Log { get; init; } = _ => { };

    /// <summary>Variables of this process, where it has them.</summary>
    public static IReadOnlyDictionary<string, string> Inherit(params string[] names) =>
        names.Where(name => Environment.GetEnvironmentVariable(name) is not null).ToDictionary(name => name, name => Environment.GetEnvironmentVariable(name)!);
}

/// <summary>What starts a run.</summary>
public sealed record RunRequest
{
    /// <summary>The pipeline, relative to the root of the repository.</summary>
    public string File { get; init; } = "azure-pipelines.yml";

    /// <summary>The branch.</summary>
    public string Branch { get; init; } = "refs/heads/main";

    /// <summary>Why it runs.</summary>
    public string Reason { get; init; } = "IndividualCI";

    /// <summary>What was chosen by hand.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Variables that are set in Azure DevOps: on the pipeline, or when the run was started.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Facts of container resources: <c>image.tag</c>, <c>image.digest</c>.</summary>
    public IReadOnlyDictionary<string, string> Containers { get; init; } = new Dictionary<string, string>();

    /// <summary>The runs that pipeline resources stand for, by alias.</summary>
    public IReadOnlyDictionary<string, RunResult> Pipelines { get; init; } = new Dictionary<string, RunResult>();
}

/// <summary>Decides what neither the pipeline nor the agent can.</summary>
public interface IPipelineHost
{
    /// <summary>Whether the checks of an environment let a stage in.</summary>
    Task<Answer> CheckAsync(string stage, string environment, CancellationToken cancellationToken);

    /// <summary>Whether somebody validates.</summary>
    Task<Answer> ValidateAsync(string stage, string instructions, CancellationToken cancellationToken);

    /// <summary>Lets time pass.</summary>
    Task DelayAsync(TimeSpan time, CancellationToken cancellationToken);
}

/// <summary>An answer.</summary>
public enum Answer
{
    Approved,
    Rejected,
    TimedOut,
}

/// <summary>Agrees to everything at once.</summary>
public class ApprovingHost : IPipelineHost
{
    public virtual Task<Answer> CheckAsync(string stage, string environment, CancellationToken cancellationToken) => Task.FromResult(Answer.Approved);

    public virtual Task<Answer> ValidateAsync(string stage, string instructions, CancellationToken cancellationToken) => Task.FromResult(Answer.Approved);

    public virtual Task DelayAsync(TimeSpan time, CancellationToken cancellationToken) => Task.CompletedTask;
}
