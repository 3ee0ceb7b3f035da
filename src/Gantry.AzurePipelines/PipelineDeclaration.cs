using Gantry.AzurePipelines.Model;
using Gantry.Environments;

namespace Gantry.AzurePipelines;

/// <summary>
/// The input for the pipelines of a build: its images and environments, and where and how Azure DevOps runs it. Everything else has a
/// working default.
/// </summary>
public sealed partial record PipelineDeclaration
{
    /// <summary>The images that the build creates.</summary>
    public required IReadOnlyList<ContainerImage> Images { get; init; }

    /// <summary>The environments, in any order.</summary>
    public required IReadOnlyList<PipelineEnvironment> Environments { get; init; }

    /// <summary>The registry to which images are pushed once and from which they are promoted.</summary>
    public PipelineRegistry BaseRegistry { get; init; } = new("BaseRegistry");

    /// <summary>The way in which images get from the build to the promotions.</summary>
    public ImageTransport Transport { get; init; } = ImageTransport.BaseRegistry;

    /// <summary>The commands that call the build.</summary>
    public BuildCommands Commands { get; init; } = new();

    /// <summary>The triggers of the pipeline, and the branches that are promoted.</summary>
    public PipelineTriggers Triggers { get; init; } = new();

    /// <summary>The pool of all jobs without their own.</summary>
    public Pool Pool { get; init; } = new HostedPool("ubuntu-latest");

    /// <summary>The pool of the build; null for <see cref="Pool"/>.</summary>
    public Pool? BuildPool { get; init; }

    /// <summary>The container images that jobs can run in.</summary>
    public IReadOnlyList<ContainerResource> Containers { get; init; } = [];

    /// <summary>The alias of the container that the build runs in; null to run directly on the agent.</summary>
    public string? BuildContainer { get; init => field = value.NullIfBlank(); }

    /// <summary>The timeout of the build in minutes; null for one hour.</summary>
    public int? BuildTimeoutInMinutes { get; init; }

    /// <summary>The jobs that call other targets of the build beside it, such as tests on another system.</summary>
    public IReadOnlyList<BuildJob> BuildJobs { get; init; } = [];

    /// <summary>The variables of all stages, in addition to the addresses of registries.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Variables { get; init; } = [];

    /// <summary>The variables of all stages that no step can change.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ReadOnlyVariables { get; init; } = [];

    /// <summary>The variable groups of all stages.</summary>
    public IReadOnlyList<string> VariableGroups { get; init; } = [];

    /// <summary>The templates of variables of all stages. Other variables of the declaration prevail over them.</summary>
    public IReadOnlyList<VariableTemplate> VariableTemplates { get; init; } = [];

    /// <summary>The key vaults whose secrets steps name.</summary>
    public IReadOnlyList<KeyVault> KeyVaults { get; init; } = [];

    /// <summary>
    /// The signing keys that the build class names: a file, an address in Azure Key Vault, or a program, with <c>{environment}</c> for the
    /// environment. Null when it names none. With a key in Key Vault, jobs that publish and promote have to sign in to Azure.
    /// </summary>
    public string? SigningKey { get; init => field = value.NullIfBlank(); }

    /// <summary>True when the keys are in Azure Key Vault. No path of a file begins like such an address.</summary>
    public bool SignsWithKeyVault =>
        SigningKey?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) == true
        || SigningKey?.StartsWith("azurekms:", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The choices of the person who starts a run by hand, in addition to those of the generator.</summary>
    public IReadOnlyList<RunParameter> Parameters { get; init; } = [];

    /// <summary>
    /// The format of run numbers until the build sets the version: <c>$(Date:yyyyMMdd).$(Rev:r)</c>; null for the default of the service.
    /// </summary>
    public string? RunName { get; init; }

    /// <summary>True to add the message of the commit to the number of the run.</summary>
    public bool AppendCommitMessageToRunName { get; init; } = true;

    /// <summary>The tools that agents need in addition to their image.</summary>
    public AgentTools Tools { get; init; } = new();

    /// <summary>The checkout of the repository in every job.</summary>
    public Sources Sources { get; init; } = new();

    /// <summary>
    /// The time in minutes that each job has to come to an end when the run is cancelled; null for the service's default of 5.
    /// </summary>
    public int? CancelTimeoutInMinutes { get; init; }

    /// <summary>
    /// True when <see cref="PipelineFiles.Pipeline"/> promotes; otherwise it only builds, and the release pipeline promotes.
    /// </summary>
    public bool PromoteAfterBuild { get; init; } = true;

    /// <summary>The pipeline that promotes existing releases; null for none.</summary>
    public ReleasePipeline? ReleasePipeline { get; init; }

    /// <summary>
    /// The targets that go back to an earlier release, by the name of their environment: <c>prod</c> and <c>RollbackProd</c>. With them, a
    /// pipeline is generated in which a person goes back, holds an environment, and ends its hold. Empty for none.
    /// </summary>
    public IReadOnlyDictionary<string, string> Rollbacks { get; init; } = new Dictionary<string, string>();

    /// <summary>The steps, jobs and variables of a team's own in generated stages.</summary>
    public IReadOnlyList<StageAdditions> Additions { get; init; } = [];

    /// <summary>The stages of a team's own among the generated ones.</summary>
    public IReadOnlyList<OwnStage> Stages { get; init; } = [];

    /// <summary>True to generate the stages that promote from one template.</summary>
    public bool UseTemplates { get; init; }

    /// <summary>The service connection for the repository of a required template, when it is outside of Azure Repos.</summary>
    public string? TemplateEndpoint { get; init => field = value.NullIfBlank(); }

    /// <summary>The parameter that passes the stages to a required template.</summary>
    public string TemplateParameter { get; init; } = "stages";

    /// <summary>The files to generate.</summary>
    public PipelineFiles Files { get; init; } = new();
}
