using Gantry.Testing.Jobs;

namespace Gantry.PipelineAgent;

/// <summary>The options of the agent.</summary>
public sealed record AgentOptions
{
    /// <summary>The folder of the git repository that jobs clone.</summary>
    public required string Repository { get; init; }

    /// <summary>An empty folder for workspaces and artifacts.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>Answers for people and for the service.</summary>
    public IPipelineDecisions Decisions { get; init; } = new ApproveEverything();

    /// <summary>The variable groups of the project, by name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> VariableGroups { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>();

    /// <summary>The secret variables of the pipeline.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>();

    /// <summary>The Docker Registry service connections, by name.</summary>
    public IReadOnlyDictionary<string, RegistryConnection> RegistryConnections { get; init; } =
        new Dictionary<string, RegistryConnection>();

    /// <summary>
    /// The environment that every process inherits; by default the search path, the home folder and the variables of .NET.
    /// </summary>
    public IReadOnlyDictionary<string, string> InheritedEnvironment { get; init; } = JobEnvironment.Inherit(
        "PATH", "HOME", "LANG", "DOTNET_ROOT", "DOTNET_HOST_PATH");

    /// <summary>The folder that the task Cache@2 restores immediately; null: it restores nothing.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>
    /// Files and folders, relative to the sources, that are copied from the first job that has them to all later jobs: results of compiling
    /// the same sources. Git ignores them. Empty: every job starts with its clone only.
    /// </summary>
    public IReadOnlyList<string> ReusedPaths { get; init; } = [];

    /// <summary>
    /// Replacements for names of machines, like a hosts file: processes see the replacement in the values of variables. The pipeline stays
    /// as committed.
    /// </summary>
    public IReadOnlyDictionary<string, string> HostNameOverrides { get; init; } = new Dictionary<string, string>();

    /// <summary>The address of the organization.</summary>
    public string CollectionUri { get; init; } = "https://dev.azure.com/contoso/";

    /// <summary>The name of the project.</summary>
    public string TeamProject { get; init; } = "Contoso";

    /// <summary>The token of every run.</summary>
    public string AccessToken { get; init; } = "token-of-the-run";

    /// <summary>Templates of other repositories, by <c>path@alias</c>.</summary>
    public IReadOnlyDictionary<string, string> ExternalTemplates { get; init; } = new Dictionary<string, string>();

    /// <summary>Called with every line of every log.</summary>
    public Action<string> Log { get; init; } = _ => { };

    internal ReusedFiles ReusedFiles => new(Path.Combine(WorkFolder, "kept"), ReusedPaths);
}

/// <summary>A Docker Registry service connection.</summary>
/// <param name="Url">The URL of the registry, as the connection has it.</param>
/// <param name="User">The user name.</param>
/// <param name="Password">The password.</param>
public sealed record RegistryConnection(string Url, string User, string Password);

/// <summary>The start of a run.</summary>
public sealed record RunRequest
{
    /// <summary>The path of the pipeline, relative to the root of the repository.</summary>
    public string File { get; init; } = "azure-pipelines.yml";

    /// <summary>The branch.</summary>
    public string Branch { get; init; } = "refs/heads/main";

    /// <summary>The reason of the run.</summary>
    public string Reason { get; init; } = "IndividualCI";

    /// <summary>True for the pull request of a fork, which the service gives no secrets.</summary>
    public bool IsFork { get; init; }

    /// <summary>The stages that the person who started the run left out ("Stages to run").</summary>
    public IReadOnlyList<string> SkippedStages { get; init; } = [];

    /// <summary>The values of parameters that were chosen manually.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Variables set in Azure DevOps: on the pipeline, or when the run was started.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Properties of container resources: <c>image.tag</c>, <c>image.digest</c>.</summary>
    public IReadOnlyDictionary<string, string> Containers { get; init; } = new Dictionary<string, string>();

    /// <summary>The runs of pipeline resources, by alias.</summary>
    public IReadOnlyDictionary<string, RunResult> Pipelines { get; init; } = new Dictionary<string, RunResult>();
}

/// <summary>Makes the decisions that neither the pipeline nor the agent makes.</summary>
public interface IPipelineDecisions
{
    /// <summary>Decides whether the checks of an environment admit a stage.</summary>
    Task<Decision> CheckAsync(string stage, string environment, CancellationToken cancellationToken);

    /// <summary>
    /// Decides whether the checks of a service connection admit a stage, in which any step names it: before the stage, and whatever the
    /// conditions of its steps.
    /// </summary>
    Task<Decision> CheckConnectionAsync(string stage, string connection, CancellationToken cancellationToken) =>
        Task.FromResult(Decision.Approved);

    /// <summary>Decides a manual validation.</summary>
    Task<Decision> ValidateAsync(string stage, string instructions, CancellationToken cancellationToken);

    /// <summary>Waits for the given time.</summary>
    Task DelayAsync(TimeSpan time, CancellationToken cancellationToken);
}

/// <summary>The decision of a check or a validation.</summary>
public enum Decision
{
    Approved,
    Rejected,
    TimedOut,
}

/// <summary>Approves everything immediately.</summary>
public class ApproveEverything : IPipelineDecisions
{
    public virtual Task<Decision> CheckAsync(string stage, string environment, CancellationToken cancellationToken) =>
        Task.FromResult(Decision.Approved);

    public virtual Task<Decision> ValidateAsync(string stage, string instructions, CancellationToken cancellationToken) =>
        Task.FromResult(Decision.Approved);

    public virtual Task DelayAsync(TimeSpan time, CancellationToken cancellationToken) => Task.CompletedTask;
}
