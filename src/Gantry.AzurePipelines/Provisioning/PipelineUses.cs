using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Validation;

namespace Gantry.AzurePipelines.Provisioning;

/// <summary>The resources that a pipeline uses and needs permission for.</summary>
internal sealed record PipelineUses(
    IReadOnlyList<string> Environments, IReadOnlyList<string> ServiceConnections, IReadOnlyList<string> VariableGroups)
{
    /// <summary>The repositories in Azure Repos: <c>Project/deploy</c>, or <c>deploy</c> for one of the same project.</summary>
    public IReadOnlyList<string> Repositories { get; init; } = [];

    public static PipelineUses Of(Pipeline pipeline)
    {
        var index = new PipelineIndex(pipeline);
        var resources = pipeline.Resources ?? new PipelineResources();
        var variables = pipeline.Variables
            .Concat(index.Stages.SelectMany(stage => stage.Stage.Variables))
            .Concat(index.Jobs.SelectMany(job => job.Job.VariableEntries));
        var connections = index.Steps.Select(step => step.Step).OfType<TaskStep>().SelectMany(StepRules.ConnectionsOf)
            .Concat(resources.Containers.Select(container => container.Endpoint))
            .Concat(resources.Registries.Select(registry => registry.AzureSubscription))
            .Concat(resources.Repositories.Select(repository => repository.Endpoint));
        return new(
            Distinct(index.Jobs.Select(job => job.Job.Environment)),
            Distinct(connections),
            Distinct(variables.OfType<VariableGroup>().Select(group => group.Name)))
        {
            Repositories = Distinct(resources.Repositories.Where(found => found.Type == "git").Select(found => found.Name)),
        };
    }

    private static IReadOnlyList<string> Distinct(IEnumerable<string?> names) =>
        [.. names.OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];
}
