using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines;

/// <summary>
/// A job that calls targets of the build beside the one that builds, at the same time: tests on Windows, with a database, or the like. It
/// has the sources, the tools, the cache and the test results of that job. Nothing is published until it has succeeded.
/// </summary>
/// <param name="Name">The name: letters, digits and '_'.</param>
/// <param name="Steps">The calls of the build.</param>
public sealed record BuildJob(string Name, params IReadOnlyList<BuildStep> Steps)
{
    /// <summary>The display name; null for <see cref="Name"/>.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The pool; null for that of the build.</summary>
    public Pool? Pool { get; init; }

    /// <summary>
    /// The shell that runs the command lines: <see cref="ScriptShell.Bash"/> or <see cref="ScriptShell.Pwsh"/>; null for that of the build.
    /// </summary>
    public ScriptShell? Shell { get; init; }

    /// <summary>The script that starts the build; null for that of the build, or of its own <see cref="Shell"/>.</summary>
    public string? Script { get; init; }

    /// <summary>The alias of the container that it runs in; null to run directly on the agent.</summary>
    public string? Container { get; init; }

    /// <inheritdoc cref="Job.Services"/>
    public IReadOnlyList<KeyValuePair<string, string>> Services { get; init; } = [];

    /// <summary>The variables.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Variables { get; init; } = [];

    /// <summary>The jobs of the stage that run before it.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>The condition under which it runs; null for when all jobs before it succeeded.</summary>
    public string? Condition { get; init; }

    /// <summary>True when the release is published although the job failed.</summary>
    public bool ContinueOnError { get; init; }

    /// <summary>The timeout in minutes; null for one hour.</summary>
    public int? TimeoutInMinutes { get; init; }

    /// <summary>The steps before the calls of the build, when sources and tools are there.</summary>
    public IReadOnlyList<Step> StepsBefore { get; init; } = [];

    /// <summary>The steps after the calls of the build.</summary>
    public IReadOnlyList<Step> StepsAfter { get; init; } = [];

    /// <summary>The steps at the end of the job that run only when a step before them failed.</summary>
    public IReadOnlyList<Step> OnFailure { get; init; } = [];
}
