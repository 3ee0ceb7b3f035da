using Gantry.AzurePipelines.Yaml;

namespace Gantry.GitHubActions.Model;

/// <summary>A workflow, written with its keys in a fixed order.</summary>
/// <param name="Name">The name that people see.</param>
/// <seealso href="https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax">
/// Workflow syntax for GitHub Actions
/// </seealso>
internal sealed record Workflow(string Name)
{
    /// <summary>The name of a run; null for the title of its commit.</summary>
    public string? RunName { get; init; }

    public required WorkflowTriggers Triggers { get; init; }

    /// <summary>The variables of all steps.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    public required IReadOnlyList<WorkflowJob> Jobs { get; init; }

    /// <summary>Returns the workflow as YAML. Each job has its own permissions, so the workflow as a whole has none.</summary>
    public YamlMapping ToYaml() => new MappingBuilder()
        .Add("name", Name)
        .Add("run-name", RunName)
        .Add("on", Triggers.ToYaml())
        .Add("permissions", new YamlMapping([]))
        .Add("env", Environment)
        .Add("jobs", new YamlMapping([.. Jobs.Select(job => KeyValuePair.Create(job.Id, (YamlValue)job.ToYaml()))]))
        .Build();
}

/// <summary>The events that start a workflow.</summary>
internal sealed record WorkflowTriggers
{
    /// <summary>The pushes; null for none.</summary>
    public PushEvent? Push { get; init; }

    /// <summary>The pull requests; null for none.</summary>
    public PushEvent? PullRequest { get; init; }

    /// <summary>The cron expressions of schedules, in UTC.</summary>
    public IReadOnlyList<string> Schedules { get; init; } = [];

    /// <summary>The inputs of a run that a person starts; null when people start none.</summary>
    public IReadOnlyList<WorkflowInput>? Inputs { get; init; }

    public YamlMapping ToYaml() => new MappingBuilder()
        .Add("push", Push?.ToYaml())
        .Add("pull_request", PullRequest?.ToYaml())
        .Add("schedule", Schedules.Select(cron => (YamlValue)new MappingBuilder().Add("cron", cron).Build()))
        .Add("workflow_dispatch", Inputs is null ? null : new MappingBuilder()
            .Add("inputs", Inputs.Count == 0
                ? null
                : new YamlMapping([.. Inputs.Select(input => KeyValuePair.Create(input.Name, (YamlValue)input.ToYaml()))]))
            .Build())
        .Build();
}

/// <summary>The branches, tags and files of a push or pull request.</summary>
internal sealed record PushEvent
{
    public IReadOnlyList<string> Branches { get; init; } = [];

    public IReadOnlyList<string> BranchesIgnore { get; init; } = [];

    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyList<string> Paths { get; init; } = [];

    public IReadOnlyList<string> PathsIgnore { get; init; } = [];

    public YamlMapping ToYaml() => new MappingBuilder()
        .Add("branches", Branches)
        .Add("branches-ignore", BranchesIgnore)
        .Add("tags", Tags)
        .Add("paths", Paths)
        .Add("paths-ignore", PathsIgnore)
        .Build();
}

/// <summary>An input of a run that a person starts.</summary>
/// <param name="Name">The name.</param>
/// <param name="Description">The text that people see.</param>
internal sealed record WorkflowInput(string Name, string Description)
{
    public bool IsRequired { get; init; }

    public string? Default { get; init; }

    /// <summary>The values to choose from; empty for any text.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    public YamlMapping ToYaml() => new MappingBuilder()
        .Add("description", Description)
        .Add("type", Options.Count == 0 ? "string" : "choice")
        .Add("required", IsRequired ? true : null)
        .Add("default", Default)
        .Add("options", Options)
        .Build();
}
