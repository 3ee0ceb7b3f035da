using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines;

/// <summary>
/// A stage of a team's own among the generated ones, in each pipeline of the declaration that has the stages which it names.
/// </summary>
/// <param name="Name">The name: letters, digits and '_'.</param>
public sealed record OwnStage(string Name)
{
    /// <summary>The display name; null for <see cref="Name"/>.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The stage that must have succeeded before; null for none.</summary>
    public string? After { get; init; }

    /// <summary>
    /// The stage that waits for this one, and runs only when this one succeeded; null for none, as for a stage at the end.
    /// </summary>
    public string? Before { get; init; }

    /// <summary>A condition in addition to the success of <see cref="After"/>; null for none.</summary>
    public string? Condition { get; init; }

    /// <summary>The pool of its jobs; null for the pool of the pipeline.</summary>
    public Pool? Pool { get; init; }

    /// <summary>The jobs. <see cref="Job.Template"/> takes them from a template.</summary>
    public IReadOnlyList<Job> Jobs { get; init; } = [];

    /// <summary>The variables.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Variables { get; init; } = [];

    /// <summary>The variable groups.</summary>
    public IReadOnlyList<string> VariableGroups { get; init; } = [];

    /// <summary>The text, until it is read.</summary>
    internal string? Text { get; init; }

    /// <summary>
    /// Takes a stage from YAML, without <c>dependsOn</c>: <see cref="After"/> and <see cref="Before"/> say where it is. <c>with</c> changes
    /// it, and the text is validated like every other stage.
    /// </summary>
    /// <param name="name">The name, which the text repeats.</param>
    /// <param name="yaml">The YAML, as it would be below <c>stages</c>.</param>
    public static OwnStage Yaml(string name, string yaml) => new(name) { Text = yaml };
}
