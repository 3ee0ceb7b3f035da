using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Model;

/// <summary>The agents that jobs run on.</summary>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/pool">pool definition</seealso>
public abstract record Pool
{
    private protected Pool()
    {
    }

    internal abstract YamlValue ToYaml();
}

/// <summary>Hosted agents of Microsoft.</summary>
/// <param name="Image">The VM image of the agents: <c>ubuntu-latest</c>.</param>
public sealed record HostedPool(string Image) : Pool
{
    internal override YamlValue ToYaml() => new MappingBuilder().Add("vmImage", Image).Build();
}

/// <summary>A pool of the organization: self-hosted agents, a scale set, or a managed pool.</summary>
/// <param name="Name">The name of the pool.</param>
public sealed record NamedPool(string Name) : Pool
{
    /// <summary>The demands on the agent: <c>docker</c>, <c>Agent.OS -equals Linux</c>.</summary>
    public IReadOnlyList<string> Demands { get; init; } = [];

    /// <summary>The VM image, for pools that have several.</summary>
    public string? Image { get; init; }

    internal override YamlValue ToYaml() => new MappingBuilder()
        .Add("name", Name)
        .Add("vmImage", Image)
        .Add("demands", Demands)
        .Build();
}

/// <summary>No agent: the service itself runs the tasks of the job.</summary>
internal sealed record ServerPool : Pool
{
    internal override YamlValue ToYaml() => YamlValue.Of("server");
}
