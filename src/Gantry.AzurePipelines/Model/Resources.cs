using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Model;

/// <summary>The resources that a pipeline uses outside of its repository.</summary>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/resources">resources definition</seealso>
internal sealed record PipelineResources : PipelineNode
{
    /// <summary>Other repositories.</summary>
    public IReadOnlyList<RepositoryResource> Repositories { get; init; } = [];

    /// <summary>Other pipelines, whose runs and artifacts are used.</summary>
    public IReadOnlyList<PipelineResource> Pipelines { get; init; } = [];

    /// <summary>Container images that jobs run in.</summary>
    public IReadOnlyList<ContainerResource> Containers { get; init; } = [];

    /// <summary>Repositories of Azure Container Registries whose pushes start runs.</summary>
    public IReadOnlyList<AcrContainerResource> Registries { get; init; } = [];

    /// <inheritdoc/>
    public override YamlValue ToYaml() => new MappingBuilder()
        .Add("repositories", Repositories.Select(repository => repository.ToYaml()))
        .Add("pipelines", Pipelines.Select(pipeline => pipeline.ToYaml()))
        .Add("containers", Containers.Select(container => container.ToYaml()).Concat(Registries.Select(registry => registry.ToYaml())))
        .Build();
}

/// <summary>Another repository.</summary>
/// <param name="Alias">The name of the resource within the pipeline.</param>
/// <param name="Type">The type of the host: <c>git</c> (Azure Repos), <c>github</c>, <c>githubenterprise</c> or <c>bitbucket</c>.</param>
/// <param name="Name">The repository: <c>Project/templates</c>, <c>contoso/templates</c>.</param>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/resources-repositories-repository">
/// resources.repositories.repository definition
/// </seealso>
internal sealed record RepositoryResource(string Alias, string Type, string Name) : PipelineNode
{
    /// <summary>The branch or tag; null for the default branch.</summary>
    public string? Reference { get; init; }

    /// <summary>The service connection, required for repositories outside of Azure Repos.</summary>
    public string? Endpoint { get; init; }

    /// <inheritdoc/>
    public override YamlValue ToYaml() => new MappingBuilder()
        .Add("repository", Alias)
        .Add("type", Type)
        .Add("name", Name)
        .Add("ref", Reference)
        .Add("endpoint", Endpoint)
        .Build();
}

/// <summary>Another pipeline.</summary>
/// <param name="Alias">The name of the resource within the pipeline.</param>
/// <param name="Source">The name of the pipeline in the project.</param>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/resources-pipelines-pipeline">
/// resources.pipelines.pipeline definition
/// </seealso>
internal sealed record PipelineResource(string Alias, string Source) : PipelineNode
{
    /// <summary>The project; null for the same project.</summary>
    public string? Project { get; init; }

    /// <summary>The branch whose latest run is used when a run is started manually or by a schedule; null for any branch.</summary>
    public string? Branch { get; init; }

    /// <summary>The trigger of the resource; null for none.</summary>
    public PipelineCompletionTrigger? Trigger { get; init; }

    /// <inheritdoc/>
    public override YamlValue ToYaml() => new MappingBuilder()
        .Add("pipeline", Alias)
        .Add("project", Project)
        .Add("source", Source)
        .Add("branch", Branch)
        .Add("trigger", Trigger?.ToYaml())
        .Build();
}

/// <summary>The runs of another pipeline that start a run of this one.</summary>
internal sealed record PipelineCompletionTrigger : PipelineNode
{
    /// <summary>The branches of the other run.</summary>
    public Filter Branches { get; init; } = new();

    /// <summary>The stages whose completion starts the run; empty for the completion of the whole run.</summary>
    public IReadOnlyList<string> Stages { get; init; } = [];

    /// <summary>The tags that the other run must have; all of them are required.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <inheritdoc/>
    public override YamlValue ToYaml() =>
        Branches.IsEmpty && Stages.Count == 0 && Tags.Count == 0 ? YamlValue.Of(true) : new MappingBuilder()
            .Add("branches", Branches.ToYaml())
            .Add("stages", Stages)
            .Add("tags", Tags)
            .Build();
}

/// <summary>A container image that jobs run in.</summary>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/resources-containers-container">
/// resources.containers.container definition
/// </seealso>
public sealed record ContainerResource
{
    /// <summary>The name of the resource within the pipeline.</summary>
    public required string Alias { get; init; }

    /// <summary>The image with its tag or digest.</summary>
    public required string Image { get; init; }

    /// <summary>The service connection of a private registry; null or blank for none.</summary>
    public string? Endpoint { get; init => field = string.IsNullOrWhiteSpace(value) ? null : value; }

    /// <summary>The options of <c>docker create</c>.</summary>
    public string? Options { get; init; }

    /// <summary>
    /// True when the engine's socket is mapped into the container; null: the agent's default, which is no since agent 5.279.
    /// </summary>
    public bool? MapDockerSocket { get; init; }

    /// <summary>Variables of the container.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>Volumes to mount.</summary>
    public IReadOnlyList<string> Volumes { get; init; } = [];

    /// <summary>The ports of the machine that lead into the container, for a service of a job: <c>5432:5432</c>.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    /// <inheritdoc cref="PipelineNode.Origin"/>
    internal string? Origin { get; init; }

    internal YamlValue ToYaml() => new MappingBuilder()
        .Add("container", Alias)
        .Add("image", Image)
        .Add("endpoint", Endpoint)
        .Add("options", Options)
        .Add("mapDockerSocket", MapDockerSocket)
        .Add("env", Environment)
        .Add("ports", Ports)
        .Add("volumes", Volumes)
        .Build();
}

/// <summary>
/// A repository of an Azure Container Registry. A push starts a run: the service puts a webhook into the registry, with the identity of the
/// service connection.
/// </summary>
internal sealed record AcrContainerResource : PipelineNode
{
    /// <summary>The name of the resource within the pipeline.</summary>
    public required string Alias { get; init; }

    /// <summary>The Azure Resource Manager service connection.</summary>
    public required string AzureSubscription { get; init; }

    /// <summary>The resource group of the registry.</summary>
    public required string ResourceGroup { get; init; }

    /// <summary>The name of the registry, without <c>.azurecr.io</c>.</summary>
    public required string Registry { get; init; }

    /// <summary>The repository in the registry.</summary>
    public required string Repository { get; init; }

    /// <summary>The tags whose push starts a run; empty for all.</summary>
    public Filter Tags { get; init; } = new();

    /// <inheritdoc/>
    public override YamlValue ToYaml() => new MappingBuilder()
        .Add("container", Alias)
        .Add("type", "ACR")
        .Add("azureSubscription", AzureSubscription)
        .Add("resourceGroup", ResourceGroup)
        .Add("registry", Registry)
        .Add("repository", Repository)
        .Add("trigger", Tags.IsEmpty ? YamlValue.Of(true) : new MappingBuilder().Add("tags", Tags.ToYaml()).Build())
        .Build();
}
