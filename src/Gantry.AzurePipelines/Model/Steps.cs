using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Model;

/// <summary>A step of a job, as in <c>Step.Script("npm ci") with { DisplayName = "Install packages" }</c>.</summary>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/steps">steps definition</seealso>
public abstract record Step
{
    /// <summary>
    /// The condition, known before the run, that holds for all runs but builds of forks. In a run of a pull request that a person starts by
    /// hand, the service does not say whether it is of a fork.
    /// </summary>
    internal const string IsNotFork =
        "or(eq(variables['System.PullRequest.IsFork'], 'False'), not(startsWith(variables['Build.SourceBranch'], 'refs/pull/')))";

    private protected Step()
    {
    }

    /// <summary>The name by which its outputs are read; null for none.</summary>
    public string? Name { get; init; }

    /// <summary>The name that people see.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The condition under which it runs; null: when all steps before it succeeded.</summary>
    public string? Condition { get; init; }

    /// <summary>True when the job goes on after it failed.</summary>
    public bool ContinueOnError { get; init; }

    /// <summary>The longest time that it may take, in minutes; null: as long as its job.</summary>
    public int? TimeoutInMinutes { get; init; }

    /// <summary>The number of times that it is tried again after a failure.</summary>
    public int? RetryCountOnTaskFailure { get; init; }

    /// <summary>The variables of its process beside those of the job.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>The secret variables that its process gets, under the same names. No other step of the job has them.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <inheritdoc cref="PipelineNode.Origin"/>
    internal string? Origin { get; init; }

    /// <summary>
    /// True for a step that builds of forks run, too. The service gives them no secrets, and the agent would pass the text of the macro on.
    /// </summary>
    internal bool RunsInForks { get; init; }

    /// <summary>The keys of a step from YAML that have no type.</summary>
    internal IReadOnlyList<KeyValuePair<string, YamlValue>> Rest { get; init; } = [];

    /// <summary>The condition without which the run does not have the step at all; null for a step that every run has.</summary>
    internal string? When { get; init; }

    /// <summary>True for what the stage is there for: not for what comes before it in every job, and not for what publishes.</summary>
    internal bool IsOfBuild { get; init; }

    /// <summary>True for a generated step that changes nothing outside of its job, so that it may be tried again.</summary>
    internal bool IsRepeatable { get; init; }

    /// <summary>True for a step that uses registries or hosts, before which its job signs in.</summary>
    internal bool NeedsLogin { get; init; }

    /// <summary>The variables of its process by which it signs in; their values are macros of secrets, or belong to such a value.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> LoginVariables { get; init; } = [];

    /// <summary>Runs a script.</summary>
    /// <param name="script">The script, of one line or several.</param>
    /// <param name="shell">The shell that runs it.</param>
    /// <param name="workingDirectory">The folder that it runs in; null: that of the sources.</param>
    public static Step Script(string script, ScriptShell shell = ScriptShell.Bash, string? workingDirectory = null) =>
        new ScriptStep(shell, script) { WorkingDirectory = workingDirectory };

    /// <summary>Runs a task: <c>Step.Task("Npm@1", ("command", "ci"))</c>.</summary>
    /// <param name="task">The task with its major version.</param>
    /// <param name="inputs">The inputs by name.</param>
    public static Step Task(string task, params IReadOnlyList<(string Name, string Value)> inputs) =>
        new TaskStep(task) { Inputs = Values(inputs) };

    /// <summary>Publishes a file or folder as an artifact of the run.</summary>
    /// <param name="path">The file or folder, relative to the sources.</param>
    /// <param name="artifact">The name of the artifact, unique in a run.</param>
    public static Step Publish(string path, string artifact) => new PublishStep(path, artifact);

    /// <summary>Downloads an artifact of the run into <c>$(Pipeline.Workspace)</c>, in a folder of its name.</summary>
    /// <param name="artifact">The name of the artifact.</param>
    public static Step Download(string artifact) => new DownloadStep("current") { Artifact = artifact };

    /// <summary>Takes steps from a template.</summary>
    /// <param name="path">The path of the template.</param>
    /// <param name="parameters">The parameters that it is given.</param>
    public static Step Template(string path, params IReadOnlyList<(string Name, string Value)> parameters) =>
        new StepTemplate(path) { Parameters = parameters.Count == 0 ? null : new YamlMapping(Values(parameters)) };

    /// <summary>
    /// Takes one step or a list of steps from YAML, for what has no type here. <c>with</c> changes each of them. The text is validated like
    /// every other step.
    /// </summary>
    /// <param name="yaml">The YAML, as it would be below <c>steps</c>.</param>
    public static Step Yaml(string yaml) => new YamlSteps(yaml);

    internal abstract YamlValue ToYaml();

    /// <summary>Returns the step as an item of a list, under its condition that is known before the run.</summary>
    internal YamlValue ToItem() =>
        When is null ? ToYaml() : new MappingBuilder().Add($"${{{{ if {When} }}}}", [ToYaml()]).Build();

    private protected YamlMapping ToYaml(MappingBuilder step, YamlMapping? inputs = null) => step
        .Add("name", Name)
        .Add("displayName", DisplayName)
        .Add("condition", Condition)
        .Add("continueOnError", ContinueOnError ? true : null)
        .Add("timeoutInMinutes", TimeoutInMinutes)
        .Add("retryCountOnTaskFailure", RetryCountOnTaskFailure)
        .Add("inputs", inputs)
        .Add("env", Variables())
        .Add(Rest)
        .Build();

    private YamlMapping? Variables()
    {
        var variables = new MappingBuilder();
        foreach (var (name, value) in Environment)
            variables.Add(name, value);
        List<KeyValuePair<string, string>> secrets = [.. SecretVariables()];
        if (RunsInForks)
            return variables.Add($"${{{{ if {IsNotFork} }}}}", secrets).BuildUnlessEmpty();
        foreach (var (name, value) in secrets)
            variables.Add(name, value);
        return variables.BuildUnlessEmpty();
    }

    // Names of variables mean the same in any case; what Environment maps already is not mapped again.
    private IEnumerable<KeyValuePair<string, string>> SecretVariables() => LoginVariables
        .Concat(Secrets.Select(secret => KeyValuePair.Create(ProcessVariables.NameOf(secret), $"$({secret})")))
        .DistinctBy(variable => variable.Key, StringComparer.OrdinalIgnoreCase)
        .ExceptBy(Environment.Select(variable => variable.Key), variable => variable.Key, StringComparer.OrdinalIgnoreCase);

    private static IReadOnlyList<KeyValuePair<string, YamlValue>> Values(IReadOnlyList<(string Name, string Value)> texts) =>
        [.. texts.Select(text => KeyValuePair.Create(text.Name, YamlValue.Of(text.Value)))];
}

/// <summary>The shell that runs a script.</summary>
public enum ScriptShell
{
    /// <summary>The default shell of the agent: <c>cmd.exe</c>, <c>bash</c> or <c>sh</c>.</summary>
    Script,

    /// <summary>Bash on every system.</summary>
    Bash,

    /// <summary>PowerShell 7 on every system.</summary>
    Pwsh,
}

/// <summary>Variables in the environment of programs.</summary>
internal static class ProcessVariables
{
    /// <summary>
    /// Gets the name that the agent itself gives to a variable there: <c>System.AccessToken</c> is <c>SYSTEM_ACCESSTOKEN</c>. Hyphens,
    /// which names in key vaults have and names in processes cannot, are '_': <c>feed-key</c> is <c>feed_key</c>.
    /// </summary>
    public static string NameOf(string variable) => variable.Contains('.', StringComparison.Ordinal)
        ? variable.Replace('.', '_').ToUpperInvariant()
        : variable.Replace('-', '_');
}
