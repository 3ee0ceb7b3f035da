using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Model;

/// <summary>A step of a job.</summary>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/steps">steps definition</seealso>
public abstract record Step : PipelineNode
{
    /// <summary>The name by which its outputs are read; null: it has none.</summary>
    public string? Name { get; init; }

    /// <summary>What people see.</summary>
    public string? DisplayName { get; init; }

    /// <summary>When it runs; null: when all before it went well.</summary>
    public string? Condition { get; init; }

    /// <summary>Whether the job goes on when it fails.</summary>
    public bool ContinueOnError { get; init; }

    /// <summary>How long it may take, in minutes; null: as long as its job.</summary>
    public int? TimeoutInMinutes { get; init; }

    /// <summary>How often it is tried again when it fails.</summary>
    public int? RetryCountOnTaskFailure { get; init; }

    /// <summary>The variables of its process beside those of the job. The only way in for secrets.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    private protected YamlMapping ToYaml(MappingBuilder step, YamlMapping? inputs = null) => step
        .Add("name", Name)
        .Add("displayName", DisplayName)
        .Add("condition", Condition)
        .Add("continueOnError", ContinueOnError ? true : null)
        .Add("timeoutInMinutes", TimeoutInMinutes)
        .Add("retryCountOnTaskFailure", RetryCountOnTaskFailure)
        .Add("inputs", inputs)
        .Add("env", Environment)
        .Build();
}

/// <summary>Fetches the sources.</summary>
/// <param name="Repository"><c>self</c>, <c>none</c> or the alias of a repository resource.</param>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/steps-checkout">steps.checkout definition</seealso>
public sealed record CheckoutStep(string Repository = "self") : Step
{
    /// <summary>Whether what is not in the repository is removed first; null: no.</summary>
    public bool? Clean { get; init; }

    /// <summary>How many commits are fetched; 0 for all of them; null: what the pipeline's settings say, which is 1 for new pipelines.</summary>
    public int? FetchDepth { get; init; }

    /// <summary>Whether tags are fetched; null: what the pipeline's settings say.</summary>
    public bool? FetchTags { get; init; }

    /// <summary>Whether the credentials stay in the working copy; null: no.</summary>
    public bool? PersistCredentials { get; init; }

    /// <inheritdoc/>
    public override YamlValue ToYaml() => ToYaml(new MappingBuilder()
        .Add("checkout", Repository)
        .Add("clean", Clean)
        .Add("fetchDepth", FetchDepth)
        .Add("fetchTags", FetchTags)
        .Add("persistCredentials", PersistCredentials));
}

/// <summary>Runs a script.</summary>
/// <param name="Shell">What runs it.</param>
/// <param name="Script">The script.</param>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/steps-script">steps.script definition</seealso>
public sealed record ScriptStep(ScriptShell Shell, string Script) : Step
{
    /// <summary>Where it runs; null: in the folder of the sources.</summary>
    public string? WorkingDirectory { get; init; }

    /// <inheritdoc/>
    public override YamlValue ToYaml() => ToYaml(new MappingBuilder()
        .Add(Shell.ToString().ToLowerInvariant(), Script)
        .Add("workingDirectory", WorkingDirectory));
}

/// <summary>What runs a script.</summary>
public enum ScriptShell
{
    /// <summary>The shell of the machine: <c>cmd.exe</c>, <c>bash</c> or <c>sh</c>.</summary>
    Script,

    /// <summary>Bash on every system.</summary>
    Bash,

    /// <summary>PowerShell 7 on every system.</summary>
    Pwsh,
}

/// <summary>Runs a task.</summary>
/// <param name="Task">The task with its major version: <c>AzureCLI@2</c>.</param>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/steps-task">steps.task definition</seealso>
public sealed record TaskStep(string Task) : Step
{
    /// <summary>What the task is given.</summary>
    public IReadOnlyList<KeyValuePair<string, YamlValue>> Inputs { get; init; } = [];

    /// <summary>What the task is given under this name, as text; null: nothing.</summary>
    public string? Input(string name) =>
        (Inputs.FirstOrDefault(input => input.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value as YamlScalar)?.Text;

    /// <inheritdoc/>
    public override YamlValue ToYaml() => ToYaml(new MappingBuilder().Add("task", Task), Inputs.Count == 0 ? null : new YamlMapping(Inputs));
}

/// <summary>Downloads artifacts into <c>$(Pipeline.Workspace)</c>.</summary>
/// <param name="Source"><c>current</c>, <c>none</c> or the alias of a pipeline resource.</param>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/steps-download">steps.download definition</seealso>
public sealed record DownloadStep(string Source) : Step
{
    /// <summary>The artifact; null: all.</summary>
    public string? Artifact { get; init; }

    /// <summary>Which files of it; null: all.</summary>
    public string? Patterns { get; init; }

    /// <inheritdoc/>
    public override YamlValue ToYaml() => ToYaml(new MappingBuilder()
        .Add("download", Source)
        .Add("artifact", Artifact)
        .Add("patterns", Patterns));
}

/// <summary>Publishes a file or folder as an artifact of the run.</summary>
/// <param name="Path">The file or folder.</param>
/// <param name="Artifact">The name of the artifact, once in a run.</param>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/steps-publish">steps.publish definition</seealso>
public sealed record PublishStep(string Path, string Artifact) : Step
{
    /// <inheritdoc/>
    public override YamlValue ToYaml() => ToYaml(new MappingBuilder().Add("publish", Path).Add("artifact", Artifact));
}

/// <summary>Steps from a template.</summary>
/// <param name="Path">The path of the template.</param>
public sealed record StepTemplate(string Path) : Step
{
    /// <summary>What the template is given.</summary>
    public YamlMapping? Parameters { get; init; }

    /// <inheritdoc/>
    public override YamlValue ToYaml() => new MappingBuilder().Add("template", Path).Add("parameters", Parameters).Build();
}
