using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Validation;

/// <summary>Checks what the service limits: jobs of a stage, texts that people read, images of pools.</summary>
internal static class LimitRules
{
    private const int JobsPerStage = 256;
    private const int CharactersOfInstructions = 4000;

    // The one pool that has images of virtual machines.
    private const string HostedPoolName = "Azure Pipelines";

    public static IEnumerable<Diagnostic> Check(PipelineIndex index) =>
        [
            .. from stage in index.Stages
               where stage.Stage.Jobs.Count > JobsPerStage
               select LimitErrors.TooManyJobs(stage.Path, stage.Stage.Name, stage.Stage.Jobs.Count, JobsPerStage),
            .. from job in index.Jobs
               let pool = job.Pool as NamedPool
               where pool?.Image is not null && !pool.Name.Equals(HostedPoolName, PipelineIndex.IgnoreCase)
               select LimitErrors.ImageOfNamedPool(job.Path, pool),
            .. from step in index.Steps
               let length = InstructionsOf(step.Step).Length
               where length > CharactersOfInstructions
               select LimitErrors.LongInstructions(step.Path, step.Description, length, CharactersOfInstructions),
        ];

    private static string InstructionsOf(Step step) =>
        step is TaskStep task && JobRules.IsTask(task, "ManualValidation") ? task.Input("instructions") ?? "" : "";
}
