using Gantry.AzurePipelines.Gates;
using Gantry.AzurePipelines.Model;
using Gantry.Environments;

namespace Gantry.AzurePipelines.Generation;

/// <summary>The parts that both pipelines share.</summary>
internal static class PipelineParts
{
    /// <summary>Returns the declared environments in promotion order.</summary>
    public static IEnumerable<PipelineEnvironment> Ordered(PipelineDeclaration declaration) =>
        Ordered(declaration, EnvironmentSet.Create([.. declaration.Environments.Select(environment => environment.Environment)]));

    /// <inheritdoc cref="Ordered(PipelineDeclaration)"/>
    public static IEnumerable<PipelineEnvironment> Ordered(PipelineDeclaration declaration, EnvironmentSet environments) =>
        environments.Select(environment => declaration.Environments.First(declared => declared.Environment == environment));

    /// <summary>
    /// Creates the variables: groups, addresses of registries, and declared variables. The build receives them as environment variables.
    /// </summary>
    public static IReadOnlyList<VariableEntry> Variables(PipelineDeclaration declaration)
    {
        var baseAddress = declaration.Transport == ImageTransport.Artifact
            ? Conditions.ImagesAddress(declaration)
            : declaration.BaseRegistry.Address;
        List<VariableEntry> entries =
            [.. declaration.VariableGroups.Select(group => new VariableGroup(group) { Origin = "VariableGroups" })];
        if (baseAddress is not null)
            entries.Add(new Variable(declaration.BaseRegistry.Parameter, baseAddress) { Origin = "BaseRegistry" });

        foreach (var environment in declaration.Environments)
        {
            for (var i = 0; i < environment.Registries.Count; i++)
            {
                if (environment.Registries[i] is { Address: { } address, Parameter: var parameter })
                    entries.Add(new Variable(parameter, address) { Origin = DeclarationPath.ForRegistry(environment, i) });
            }
        }

        entries.AddRange(declaration.Variables.Select(variable => new Variable(variable.Key, variable.Value) { Origin = "Variables" }));
        return [.. entries, .. BuildSteps.PackagesFolder(declaration.Tools)];
    }

    public static IReadOnlyList<Schedule> Schedules(IReadOnlyList<Schedule> schedules, string origin) =>
        [.. schedules.Select((schedule, i) => schedule with { Origin = schedule.Origin ?? $"{origin}[{i}]" })];

    /// <summary>Creates the trigger for pull requests. What is the default of the service is not written.</summary>
    public static PullRequestTrigger PullRequests(PipelineTriggers triggers) => triggers.PullRequests is not { } builds
        ? PullRequestTrigger.None
        : new PullRequestTrigger
        {
            AutoCancel = builds.AutoCancel ? null : false,
            Branches = builds.Branches,
            Paths = builds.Paths,
            Drafts = builds.Drafts ? null : false,
            Origin = "Triggers.PullRequests",
        };

    public static IReadOnlyList<ContainerResource> Containers(PipelineDeclaration declaration) =>
        [.. declaration.Containers.Select((container, i) => container with { Origin = container.Origin ?? $"Containers[{i}]" })];

    /// <summary>
    /// Wraps the pipeline so that it extends the template that gates require. Returns it unchanged when no template is required.
    /// </summary>
    public static Pipeline WithRequiredTemplate(PipelineDeclaration declaration, Pipeline pipeline)
    {
        if (declaration.Environments
            .SelectMany(environment => environment.Environment.Gates)
            .OfType<RequiredTemplateGate>()
            .FirstOrDefault() is not { } gate)
            return pipeline;

        const string alias = "requiredTemplate";
        var resources = pipeline.Resources ?? new PipelineResources();
        var repository = new RepositoryResource(alias, gate.RepositoryType, gate.Repository)
        {
            Reference = gate.Reference,
            Endpoint = declaration.TemplateEndpoint,
        };
        return pipeline with
        {
            Resources = resources with { Repositories = [.. resources.Repositories, repository] },
            Extends = new ExtendsTemplate($"{gate.Path}@{alias}")
            {
                StagesParameter = declaration.TemplateParameter,
                Stages = pipeline.Stages,
            },
            Stages = [],
        };
    }
}
