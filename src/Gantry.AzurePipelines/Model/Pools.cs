using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Model;

/// <summary>Where jobs run.</summary>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/pool">pool definition</seealso>
public abstract record Pool
{
    private protected Pool()
    {
    }

    internal abstract YamlValue ToYaml();
}

/// <summary>Machines of Microsoft.</summary>
/// <param name="Image">The image of the machine: <c>ubuntu-latest</c>.</param>
public sealed record HostedPool(string Image) : Pool
{
    internal override YamlValue ToYaml() => new MappingBuilder().Add("vmImage", Image).Build();
}

/// <summary>A pool of the organization: own agents, a scale set, a managed pool.</summary>
/// <param name="Name">The name of the pool.</param>
public sealed record NamedPool(string Name) : Pool
{
    /// <summary>What the agent must have: <c>docker</c>, <c>Agent.OS -equals Linux</c>.</summary>
    public IReadOnlyList<string> Demands { get; init; } = [];

    /// <summary>The image, for pools that have several.</summary>
    public string? Image { get; init; }

    internal override YamlValue ToYaml() => new MappingBuilder()
        .Add("name", Name)
        .Add("vmImage", Image)
        .Add("demands", Demands)
        .Build();
}

/// <summary>No machine: the service itself runs the tasks of the job.</summary>
internal sealed record ServerPool : Pool
{
    internal override YamlValue ToYaml() => YamlValue.Of("server");
}
