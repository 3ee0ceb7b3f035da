using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Model;

/// <summary>What is taken in and what is left out. Nothing taken in: everything that is not left out.</summary>
public sealed record Filter
{
    /// <summary>What is taken in; <c>*</c> is a wildcard.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>What is left out of that.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Whether it says nothing.</summary>
    public bool IsEmpty => Include.Count == 0 && Exclude.Count == 0;

    /// <summary>Takes in these.</summary>
    public static Filter Only(params IReadOnlyList<string> include) => new() { Include = include };

    internal YamlValue? ToYaml() => IsEmpty ? null : new MappingBuilder().Add("include", Include).Add("exclude", Exclude).Build();
}

/// <summary>Which pushes start a run.</summary>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/trigger">trigger definition</seealso>
internal sealed record PushTrigger : PipelineNode
{
    /// <summary>No push starts a run.</summary>
    public static PushTrigger None { get; } = new() { Enabled = false };

    /// <summary>Whether pushes start runs at all.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Whether pushes are collected while a run is under way.</summary>
    public bool Batch { get; init; }

    /// <summary>The branches.</summary>
    public Filter Branches { get; init; } = new();

    /// <summary>The files that must have changed; only together with branches.</summary>
    public Filter Paths { get; init; } = new();

    /// <summary>The tags.</summary>
    public Filter Tags { get; init; } = new();

    /// <inheritdoc/>
    public override YamlValue ToYaml() => !Enabled ? YamlValue.Of("none") : new MappingBuilder()
        .Add("batch", Batch ? true : null)
        .Add("branches", Branches.ToYaml())
        .Add("paths", Paths.ToYaml())
        .Add("tags", Tags.ToYaml())
        .Build();
}

/// <summary>Which pull requests start a run.</summary>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/pr">pr definition</seealso>
internal sealed record PullRequestTrigger : PipelineNode
{
    /// <summary>No pull request starts a run.</summary>
    public static PullRequestTrigger None { get; } = new() { Enabled = false };

    /// <summary>Whether pull requests start runs at all.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Whether a newer push to the pull request cancels the run; null: the service's default, which is yes.</summary>
    public bool? AutoCancel { get; init; }

    /// <summary>The target branches.</summary>
    public Filter Branches { get; init; } = new();

    /// <summary>The files that must have changed.</summary>
    public Filter Paths { get; init; } = new();

    /// <summary>Whether drafts start runs; null: the service's default, which is yes.</summary>
    public bool? Drafts { get; init; }

    /// <inheritdoc/>
    public override YamlValue ToYaml() => !Enabled ? YamlValue.Of("none") : new MappingBuilder()
        .Add("autoCancel", AutoCancel)
        .Add("branches", Branches.ToYaml())
        .Add("paths", Paths.ToYaml())
        .Add("drafts", Drafts)
        .Build();
}

/// <summary>A start by the clock.</summary>
/// <param name="Cron">Minute, hour, day, month and day of the week, in UTC: <c>0 3 * * Mon-Fri</c>.</param>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/schedules-cron">schedules.cron definition</seealso>
public sealed record Schedule(string Cron)
{
    /// <summary>What people see.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The branches that run.</summary>
    public Filter Branches { get; init; } = new();

    /// <summary>Whether it runs although nothing has changed since the last scheduled run that went well.</summary>
    public bool Always { get; init; }

    /// <summary>Whether it is left out while the scheduled run before is under way.</summary>
    public bool Batch { get; init; }

    /// <inheritdoc cref="PipelineNode.Origin"/>
    internal string? Origin { get; init; }

    internal YamlValue ToYaml() => new MappingBuilder()
        .Add("cron", Cron)
        .Add("displayName", DisplayName)
        .Add("branches", Branches.ToYaml())
        .Add("batch", Batch ? true : null)
        .Add("always", Always ? true : null)
        .Build();
}
