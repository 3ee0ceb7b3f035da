using Gantry.AzurePipelines.Yaml;

namespace Gantry.GitHubActions;

/// <summary>
/// A step of a job, as in <c>WorkflowStep.Run("npm ci") with { Name = "Install packages" }</c>.
/// </summary>
/// <seealso href="https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idsteps">
/// Workflow syntax, steps
/// </seealso>
public sealed record WorkflowStep
{
    private WorkflowStep()
    {
    }

    /// <summary>The id by which its outputs are read; null for none.</summary>
    public string? Id { get; init; }

    /// <summary>The name that people see.</summary>
    public string? Name { get; init; }

    /// <summary>The expression that must be true, without <c>${{ }}</c>; null: when all steps before it succeeded.</summary>
    public string? Condition { get; init; }

    /// <summary>True when the job goes on after it failed.</summary>
    public bool ContinueOnError { get; init; }

    /// <summary>The longest time that it may take, in minutes; null: as long as its job.</summary>
    public int? TimeoutInMinutes { get; init; }

    /// <summary>The folder that a script runs in; null: that of the sources.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>
    /// The variables of its process. Only here a script gets values of expressions: <c>("BRANCH", "${{ github.ref_name }}")</c>.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>The secrets that its process gets, as variables of the same names. No other step of the job has them.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>The action with its version; null for a script.</summary>
    public string? Action { get; private init; }

    /// <summary>The script; null for an action.</summary>
    public string? Script { get; private init; }

    /// <summary>The shell of the script; null for the default of the runner.</summary>
    public string? Shell { get; private init; }

    /// <summary>The inputs of the action by name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Inputs { get; internal init; } = [];

    /// <summary>The path in the declaration that the step comes from, for messages; null for that of its job.</summary>
    internal string? Origin { get; init; }

    /// <summary>Runs a script.</summary>
    /// <param name="script">The script, of one line or several. An expression in it is refused: values reach it by variables.</param>
    /// <param name="shell">The shell; null for the default of the runner.</param>
    public static WorkflowStep Run(string script, string? shell = null) => new() { Script = script, Shell = shell };

    /// <summary>Uses an action: <c>WorkflowStep.Uses("actions/setup-node@v4", ("node-version", "22"))</c>.</summary>
    /// <param name="action">The action with its version.</param>
    /// <param name="inputs">The inputs by name.</param>
    public static WorkflowStep Uses(string action, params IReadOnlyList<(string Name, string Value)> inputs) =>
        new() { Action = action, Inputs = [.. inputs.Select(input => KeyValuePair.Create(input.Name, input.Value))] };

    internal YamlMapping ToYaml() => new MappingBuilder()
        .Add("id", Id)
        .Add("name", Name)
        .Add("if", Condition is null ? null : $"${{{{ {Condition} }}}}")
        .Add("uses", Action)
        .Add("run", Script)
        .Add("shell", Shell)
        .Add("working-directory", WorkingDirectory)
        .Add("with", Inputs)
        .Add("env", [.. Environment, .. SecretVariables()])
        .Add("continue-on-error", ContinueOnError ? true : null)
        .Add("timeout-minutes", TimeoutInMinutes)
        .Build();

    // What Environment sets already is not set again.
    private IEnumerable<KeyValuePair<string, string>> SecretVariables() => Secrets
        .Distinct(StringComparer.Ordinal)
        .Where(secret => Environment.All(variable => variable.Key != secret))
        .Select(secret => KeyValuePair.Create(secret, $"${{{{ secrets.{secret} }}}}"));
}
