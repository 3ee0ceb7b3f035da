using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines;

/// <summary>A pipeline whose stages run targets of the build: to publish packages for a tag, to test at night, and the like.</summary>
/// <param name="File">The file, relative to the root of the repository: <c>azure-pipelines.packages.yml</c>.</param>
public sealed record TargetPipeline(string File)
{
    /// <summary>The stages in their order.</summary>
    public required IReadOnlyList<TargetStage> Stages { get; init; }

    /// <summary>The git tags whose pushes start a run; none given: no tag does.</summary>
    public Filter Tags { get; init; } = new();

    /// <summary>The branches whose pushes start a run; none given: no push of a branch does.</summary>
    public Filter Branches { get; init; } = new();

    /// <summary>The times at which runs start.</summary>
    public IReadOnlyList<Schedule> Schedules { get; init; } = [];

    /// <summary>The pool that jobs run in unless their stage names another.</summary>
    public Pool Pool { get; init; } = new HostedPool("ubuntu-latest");

    /// <summary>The variables of all stages.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Variables { get; init; } = [];

    /// <summary>The variable groups of all stages.</summary>
    public IReadOnlyList<string> VariableGroups { get; init; } = [];

    /// <summary>The key vaults whose secrets stages name.</summary>
    public IReadOnlyList<KeyVault> KeyVaults { get; init; } = [];

    /// <summary>The tools that agents need beside their image.</summary>
    public AgentTools Tools { get; init; } = new();

    /// <summary>The checkout of the repository in every job.</summary>
    public Sources Sources { get; init; } = new();

    /// <summary>
    /// The time in minutes that each job has to come to an end when the run is cancelled; null: the service's default of 5.
    /// </summary>
    public int? CancelTimeoutInMinutes { get; init; }

    /// <summary>The shell that runs the command lines: <see cref="ScriptShell.Bash"/> or <see cref="ScriptShell.Pwsh"/>.</summary>
    public ScriptShell Shell { get; init; } = ScriptShell.Bash;

    /// <summary>The script that starts the build; null for <c>./build.sh</c> or <c>./build.ps1</c>.</summary>
    public string? Script { get; init; }

    /// <summary>The file that has the declaration, for the comment at the top.</summary>
    public string Source { get; init; } = "build/Build.cs";
}

/// <summary>A stage with one job that checks out with full history and calls the build once.</summary>
/// <param name="Name">The name: letters, digits and '_'.</param>
/// <param name="Targets">The targets of the build.</param>
public sealed record TargetStage(string Name, params IReadOnlyList<string> Targets)
{
    /// <summary>The name that people see; null: the names of the targets.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The stages that run before it; null: the one that is declared before it; empty: none.</summary>
    public IReadOnlyList<string>? DependsOn { get; init; }

    /// <summary>The condition under which it runs; null: when all stages that it depends on succeeded.</summary>
    public string? Condition { get; init; }

    /// <summary>True when only the named targets run, because what they depend on ran in a stage before.</summary>
    public bool SkipDependencies { get; init; }

    /// <summary>The Azure Resource Manager service connection that the targets run under; null: none.</summary>
    public string? ServiceConnection { get; init => field = value.NullIfBlank(); }

    /// <summary>The secret variables that the call of the build gets, under the same names. No other step has them.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>
    /// True when the call of the build gets the token of the job, with which it asks the service; a service connection gives it one anyway.
    /// </summary>
    public bool UsesAccessToken { get; init; }

    /// <summary>The environment of Azure DevOps whose approvals and checks the stage waits for; null: none.</summary>
    public string? Environment { get; init; }

    /// <summary>The artifacts that the stage publishes: the name, and the folder relative to the root of the repository.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Publishes { get; init; } = [];

    /// <summary>The artifacts of stages before that the stage needs: each is put into the folder that it was published from.</summary>
    public IReadOnlyList<string> Downloads { get; init; } = [];

    /// <summary>The pool that it runs in; null: that of the pipeline.</summary>
    public Pool? Pool { get; init; }

    /// <summary>The longest time that it may take, in minutes; null: an hour.</summary>
    public int? TimeoutInMinutes { get; init; }

    /// <summary>The steps before the call of the build, when sources, tools and artifacts are there.</summary>
    public IReadOnlyList<Step> StepsBefore { get; init; } = [];

    /// <summary>The steps after the call of the build, before artifacts are published.</summary>
    public IReadOnlyList<Step> StepsAfter { get; init; } = [];

    /// <summary>The steps at the end of the job that run only when a step before them failed.</summary>
    public IReadOnlyList<Step> OnFailure { get; init; } = [];
}
