using Gantry.AzurePipelines;
using Gantry.Environments;

namespace Gantry.GitHubActions;

/// <summary>
/// The input for the workflows of a build: the declaration that its pipelines in Azure DevOps have as well, and what only GitHub needs.
/// Everything but the declaration has a working default.
/// </summary>
/// <param name="Pipeline">The images, environments, registries, commands and triggers.</param>
public sealed record WorkflowDeclaration(PipelineDeclaration Pipeline)
{
    private readonly bool? _releaseWorkflow;

    /// <summary>The name of the workflow that builds, which people see.</summary>
    public string Name { get; init; } = "Build";

    /// <summary>The files to generate.</summary>
    public WorkflowFiles Files { get; init; } = new();

    /// <summary>The target branches of pull requests to build; empty for none.</summary>
    public IReadOnlyList<string> PullRequestBranches { get; init; } = ["main"];

    /// <summary>True when people start runs by hand, and choose how far a run is promoted.</summary>
    public bool ManualRuns { get; init; } = true;

    /// <summary>
    /// True to generate the workflow that promotes an existing release, which people start with its version. By default true, except where
    /// images travel as artifacts, which only their own run has.
    /// </summary>
    public bool ReleaseWorkflow
    {
        get => _releaseWorkflow ?? Pipeline.Transport != ImageTransport.Artifact;
        init => _releaseWorkflow = value;
    }

    /// <summary>The labels of the runners of all jobs.</summary>
    public IReadOnlyList<string> RunsOn { get; init; } = ["ubuntu-latest"];

    /// <summary>
    /// The environment of GitHub in which the job runs that publishes, so that its identity can be limited to this job; null for none.
    /// </summary>
    public string? PublishEnvironment { get; init; }

    /// <summary>
    /// The variables of GitHub that hold the identity for Azure. Jobs sign in that use an Azure registry, or an environment with a service
    /// connection. Null when no job signs in to Azure.
    /// </summary>
    public AzureLogin? Azure { get; init; } = new();

    /// <summary>The credentials of registries. <c>ghcr.io</c> needs none: there the token of the job signs in.</summary>
    public IReadOnlyList<RegistryLogin> Logins { get; init; } = [];

    /// <summary>
    /// The users and teams of GitHub for approvers of the declaration: <c>[@"[Contoso]\QA"] = "@contoso/qa"</c>. An approver that begins
    /// with <c>@</c> is one of GitHub already.
    /// </summary>
    public IReadOnlyDictionary<string, string> Approvers { get; init; } = new Dictionary<string, string>();

    /// <summary>The settings of environments, for those that differ from the defaults.</summary>
    public IReadOnlyList<WorkflowEnvironment> Environments { get; init; } = [];

    /// <summary>The actions that jobs use, with their versions.</summary>
    public ActionVersions Actions { get; init; } = new();

    /// <summary>Steps of a team's own in generated jobs.</summary>
    public IReadOnlyList<JobAdditions> Additions { get; init; } = [];

    /// <summary>Gets the declaration with the settings of one environment changed.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="change">Changes its settings.</param>
    public WorkflowDeclaration WithEnvironment(PromotionEnvironment environment, Func<WorkflowEnvironment, WorkflowEnvironment> change) =>
        this with
        {
            Environments =
            [
                .. Environments.Where(known => known.Environment != environment),
                change(SettingsOf(environment)),
            ],
        };

    /// <summary>
    /// Gets the declaration with steps added to a job:
    /// <c>WithJob("build", job => job with { StepsBefore = [WorkflowStep.Run("npm ci")] })</c>.
    /// </summary>
    /// <param name="job">The id of the job.</param>
    /// <param name="change">Changes what is added to the job so far.</param>
    public WorkflowDeclaration WithJob(string job, Func<JobAdditions, JobAdditions> change) => this with
    {
        Additions =
        [
            .. Additions.Where(known => known.Job != job),
            change(Additions.FirstOrDefault(known => known.Job == job) ?? new JobAdditions(job)),
        ],
    };

    /// <summary>Returns the image of a container of the pipeline; null for none.</summary>
    internal string? ContainerImage(string? alias) => Pipeline.Containers.FirstOrDefault(container => container.Alias == alias)?.Image;

    internal WorkflowEnvironment SettingsOf(PromotionEnvironment environment) =>
        Environments.FirstOrDefault(known => known.Environment == environment) ?? new WorkflowEnvironment(environment);
}

/// <summary>The settings of an environment in GitHub.</summary>
/// <param name="Environment">The environment.</param>
public sealed record WorkflowEnvironment(PromotionEnvironment Environment)
{
    /// <summary>The name of the environment in GitHub.</summary>
    public string GitHubEnvironment { get; init; } = Environment.Name;

    /// <summary>The labels of the runners of promotions; null for those of all jobs.</summary>
    public IReadOnlyList<string>? RunsOn { get; init; }

    /// <summary>The variables that hold the identity for Azure; null for those of all jobs.</summary>
    public AzureLogin? Azure { get; init; }

    /// <summary>
    /// The variables that hold the identity of a region, by its name, where each region has its own job
    /// (<see cref="PipelineEnvironment.JobPerRegion"/>). A region without them has those of <see cref="Azure"/>.
    /// </summary>
    public IReadOnlyDictionary<string, AzureLogin> RegionAzure { get; init; } = new Dictionary<string, AzureLogin>();

    /// <summary>
    /// True when the wait timer of the environment has its soak time; false when the promotion alone verifies it, so that a return to an
    /// older release and <c>override-soak</c> need not wait.
    /// </summary>
    public bool UseWaitTimer { get; init; } = true;
}

/// <summary>
/// The variables of GitHub, of the environment or of the repository, that hold the identity for Azure. It signs in by OpenID Connect, so
/// none of them is a secret.
/// </summary>
public sealed record AzureLogin
{
    /// <summary>The variable with the client id of the application or managed identity.</summary>
    public string ClientId { get; init; } = "AZURE_CLIENT_ID";

    /// <summary>The variable with the id of the tenant.</summary>
    public string TenantId { get; init; } = "AZURE_TENANT_ID";

    /// <summary>The variable with the id of the subscription; null to sign in without one, which is enough for registries.</summary>
    public string? SubscriptionId { get; init; }
}

/// <summary>The credential of a registry.</summary>
/// <param name="Host">The host of the registry: <c>docker.io</c>, <c>harbor.contoso.com</c>.</param>
public sealed record RegistryLogin(string Host)
{
    /// <summary>The variable of GitHub with the name of the user.</summary>
    public required string UserName { get; init; }

    /// <summary>The secret of GitHub with the password or token.</summary>
    public required string Password { get; init; }
}

/// <summary>The actions that jobs use, each with its version.</summary>
/// <remarks>
/// The default is the major version, which its owner moves. A commit id cannot be moved:
/// <c>Checkout = "actions/checkout@…"</c>, with the 40 characters of the id.
/// </remarks>
public sealed record ActionVersions
{
    /// <summary>The action that checks out.</summary>
    public string Checkout { get; init; } = "actions/checkout@v4";

    /// <summary>The action that installs the SDK of <c>global.json</c>.</summary>
    public string SetupDotNet { get; init; } = "actions/setup-dotnet@v4";

    /// <summary>The action that caches packages.</summary>
    public string Cache { get; init; } = "actions/cache@v4";

    /// <summary>The action that uploads artifacts.</summary>
    public string UploadArtifact { get; init; } = "actions/upload-artifact@v4";

    /// <summary>The action that downloads artifacts.</summary>
    public string DownloadArtifact { get; init; } = "actions/download-artifact@v4";

    /// <summary>The action that signs in to Azure.</summary>
    public string AzureLogin { get; init; } = "azure/login@v2";

    /// <summary>The action that signs in to other registries.</summary>
    public string RegistryLogin { get; init; } = "docker/login-action@v3";
}

/// <summary>Steps of a team's own in a generated job, wherever a workflow of the declaration has that job.</summary>
/// <param name="Job">The id of the job: <c>build</c>, <c>publish</c>, <c>promote-prod</c>.</param>
public sealed record JobAdditions(string Job)
{
    /// <summary>The steps before those of the build, when sources, tools, artifacts and credentials are there.</summary>
    public IReadOnlyList<WorkflowStep> StepsBefore { get; init; } = [];

    /// <summary>The steps after those of the build, before anything is uploaded.</summary>
    public IReadOnlyList<WorkflowStep> StepsAfter { get; init; } = [];

    /// <summary>The steps at the end of the job that run only when a step before them failed.</summary>
    public IReadOnlyList<WorkflowStep> OnFailure { get; init; } = [];
}

/// <summary>The files to generate, as paths relative to the root of the repository, with '/' between folders.</summary>
public sealed record WorkflowFiles
{
    /// <summary>The workflow that builds. GitHub reads workflows from this folder only.</summary>
    public string Workflow { get; init; } = ".github/workflows/build.yml";

    /// <summary>The workflow that promotes existing releases.</summary>
    public string ReleaseWorkflow { get; init; } = ".github/workflows/build.release.yml";

    /// <summary>
    /// The workflow in which a person goes back to an earlier release, holds an environment, and ends its hold. It is generated when the
    /// declaration has <see cref="PipelineDeclaration.Rollbacks"/>.
    /// </summary>
    public string RollbackWorkflow { get; init; } = ".github/workflows/build.rollback.yml";

    /// <summary>The file that contains the declaration, for the comment at the top.</summary>
    public string Source { get; init; } = "build/Build.cs";

    /// <summary>
    /// Returns the files of a workflow: for <c>app</c>, <c>.github/workflows/app.yml</c>, <c>app.release.yml</c> and
    /// <c>app.rollback.yml</c>.
    /// </summary>
    public static WorkflowFiles Of(string name) => new()
    {
        Workflow = $".github/workflows/{name}.yml",
        ReleaseWorkflow = $".github/workflows/{name}.release.yml",
        RollbackWorkflow = $".github/workflows/{name}.rollback.yml",
    };
}
