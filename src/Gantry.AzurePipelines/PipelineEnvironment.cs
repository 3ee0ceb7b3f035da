using Gantry.AzurePipelines.Model;
using Gantry.Environments;

namespace Gantry.AzurePipelines;

/// <summary>An environment of a build, and how Azure DevOps gets there.</summary>
/// <param name="Environment">The environment with its gates and regions.</param>
public sealed record PipelineEnvironment(PromotionEnvironment Environment)
{
    /// <summary>The target of the build that promotes to it.</summary>
    public string Target { get; init; } = "Promote" + Environment.Identifier;

    /// <summary>The name of the environment in Azure DevOps.</summary>
    public string AzureEnvironment { get; init; } = Environment.Name;

    /// <summary>What people read about the environment in Azure DevOps; null: nothing.</summary>
    public string? Description { get; init; }

    /// <summary>The registries of the environment: one for each of <see cref="PromotionEnvironment.RegistryParameters"/>, in their order.</summary>
    public IReadOnlyList<PipelineRegistry> Registries { get; init; } = [.. Environment.RegistryParameters.Select(parameter => new PipelineRegistry(parameter))];

    /// <summary>
    /// The Azure Resource Manager service connection that promotions run under; null: none is needed, as for registries that take a
    /// password from a secret.
    /// </summary>
    public string? ServiceConnection { get; init; }

    /// <summary>
    /// Whether every region has a job of its own, which promotes to it alone (<c>--region</c>) under the service connection of its
    /// registry; otherwise one job promotes to all regions at once.
    /// </summary>
    public bool JobPerRegion { get; init; }

    /// <summary>Where promotions run; null: where the whole pipeline does.</summary>
    public Pool? Pool { get; init; }

    /// <summary>The alias of the container that promotions run in; null: on the machine itself.</summary>
    public string? Container { get; init; }

    /// <summary>Variable groups for this environment alone.</summary>
    public IReadOnlyList<string> VariableGroups { get; init; } = [];

    /// <summary>
    /// Secret variables for this environment alone, beside those of the declaration and those that its deployments and health checks name.
    /// </summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    internal IReadOnlyList<string> AllSecrets => [.. Secrets, .. Environment.DeploymentVariables];

    /// <summary>How long a promotion may take, in minutes; null: an hour.</summary>
    public int? TimeoutInMinutes { get; init; }
}

/// <summary>A registry, as a parameter of the build.</summary>
/// <param name="Parameter">The name of the parameter: <c>DevRegistry</c>.</param>
public sealed record PipelineRegistry(string Parameter)
{
    /// <summary>The address: <c>contoso.azurecr.io/team</c>; null: a variable group or the variables of the pipeline give it under the name of the parameter.</summary>
    public string? Address { get; init; }

    /// <summary>The Azure Resource Manager service connection that may use it. Of environments, only together with <see cref="PipelineEnvironment.JobPerRegion"/>.</summary>
    public string? ServiceConnection { get; init; }

    /// <summary>The resource group that it is in: only needed when its pushes start a pipeline.</summary>
    public string? ResourceGroup { get; init; }
}
