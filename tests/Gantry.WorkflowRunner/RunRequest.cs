using Gantry.Testing.Jobs;

namespace Gantry.WorkflowRunner;

/// <summary>A run to start.</summary>
public sealed record RunRequest
{
    /// <summary>The workflow, in the repository.</summary>
    public string File { get; init; } = ".github/workflows/build.yml";

    /// <summary>The event: <c>push</c>, <c>pull_request</c>, <c>workflow_dispatch</c>.</summary>
    public string Event { get; init; } = "push";

    /// <summary>The full reference.</summary>
    public string Reference { get; init; } = "refs/heads/main";

    /// <summary>The inputs of a run that a person starts.</summary>
    public IReadOnlyDictionary<string, string> Inputs { get; init; } = new Dictionary<string, string>();

    /// <summary>The run whose failed jobs run again, with those after them; null for a new run.</summary>
    public RunResult? Again { get; init; }
}

/// <summary>The repository and the machine that runs are made of.</summary>
public sealed record RunnerOptions
{
    /// <summary>The repository that jobs clone.</summary>
    public required string Repository { get; init; }

    /// <summary>The folder for the workspaces of jobs, their files and artifacts.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>The rules of environments.</summary>
    public required IEnvironmentRules Rules { get; init; }

    /// <summary>The variables of the repository and its environments: <c>vars</c>.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>The secrets of the repository and its environments.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>();

    /// <summary>The token of jobs.</summary>
    public string Token { get; init; } = "ghs_test";

    /// <summary>The address of the API.</summary>
    public string Api { get; init; } = "https://api.github.test";

    /// <summary>The variables of this machine that steps inherit.</summary>
    public IReadOnlyDictionary<string, string> InheritedEnvironment { get; init; } = new Dictionary<string, string>();

    /// <summary>Texts in values that are replaced, such as hosts of registries by those of the test.</summary>
    public IReadOnlyDictionary<string, string> Replacements { get; init; } = new Dictionary<string, string>();

    /// <summary>Called before the steps of a job run.</summary>
    public Action<RunningJob> OnJob { get; init; } = _ => { };

    /// <summary>Ignored files that a job leaves to the next ones, as a self-hosted runner keeps them.</summary>
    public IReadOnlyList<string> ReusedPaths { get; init; } = [];

    /// <summary>Receives each line of the log.</summary>
    public Action<string> Log { get; init; } = _ => { };

    internal ReusedFiles ReusedFiles => new(Path.Combine(WorkFolder, "kept"), ReusedPaths);
}

/// <summary>A job that begins.</summary>
/// <param name="Run">The id of the run.</param>
/// <param name="File">The workflow.</param>
/// <param name="Commit">The commit.</param>
/// <param name="Environment">The environment of the job; null for none.</param>
public sealed record RunningJob(string Run, string File, string Commit, string? Environment);

/// <summary>Answers for the rules of an environment, as its reviewers and its wait timer do.</summary>
public interface IEnvironmentRules
{
    /// <summary>Returns true when the job may begin, and false when it is rejected.</summary>
    bool Allow(string job, string environment);
}
