using Gantry.AzurePipelines;
using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.Model;
using Gantry.Nuke.Generation;

namespace Gantry.Nuke;

/// <summary>
/// Generates the pipelines of Azure DevOps from the build class: the one that builds and promotes, optionally one that promotes existing
/// releases, and the environments with their checks. Use <see cref="IGenerateFiles.PipelineSettings"/> for everything that does not fit
/// into an attribute.
/// </summary>
/// <remarks>
/// In <see cref="ServiceConnection"/>, <see cref="Registry"/>, <see cref="RegistryConnection"/>, <see cref="RegistryUser"/> and
/// <see cref="PromotionSecrets"/>, <c>{environment}</c> is replaced by the name of the environment, and by <c>base</c> for the base
/// registry. The values must not depend on the user or the machine, or the files would change with them.
/// </remarks>
public sealed partial class PromotionPipelineAttribute : FileGeneratorAttribute
{
    private ReleaseTrigger? _release;
    private int? _fetchDepth;

    /// <summary>
    /// The file of the pipeline that builds, relative to the root of the repository. The other files are written beside it.
    /// </summary>
    public string File { get; set; } = "azure-pipelines.yml";

    /// <summary>
    /// The Azure Resource Manager service connections of promotions: <c>contoso-{environment}</c>. Null for none, as for registries with a
    /// login of their own.
    /// </summary>
    public string? ServiceConnection { get; set; }

    /// <summary>
    /// The Docker Registry service connections for registries that are not on Azure: <c>contoso-{environment}-docker</c>, where
    /// <c>{environment}</c> is <c>prod-west-europe</c> for a region. Null for none.
    /// </summary>
    public string? RegistryConnection { get; set; }

    /// <summary>
    /// The users of registries whose passwords are secret variables: <c>robot-{environment}</c>, with the password in
    /// <c>DevRegistryPassword</c> for <c>DevRegistry</c>. Null for none.
    /// </summary>
    public string? RegistryUser { get; set; }

    /// <summary>
    /// The addresses of the registries: <c>contoso{environment}.azurecr.io</c>, where <c>{environment}</c> is <c>prodweu</c> for a region.
    /// Null when they are in variables of Azure DevOps with the names of the parameters.
    /// </summary>
    public string? Registry { get; set; }

    /// <summary>The resource group of the base registry, required when a pushed image starts the release pipeline.</summary>
    public string? ResourceGroup { get; set; }

    /// <summary>The way in which images get from the build to the promotions.</summary>
    public ImageTransport Transport { get; set; } = ImageTransport.BaseRegistry;

    /// <summary>True when the pipeline that builds also promotes.</summary>
    public bool PromoteAfterBuild { get; set; } = true;

    /// <summary>The trigger of the release pipeline. Without a value, no release pipeline is generated.</summary>
    public ReleaseTrigger Release
    {
        get => _release ?? ReleaseTrigger.Manual;
        set => _release = value;
    }

    /// <summary>The tags of the image that start the release pipeline; empty for all that are not excluded.</summary>
    public string[] ReleaseTagsInclude { get; set; } = [];

    /// <summary>
    /// The tags of the image that do not start the release pipeline, in addition to those of attachments, which never look like a version.
    /// </summary>
    public string[] ReleaseTagsExclude { get; set; } = [];

    /// <summary>The name of the pipeline whose completion starts the release pipeline.</summary>
    public string? ReleaseAfter { get; set; }

    /// <summary>The VM image of the hosted agents that run the jobs.</summary>
    public string Image { get; set; } = "ubuntu-latest";

    /// <summary>The agent pool of the organization that runs the jobs, instead of hosted agents.</summary>
    public string? Pool { get; set; }

    /// <summary>The demands on agents of that pool: <c>docker</c>.</summary>
    public string[] Demands { get; set; } = [];

    /// <summary>The submodules that every job checks out.</summary>
    public SubmoduleCheckout Submodules { get; set; }

    /// <summary>True when every job downloads the files that are in Git LFS.</summary>
    public bool LargeFiles { get; set; }

    /// <summary>
    /// The number of commits that every job fetches, 0 for all. Without a value, all of them where the version is counted, one elsewhere.
    /// </summary>
    public int FetchDepth
    {
        get => _fetchDepth ?? 0;
        set => _fetchDepth = value;
    }

    /// <summary>The files that determine the NuGet packages and the <see cref="CachePaths"/>; empty for the default ones.</summary>
    public string[] CacheKeyFiles { get; set; } = [];

    /// <summary>The folders that are kept between runs, in addition to NuGet packages.</summary>
    public string[] CachePaths { get; set; } = [];

    /// <summary>The variable groups of all stages.</summary>
    public string[] ImportVariableGroups { get; set; } = [];

    /// <summary>
    /// The secret variables that the calls which compile, test and build images receive, under the same names. Builds of forks get none.
    /// </summary>
    public string[] BuildSecrets { get; set; } = [];

    /// <summary>The secret variables that the calls which publish and find releases receive, under the same names.</summary>
    public string[] PublishSecrets { get; set; } = [];

    /// <summary>
    /// The secret variables that promotions receive, under the same names; <c>{environment}</c> is replaced as in registries, so that each
    /// environment has its own: <c>{environment}RegistryPassword</c>.
    /// </summary>
    public string[] PromotionSecrets { get; set; } = [];

    /// <summary>
    /// True to generate a pipeline in which a person goes back to an earlier release, holds an environment, and ends its hold: for each
    /// environment with a target such as <c>RollbackProd</c>.
    /// </summary>
    public bool Rollback { get; set; }

    /// <summary>True to generate the stages that promote from one template.</summary>
    public bool UseTemplates { get; set; }

    /// <inheritdoc/>
    public override Type HostType => typeof(AzurePipelinesHost);

    /// <inheritdoc/>
    public override AbsolutePath ConfigurationFile => Build.RootDirectory / File;

    /// <summary>The trigger of the release pipeline, or null when there is none.</summary>
    internal ReleaseTrigger? ReleaseStart => _release;

    /// <summary>The checkout of every job.</summary>
    internal Sources Sources => new() { Submodules = Submodules, LargeFiles = LargeFiles, FetchDepth = _fetchDepth };

    /// <inheritdoc/>
    internal override GenerationResult CreateFiles(INukeBuild build, IReadOnlyCollection<ExecutableTarget> executableTargets) =>
        PipelineGenerator.Generate(PipelineDeclarations.Of(build, this));
}
