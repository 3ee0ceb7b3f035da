using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines;

/// <summary>
/// Steps, jobs and variables of a team's own in a generated stage, wherever a pipeline of the declaration has that stage.
/// </summary>
/// <param name="Stage">The name of the stage: <c>Build</c>, <c>FindRelease</c>, <c>PromoteProd</c>, <c>SoakProd</c>.</param>
public sealed record StageAdditions(string Stage)
{
    /// <summary>The generated job that gets the steps; null: every generated job of the stage, as those of several regions.</summary>
    public string? Job { get; init; }

    /// <summary>The steps before those of the build, when sources, tools and artifacts are there.</summary>
    public IReadOnlyList<Step> StepsBefore { get; init; } = [];

    /// <summary>The steps after those of the build, before anything is published.</summary>
    public IReadOnlyList<Step> StepsAfter { get; init; } = [];

    /// <summary>The steps at the end of the job that run only when a step before them failed.</summary>
    public IReadOnlyList<Step> OnFailure { get; init; } = [];

    /// <summary>The jobs beside the generated ones. They run at the same time unless they say what they depend on.</summary>
    public IReadOnlyList<Job> Jobs { get; init; } = [];

    /// <summary>
    /// The containers that run beside each generated job: the name by which its steps reach each one, and the alias of the container.
    /// </summary>
    /// <seealso cref="Job.Services"/>
    public IReadOnlyList<KeyValuePair<string, string>> Services { get; init; } = [];

    /// <summary>The condition under which the stage runs, in addition to that of the generator; null for none.</summary>
    public string? Condition { get; init; }

    /// <summary>The variables of the stage.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Variables { get; init; } = [];

    /// <summary>The variable groups of the stage.</summary>
    public IReadOnlyList<string> VariableGroups { get; init; } = [];

    /// <summary>The templates of variables of the stage.</summary>
    public IReadOnlyList<VariableTemplate> VariableTemplates { get; init; } = [];
}
