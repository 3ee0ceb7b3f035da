using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Validation;

namespace Gantry.AzurePipelines.Provisioning;

/// <summary>The resources that a pipeline uses and needs permission for.</summary>
internal sealed record PipelineUses(
    IReadOnlyList<string> Environments, IReadOnlyList<string> ServiceConnections, IReadOnlyList<string> VariableGroups)
{
    public static PipelineUses Of(Pipeline pipeline)
    {
        var index = new PipelineIndex(pipeline);
        var resources = pipeline.Resources ?? new PipelineResources();
        var variables = pipeline.Variables
            .Concat(index.Stages.SelectMany(stage => stage.Stage.Variables));
        var connections = index.Steps.Select(step => step.Step).OfType<TaskStep>().SelectMany(StepRules.ConnectionsOf)
            .Concat(resources.Containers.Select(container => container.Endpoint))
            .Concat(resources.Registries.Select(registry => registry.AzureSubscription))
            .Concat(resources.Repositories.Select(repository => repository.Endpoint));
        return new(
            Distinct(index.Jobs.Select(job => job.Job.Environment)),
            Distinct(connections),
            Distinct(variables.OfType<VariableGroup>().Select(group => group.Name)));
    }

    private static IReadOnlyList<string> Distinct(IEnumerable<string?> names) =>
        [.. names.OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];
}
