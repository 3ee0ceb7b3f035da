using Gantry.AzurePipelines;
using Gantry.Nuke.Generation;

namespace Gantry.Nuke;

/// <summary>
/// Generates the pipelines of Azure DevOps from the build class: the one that builds and promotes, on request the one that promotes what
/// exists, and the environments with their checks. What does not fit into an attribute is said by <see cref="IGenerateFiles.PipelineSettings"/>.
/// </summary>
/// <remarks>
/// In <see cref="ServiceConnection"/> and <see cref="Registry"/>, <c>{environment}</c> stands for the name of the environment, and for
/// <c>base</c> in those of the base registry. Nothing here may depend on who runs the build and where: the files would change with it.
/// </remarks>
public sealed class PromotionPipelineAttribute : FileGeneratorAttribute
{
    private ReleaseTrigger? _release;

    /// <summary>The pipeline that builds, from the root of the repository. The other files stand beside it.</summary>
    public string File { get; set; } = "azure-pipelines.yml";

    /// <summary>The branches whose pushes start a run; none: no push does.</summary>
    public string[] TriggerBranches { get; set; } = ["main"];

    /// <summary>The git tags whose pushes start a run; none: no tag does.</summary>
    public string[] TriggerTags { get; set; } = [];

    /// <summary>The files of which one must have changed; none: any.</summary>
    public string[] TriggerPathsInclude { get; set; } = [];

    /// <summary>The files whose changes start no run.</summary>
    public string[] TriggerPathsExclude { get; set; } = [];

    /// <summary>Whether pushes are collected while a run is under way.</summary>
    public bool TriggerBatch { get; set; }

    /// <summary>The target branches of pull requests that are built, for repositories outside Azure Repos, where a branch policy does it.</summary>
    public string[] PullRequestsBranches { get; set; } = [];

    /// <summary>When runs of the trigger branches start by the clock, in UTC: <c>0 3 * * Mon-Fri</c>.</summary>
    public string[] Schedules { get; set; } = [];

    /// <summary>The branches that are promoted, <c>*</c> at the end for several and alone for all; none: those that start a run, or tags where only tags do.</summary>
    public string[] PromotedBranches { get; set; } = [];

    /// <summary>
    /// The Azure Resource Manager service connections that promotions run under: <c>contoso-{environment}</c>. Null: none, as for registries
    /// that take a password from a secret.
    /// </summary>
    public string? ServiceConnection { get; set; }

    /// <summary>
    /// The addresses of the registries: <c>contoso{environment}.azurecr.io</c>, where <c>{environment}</c> is <c>prodweu</c> for a region.
    /// Null: variables of Azure DevOps have them, under the names of the parameters.
    /// </summary>
    public string? Registry { get; set; }

    /// <summary>The resource group of the base registry: needed where a pushed image starts the release pipeline.</summary>
    public string? ResourceGroup { get; set; }

    /// <summary>How images get from the build to the promotions.</summary>
    public ImageTransport Transport { get; set; } = ImageTransport.BaseRegistry;

    /// <summary>Whether the pipeline that builds also promotes.</summary>
    public bool PromoteAfterBuild { get; set; } = true;

    /// <summary>What starts the release pipeline. As long as nothing is said, there is none.</summary>
    public ReleaseTrigger Release
    {
        get => _release ?? ReleaseTrigger.Manual;
        set => _release = value;
    }

    /// <summary>The tags of the image that start the release pipeline; none: all but those that are left out.</summary>
    public string[] ReleaseTagsInclude { get; set; } = [];

    /// <summary>The tags of the image that start nothing, beside those of attachments, which no version looks like.</summary>
    public string[] ReleaseTagsExclude { get; set; } = [];

    /// <summary>The name of the pipeline whose end starts the release pipeline.</summary>
    public string? ReleaseAfter { get; set; }

    /// <summary>The image of the hosted machines that jobs run on.</summary>
    public string Image { get; set; } = "ubuntu-latest";

    /// <summary>The pool of the organization that jobs run in, instead of hosted machines.</summary>
    public string? Pool { get; set; }

    /// <summary>What agents of that pool must have: <c>docker</c>.</summary>
    public string[] Demands { get; set; } = [];

    /// <summary>The variable groups of all stages.</summary>
    public string[] ImportVariableGroups { get; set; } = [];

    /// <summary>Secret variables that every call of the build gets, through its environment.</summary>
    public string[] ImportSecrets { get; set; } = [];

    /// <summary>Whether the stages that promote are instances of one template.</summary>
    public bool UseTemplates { get; set; }

    /// <inheritdoc/>
    public override Type HostType => typeof(AzurePipelinesHost);

    /// <inheritdoc/>
    public override AbsolutePath ConfigurationFile => Build.RootDirectory / File;

    /// <summary>What starts the release pipeline, or null when there is none.</summary>
    internal ReleaseTrigger? ReleaseStart => _release;

    /// <inheritdoc/>
    internal override GenerationResult CreateFiles(INukeBuild build, IReadOnlyCollection<ExecutableTarget> executableTargets) =>
        PipelineGenerator.Generate(PipelineDeclarations.Of(build, this));
}
