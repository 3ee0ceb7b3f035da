using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Generation;

/// <summary>Checks that the stages and jobs that something is added to are generated.</summary>
internal static class AdditionRules
{
    public static IEnumerable<Diagnostic> Check(PipelineDeclaration declaration, IReadOnlyList<PipelineFile> pipelines)
    {
        var stages = pipelines.SelectMany(file => file.Pipeline.Extends?.Stages ?? file.Pipeline.Stages).OfType<Stage>().ToList();
        foreach (var additions in declaration.Additions)
        {
            var path = DeclarationPath.For(additions);
            var found = stages.Where(stage => OwnSteps.IsSame(stage.Name, additions.Stage)).ToList();
            var jobs = found.SelectMany(stage => stage.Jobs).Where(OwnSteps.IsGenerated).Select(job => job.Name).Distinct().ToList();
            if (found.Count == 0)
                yield return DeclarationErrors.UnknownStage(path, additions.Stage, stages.Select(stage => stage.Name).Distinct());
            else if (additions.Job is { } name && !jobs.Any(job => OwnSteps.IsSame(job, name)))
                yield return DeclarationErrors.UnknownJob(path, additions.Stage, name, jobs);
        }
    }
}
