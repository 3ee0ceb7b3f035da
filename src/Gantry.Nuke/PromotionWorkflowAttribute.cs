using Gantry.AzurePipelines;
using Gantry.GitHubActions;
using Gantry.GitHubActions.Generation;
using Gantry.Nuke.Generation;

namespace Gantry.Nuke;

/// <summary>
/// Generates the workflows of GitHub Actions from the build class: the one that builds, publishes and promotes, and the one that promotes
/// an existing release. Use <see cref="IGenerateFiles.WorkflowSettings"/> for everything that does not fit into an attribute.
/// </summary>
/// <remarks>
/// In <see cref="Registry"/> and <see cref="PromotionSecrets"/>, <c>{environment}</c> is replaced by the name of the environment, and by
/// <c>base</c> for the base registry. The values must not depend on the user or the machine, or the files would change with them.
/// </remarks>
/// <param name="name">
/// The name of the workflow, which people see, and of its file: <c>build</c> is <c>.github/workflows/build.yml</c>.
/// </param>
public sealed class PromotionWorkflowAttribute(string name = "build") : FileGeneratorAttribute
{
    private bool? _release;

    /// <summary>The name of the workflow.</summary>
    public string Name { get; } = name;

    /// <summary>The branches whose pushes start a run; empty for none.</summary>
    public string[] OnPushBranches { get; set; } = ["main"];

    /// <summary>The git tags whose pushes start a run; empty for none.</summary>
    public string[] OnPushTags { get; set; } = [];

    /// <summary>The files of which at least one must have changed; empty for any.</summary>
    public string[] OnPushIncludePaths { get; set; } = [];

    /// <summary>The files whose changes start no run.</summary>
    public string[] OnPushExcludePaths { get; set; } = [];

    /// <summary>The target branches of pull requests to build; empty for none.</summary>
    public string[] OnPullRequestBranches { get; set; } = ["main"];

    /// <summary>The schedules for runs of the default branch, as cron expressions in UTC: <c>0 3 * * Mon-Fri</c>.</summary>
    public string[] OnCronSchedules { get; set; } = [];

    /// <summary>True when people start runs by hand, and choose how far a run is promoted.</summary>
    public bool OnWorkflowDispatch { get; set; } = true;

    /// <summary>
    /// The branches that are promoted; a trailing <c>*</c> matches several, and a single <c>*</c> all. Empty for the branches that start a
    /// run, or for tags when only tags start one.
    /// </summary>
    public string[] PromotedBranches { get; set; } = [];

    /// <summary>
    /// The addresses of the registries: <c>contoso{environment}.azurecr.io</c>, where <c>{environment}</c> is <c>prodweu</c> for a region.
    /// Null when they are in variables of the repository in GitHub, as in <c>PROD_REGISTRY</c>.
    /// </summary>
    public string? Registry { get; set; }

    /// <summary>The way in which images get from the build to the promotions.</summary>
    public ImageTransport Transport { get; set; } = ImageTransport.BaseRegistry;

    /// <summary>True when the workflow that builds also promotes.</summary>
    public bool PromoteAfterBuild { get; set; } = true;

    /// <summary>
    /// True to generate the workflow that promotes an existing release. By default true, except where images travel as artifacts.
    /// </summary>
    public bool ReleaseWorkflow
    {
        get => _release ?? Transport != ImageTransport.Artifact;
        set => _release = value;
    }

    /// <summary>
    /// True to generate a workflow in which a person goes back to an earlier release, holds an environment, and ends its hold: for each
    /// environment with a target such as <c>RollbackProd</c>.
    /// </summary>
    public bool Rollback { get; set; }

    /// <summary>
    /// The secrets that the calls which compile, test and build images receive, as variables of the same names. Pull requests of forks get
    /// none.
    /// </summary>
    public string[] BuildSecrets { get; set; } = [];

    /// <summary>The secrets that the calls which publish and find releases receive.</summary>
    public string[] PublishSecrets { get; set; } = [];

    /// <summary>The secrets that promotions receive; <c>{environment}</c> is replaced as in registries.</summary>
    public string[] PromotionSecrets { get; set; } = [];

    /// <summary>The labels of the runners that run the jobs.</summary>
    public string[] RunsOn { get; set; } = ["ubuntu-latest"];

    /// <summary>The environment of GitHub in which the job runs that publishes; null for none.</summary>
    public string? PublishEnvironment { get; set; }

    /// <summary>
    /// The users and teams of GitHub for approvers of the build class, each after an equals sign: <c>[Contoso]\QA=@contoso/qa</c>. An
    /// approver that begins with <c>@</c> is one of GitHub already.
    /// </summary>
    public string[] Approvers { get; set; } = [];

    /// <inheritdoc/>
    public override Type HostType => typeof(GitHubActionsHost);

    /// <inheritdoc/>
    public override AbsolutePath ConfigurationFile => Build.RootDirectory / WorkflowFiles.Of(Name).Workflow;

    /// <inheritdoc/>
    internal override GenerationResult CreateFiles(INukeBuild build, IReadOnlyCollection<ExecutableTarget> executableTargets) =>
        WorkflowGenerator.Generate(WorkflowDeclarations.Of(build, this));
}
