using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Validation;

/// <summary>An index of a pipeline for the rules: its stages, jobs and steps, with their paths and dependencies.</summary>
internal sealed class PipelineIndex
{
    public const StringComparison IgnoreCase = StringComparison.OrdinalIgnoreCase;

    public PipelineIndex(Pipeline pipeline)
    {
        Pipeline = pipeline;
        Path = pipeline.Origin ?? "Pipeline";
        IReadOnlyList<StageEntry> entries = pipeline.Extends is { } extends ? extends.Stages : pipeline.Stages;
        HasTemplates = entries.Any(entry => entry is StageTemplate);
        var stages = new List<IndexedStage>();
        StageEntry? before = null;
        foreach (var entry in entries)
        {
            if (entry is Stage stage)
                stages.Add(new IndexedStage(stage, pipeline, stage.DependsOn ?? (before is Stage { Name: var name } ? [name] : [])));
            before = entry;
        }

        Stages = stages;
    }

    public Pipeline Pipeline { get; }

    /// <summary>The path of the pipeline in the declaration.</summary>
    public string Path { get; }

    /// <summary>True when there are stages that are not known here.</summary>
    public bool HasTemplates { get; }

    public IReadOnlyList<IndexedStage> Stages { get; }

    public IEnumerable<IndexedJob> Jobs => Stages.SelectMany(stage => stage.Jobs);

    public IEnumerable<IndexedStep> Steps => Jobs.SelectMany(job => job.Steps);

    public IndexedStage? FindStage(string name) => Stages.FirstOrDefault(stage => stage.Stage.Name.Equals(name, IgnoreCase));

    /// <summary>Returns all stages that run before a stage, directly or indirectly.</summary>
    public IReadOnlyCollection<IndexedStage> StagesBefore(IndexedStage stage) => Before(stage, at => at.DependsOn.Select(FindStage));

    /// <summary>Returns all jobs of the same stage that run before a job, directly or indirectly.</summary>
    public static IReadOnlyCollection<IndexedJob> JobsBefore(IndexedJob job) =>
        Before(job, at => at.Job.DependsOn.Select(job.Stage.FindJob));

    private static HashSet<T> Before<T>(T start, Func<T, IEnumerable<T?>> dependencies)
        where T : class
    {
        var found = new HashSet<T>();
        var open = new Stack<T>([start]);
        while (open.TryPop(out var at))
        {
            foreach (var dependency in dependencies(at))
            {
                if (dependency is not null && found.Add(dependency))
                    open.Push(dependency);
            }
        }

        return found;
    }
}

/// <summary>A stage and its path.</summary>
internal sealed class IndexedStage
{
    public IndexedStage(Stage stage, Pipeline pipeline, IReadOnlyList<string> dependsOn)
    {
        Stage = stage;
        DependsOn = dependsOn;
        Path = stage.Origin ?? $"Stages[\"{stage.Name}\"]";
        HasTemplates = stage.Jobs.Any(job => job.Plain?.Template is not null);
        Jobs = [.. stage.Jobs.Where(IsKnown).Select(job => new IndexedJob(job, this, job.Pool ?? stage.Pool ?? pipeline.Pool))];
    }

    public Stage Stage { get; }

    /// <summary>The names of the stages that it directly depends on; by default the previous stage in the list.</summary>
    public IReadOnlyList<string> DependsOn { get; }

    public string Path { get; }

    /// <summary>True when there are jobs that are not known here.</summary>
    public bool HasTemplates { get; }

    /// <summary>The jobs, without those of templates and those that could not be read.</summary>
    public IReadOnlyList<IndexedJob> Jobs { get; }

    private static bool IsKnown(Job job) => job.Plain is not ({ Template: not null } or { Error: not null });

    public IndexedJob? FindJob(string name) => Jobs.FirstOrDefault(job => job.Job.Name.Equals(name, PipelineIndex.IgnoreCase));
}

/// <summary>A job and its path.</summary>
internal sealed class IndexedJob
{
    public IndexedJob(Job job, IndexedStage stage, Pool? pool)
    {
        Job = job;
        Stage = stage;
        Pool = pool;
        var origin = job.Origin ?? stage.Stage.Origin;
        Path = origin ?? $"{stage.Path}.Jobs[\"{job.Name}\"]";
        Steps =
        [
            .. job.Steps.Concat(job.Plain?.StrategySteps ?? []).Select((step, position) =>
                new IndexedStep(step, this, step.Origin ?? origin ?? $"{Path}.Steps[{position}]")),
        ];
    }

    public Job Job { get; }

    public IndexedStage Stage { get; }

    /// <summary>The pool of the job: its own, that of its stage or that of the pipeline.</summary>
    public Pool? Pool { get; }

    public string Path { get; }

    public IReadOnlyList<IndexedStep> Steps { get; }

    /// <summary>The job as messages call it.</summary>
    public string Description => $"the {(Job.Environment is null ? "job" : "deployment job")} '{Job.Name}'";
}

/// <summary>A step and its path.</summary>
internal sealed record IndexedStep(Step Step, IndexedJob Job, string Path)
{
    /// <summary>The description of the step in a sentence.</summary>
    public string Description => Step switch
    {
        { Name: { } name } => $"the step '{name}'",
        { DisplayName: { } name } => $"the step '{name}'",
        TaskStep task => $"the step '{task.TaskName}'",
        _ => $"a step of the job '{Job.Job.Name}'",
    };
}
