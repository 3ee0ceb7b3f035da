using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Model;

/// <summary>A filter with included and excluded names. Without included names, it matches everything that is not excluded.</summary>
public sealed record Filter
{
    /// <summary>The included names; <c>*</c> is a wildcard.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>The names excluded from them.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>True when the filter is empty.</summary>
    public bool IsEmpty => Include.Count == 0 && Exclude.Count == 0;

    /// <summary>Creates a filter that includes only these names.</summary>
    public static Filter Only(params IReadOnlyList<string> include) => new() { Include = include };

    internal YamlValue? ToYaml() => IsEmpty ? null : new MappingBuilder().Add("include", Include).Add("exclude", Exclude).Build();
}

/// <summary>The pushes that start a run.</summary>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/trigger">trigger definition</seealso>
internal sealed record PushTrigger : PipelineNode
{
    /// <summary>No push starts a run.</summary>
    public static PushTrigger None { get; } = new() { Enabled = false };

    /// <summary>True when pushes start runs.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>True to batch pushes while a run is in progress.</summary>
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

/// <summary>The pull requests that start a run.</summary>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/pr">pr definition</seealso>
internal sealed record PullRequestTrigger : PipelineNode
{
    /// <summary>No pull request starts a run.</summary>
    public static PullRequestTrigger None { get; } = new() { Enabled = false };

    /// <summary>True when pull requests start runs.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>True when a newer push to the pull request cancels the run; null for the default of the service, which is true.</summary>
    public bool? AutoCancel { get; init; }

    /// <summary>The target branches.</summary>
    public Filter Branches { get; init; } = new();

    /// <summary>The files that must have changed.</summary>
    public Filter Paths { get; init; } = new();

    /// <summary>True when drafts start runs; null for the default of the service, which is true.</summary>
    public bool? Drafts { get; init; }

    /// <inheritdoc/>
    public override YamlValue ToYaml() => !Enabled ? YamlValue.Of("none") : new MappingBuilder()
        .Add("autoCancel", AutoCancel)
        .Add("branches", Branches.ToYaml())
        .Add("paths", Paths.ToYaml())
        .Add("drafts", Drafts)
        .Build();
}

/// <summary>A schedule for runs.</summary>
/// <param name="Cron">Minute, hour, day, month and day of the week, in UTC: <c>0 3 * * Mon-Fri</c>.</param>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/schedules-cron">schedules.cron definition</seealso>
public sealed record Schedule(string Cron)
{
    /// <summary>The display name.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The branches to run.</summary>
    public Filter Branches { get; init; } = new();

    /// <summary>True to run even when nothing has changed since the last successful scheduled run.</summary>
    public bool Always { get; init; }

    /// <summary>True to skip the run while the previous scheduled run is in progress.</summary>
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
