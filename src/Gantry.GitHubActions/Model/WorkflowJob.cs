using Gantry.AzurePipelines.Yaml;
using Gantry.GitHubActions.Expressions;

namespace Gantry.GitHubActions.Model;

/// <summary>A job of a workflow.</summary>
/// <param name="Id">The id, by which other jobs need it.</param>
internal sealed record WorkflowJob(string Id)
{
    /// <summary>The name of the value of <see cref="Slices"/> in the context <c>matrix</c>.</summary>
    public const string SliceVariable = "slice";

    public string? Name { get; init; }

    public IReadOnlyList<string> Needs { get; init; } = [];

    public Expression? Condition { get; init; }

    public IReadOnlyList<string> RunsOn { get; init; } = [];

    /// <summary>The image of the container that the steps run in; null for none.</summary>
    public string? Container { get; init; }

    /// <summary>The environment of GitHub, whose protection rules are the gates; null for none.</summary>
    public string? Environment { get; init; }

    public JobConcurrency? Concurrency { get; init; }

    /// <summary>
    /// The number of jobs that run the steps at the same time, each with its <c>matrix.slice</c> from 1; null for one job. A slice that
    /// fails does not stop the others.
    /// </summary>
    public int? Slices { get; init; }

    public JobPermissions Permissions { get; init; } = new();

    public int? TimeoutInMinutes { get; init; }

    /// <summary>The values that jobs after this one read.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Outputs { get; init; } = [];

    public IReadOnlyList<WorkflowStep> Steps { get; init; } = [];

    /// <summary>The path in the declaration that the job comes from, for messages. It is not written.</summary>
    public required string Origin { get; init; }

    public YamlMapping ToYaml() => new MappingBuilder()
        .Add("name", Name)
        .Add("needs", Needs)
        .Add("if", Condition?.Wrapped)
        .Add("runs-on", RunsOn is [var label] ? YamlValue.Of(label) : RunsOn.Count == 0 ? null : YamlValue.Of(RunsOn))
        .Add("container", Container)
        .Add("environment", Environment)
        .Add("concurrency", Concurrency?.ToYaml())
        .Add("permissions", Permissions.ToYaml())
        .Add("strategy", Slices is not { } slices ? null : new MappingBuilder()
            .Add("fail-fast", false)
            .Add("matrix", new MappingBuilder()
                .Add(SliceVariable, new YamlSequence([.. Enumerable.Range(1, slices).Select(slice => YamlValue.Of(slice))]))
                .Build())
            .Build())
        .Add("timeout-minutes", TimeoutInMinutes)
        .Add("outputs", Outputs)
        .Add("steps", Steps.Select(step => (YamlValue)step.ToYaml()))
        .Build();
}

/// <summary>The group of jobs of which one runs at a time.</summary>
/// <param name="Group">The name of the group.</param>
/// <param name="KeepsAll">True when every waiting job gets its turn; false when the newest replaces the one that waits.</param>
internal sealed record JobConcurrency(string Group, bool KeepsAll)
{
    public YamlMapping ToYaml() => new MappingBuilder()
        .Add("group", Group)
        .Add("cancel-in-progress", false)
        .Add("queue", KeepsAll ? "max" : null)
        .Build();
}

/// <summary>The rights of the token of a job; those that are not named are none.</summary>
internal sealed record JobPermissions
{
    public bool ReadActions { get; init; }

    public bool ReadDeployments { get; init; }

    public bool SignsIn { get; init; }

    public bool ReadPackages { get; init; }

    public bool WritePackages { get; init; }

    public YamlMapping ToYaml() => new MappingBuilder()
        .Add("actions", ReadActions ? "read" : null)
        .Add("contents", "read")
        .Add("deployments", ReadDeployments ? "read" : null)
        .Add("id-token", SignsIn ? "write" : null)
        .Add("packages", WritePackages ? "write" : ReadPackages ? "read" : null)
        .Build();
}
