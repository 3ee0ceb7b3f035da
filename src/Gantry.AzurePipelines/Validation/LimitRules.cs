using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Validation;

/// <summary>Checks what the service limits: jobs of a stage, texts that people read, images of pools.</summary>
internal static class LimitRules
{
    private const int MostJobs = 256;
    private const int LongestInstructions = 4000;

    // The one pool that has images of virtual machines.
    private const string HostedPoolName = "Azure Pipelines";

    public static IEnumerable<Diagnostic> Check(PipelineIndex index) =>
        [
            .. from stage in index.Stages
               where stage.Stage.Jobs.Count > MostJobs
               select LimitErrors.TooManyJobs(stage.Path, stage.Stage.Name, stage.Stage.Jobs.Count, MostJobs),
            .. from job in index.Jobs
               let pool = job.Pool as NamedPool
               where pool?.Image is not null && !pool.Name.Equals(HostedPoolName, PipelineIndex.IgnoreCase)
               select LimitErrors.ImageOfNamedPool(job.Path, pool),
            .. from step in index.Steps
               let length = InstructionsOf(step.Step).Length
               where length > LongestInstructions
               select LimitErrors.LongInstructions(step.Path, step.Description, length, LongestInstructions),
        ];

    private static string InstructionsOf(Step step) =>
        step is TaskStep task && JobRules.IsTask(task, "ManualValidation") ? task.Input("instructions") ?? "" : "";
}
