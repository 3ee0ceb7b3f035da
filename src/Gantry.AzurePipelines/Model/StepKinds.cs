using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Model;

/// <summary>Checks out the sources.</summary>
/// <param name="Repository"><c>self</c>, <c>none</c> or the alias of a repository resource.</param>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/steps-checkout">steps.checkout definition</seealso>
internal sealed record CheckoutStep(string Repository = "self") : Step
{
    /// <summary>True when what is not in the repository is removed first; null: it stays.</summary>
    public bool? Clean { get; init; }

    /// <summary>
    /// The number of commits that are fetched; 0 for all of them; null: what the pipeline's settings say, which is 1 for new pipelines.
    /// </summary>
    public int? FetchDepth { get; init; }

    /// <summary>True when tags are fetched; null: what the pipeline's settings say.</summary>
    public bool? FetchTags { get; init; }

    /// <summary>True when files in Git LFS are downloaded; null: what the pipeline's settings say.</summary>
    public bool? LargeFiles { get; init; }

    /// <summary>The submodules; null: what the pipeline's settings say.</summary>
    public SubmoduleCheckout? Submodules { get; init; }

    /// <summary>True when the token stays in the clone.</summary>
    public bool? PersistCredentials { get; init; }

    /// <summary>The folder, relative to that of the job; null: <c>s</c>.</summary>
    public string? Path { get; init; }

    internal override YamlValue ToYaml() => ToYaml(new MappingBuilder()
        .Add("checkout", Repository)
        .Add("clean", Clean)
        .Add("fetchDepth", FetchDepth)
        .Add("fetchTags", FetchTags)
        .Add("lfs", LargeFiles)
        .Add("submodules", Submodules switch
        {
            SubmoduleCheckout.Recursive => YamlValue.Of("recursive"),
            SubmoduleCheckout.Direct => YamlValue.Of(true),
            SubmoduleCheckout.None => YamlValue.Of(false),
            _ => null,
        })
        .Add("persistCredentials", PersistCredentials)
        .Add("path", Path));
}

/// <summary>Runs a script.</summary>
/// <param name="Shell">The shell that runs it.</param>
/// <param name="Text">The script.</param>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/steps-script">steps.script definition</seealso>
internal sealed record ScriptStep(ScriptShell Shell, string Text) : Step
{
    /// <summary>The folder that it runs in; null: that of the sources.</summary>
    public string? WorkingDirectory { get; init; }

    internal override YamlValue ToYaml() => ToYaml(new MappingBuilder()
        .Add(Shell.ToString().ToLowerInvariant(), Text)
        .Add("workingDirectory", WorkingDirectory));
}

/// <summary>Runs a task.</summary>
/// <param name="TaskName">The task with its major version: <c>AzureCLI@2</c>.</param>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/steps-task">steps.task definition</seealso>
internal sealed record TaskStep(string TaskName) : Step
{
    /// <summary>The inputs by name.</summary>
    public IReadOnlyList<KeyValuePair<string, YamlValue>> Inputs { get; init; } = [];

    /// <summary>Gets the text of an input; null when it is not given.</summary>
    public string? Input(string name) =>
        (Inputs.FirstOrDefault(input => input.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value as YamlScalar)?.Text;

    internal override YamlValue ToYaml() =>
        ToYaml(new MappingBuilder().Add("task", TaskName), Inputs.Count == 0 ? null : new YamlMapping(Inputs));
}

/// <summary>Downloads artifacts into <c>$(Pipeline.Workspace)</c>.</summary>
/// <param name="Source"><c>current</c>, <c>none</c> or the alias of a pipeline resource.</param>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/steps-download">steps.download definition</seealso>
internal sealed record DownloadStep(string Source) : Step
{
    /// <summary>The artifact; null for all.</summary>
    public string? Artifact { get; init; }

    internal override YamlValue ToYaml() => ToYaml(new MappingBuilder().Add("download", Source).Add("artifact", Artifact));
}

/// <summary>Publishes a file or folder as an artifact of the run.</summary>
/// <param name="Path">The file or folder.</param>
/// <param name="Artifact">The name of the artifact, unique in a run.</param>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/steps-publish">steps.publish definition</seealso>
internal sealed record PublishStep(string Path, string Artifact) : Step
{
    internal override YamlValue ToYaml() => ToYaml(new MappingBuilder().Add("publish", Path).Add("artifact", Artifact));
}

/// <summary>Takes steps from a template.</summary>
/// <param name="Path">The path of the template.</param>
internal sealed record StepTemplate(string Path) : Step
{
    /// <summary>The parameters that the template is given.</summary>
    public YamlMapping? Parameters { get; init; }

    internal override YamlValue ToYaml() => new MappingBuilder().Add("template", Path).Add("parameters", Parameters).Build();
}
