using Gantry.AzurePipelines.Model;
using Gantry.Environments;

namespace Gantry.AzurePipelines;

/// <summary>
/// Everything that the pipelines of a build are generated from: its images and environments, and where and how Azure DevOps runs it.
/// What is not said has a default that works.
/// </summary>
public sealed record PipelineDeclaration
{
    /// <summary>The images that the build makes.</summary>
    public required IReadOnlyList<ContainerImage> Images { get; init; }

    /// <summary>The environments, in any order.</summary>
    public required IReadOnlyList<PipelineEnvironment> Environments { get; init; }

    /// <summary>The registry that images are pushed to once and promoted from.</summary>
    public PipelineRegistry BaseRegistry { get; init; } = new("BaseRegistry");

    /// <summary>How images get from the build to the promotions.</summary>
    public ImageTransport Transport { get; init; } = ImageTransport.BaseRegistry;

    /// <summary>How the build is called.</summary>
    public BuildCommands Commands { get; init; } = new();

    /// <summary>What starts the pipeline, and what of it is promoted.</summary>
    public PipelineTriggers Triggers { get; init; } = new();

    /// <summary>Where jobs run that do not say otherwise.</summary>
    public Pool Pool { get; init; } = new HostedPool("ubuntu-latest");

    /// <summary>Where the build runs; null: in <see cref="Pool"/>.</summary>
    public Pool? BuildPool { get; init; }

    /// <summary>The images that jobs can run in.</summary>
    public IReadOnlyList<ContainerResource> Containers { get; init; } = [];

    /// <summary>The alias of the container that the build runs in; null: on the machine itself.</summary>
    public string? BuildContainer { get; init; }

    /// <summary>How long the build may take, in minutes; null: an hour.</summary>
    public int? BuildTimeoutInMinutes { get; init; }

    /// <summary>The variables of all stages, beside the addresses of registries.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Variables { get; init; } = [];

    /// <summary>The variable groups of all stages.</summary>
    public IReadOnlyList<string> VariableGroups { get; init; } = [];

    /// <summary>Secret variables that every call of the build gets, through its environment, under the same names.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>What agents need beside their image.</summary>
    public AgentTools Tools { get; init; } = new();

    /// <summary>Whether <see cref="PipelineFiles.Pipeline"/> promotes; otherwise it builds, and the release pipeline promotes.</summary>
    public bool PromoteAfterBuild { get; init; } = true;

    /// <summary>The pipeline that promotes what exists; null: there is none.</summary>
    public ReleasePipeline? ReleasePipeline { get; init; }

    /// <summary>The steps, jobs and variables of a team's own in generated stages.</summary>
    public IReadOnlyList<StageAdditions> Additions { get; init; } = [];

    /// <summary>Whether the stages that promote are instances of one template.</summary>
    public bool UseTemplates { get; init; }

    /// <summary>
    /// The service connection of the repository that holds a required template, when it is not in Azure Repos.
    /// </summary>
    public string? TemplateEndpoint { get; init; }

    /// <summary>The parameter through which a required template gets the stages.</summary>
    public string TemplateParameter { get; init; } = "stages";

    /// <summary>The files to generate.</summary>
    public PipelineFiles Files { get; init; } = new();

    /// <summary>
    /// Gets the declaration with steps, jobs or variables added to a stage:
    /// <c>WithStage("Build", build => build with { StepsBefore = [Step.Script("npm ci")] })</c>.
    /// </summary>
    /// <param name="stage">The name of the stage.</param>
    /// <param name="change">Changes what is added to the stage so far.</param>
    public PipelineDeclaration WithStage(string stage, Func<StageAdditions, StageAdditions> change)
    {
        bool IsMeant(StageAdditions additions) => additions.Job is null && additions.Stage.Equals(stage, StringComparison.OrdinalIgnoreCase);
        var known = Additions.FirstOrDefault(IsMeant) ?? new StageAdditions(stage);
        return this with { Additions = [.. Additions.Where(additions => !IsMeant(additions)), change(known)] };
    }

    /// <summary>The declaration with one environment changed; <c>GAN4008</c> when it has no such environment.</summary>
    public PipelineDeclaration WithEnvironment(PromotionEnvironment environment, Func<PipelineEnvironment, PipelineEnvironment> change)
    {
        var found = EnvironmentSet.Create([.. Environments.Select(declared => declared.Environment)]).Find(environment.Name);
        return this with { Environments = [.. Environments.Select(declared => declared.Environment == found ? change(declared) : declared)] };
    }
}

/// <summary>How images get from the build to the promotions.</summary>
public enum ImageTransport
{
    /// <summary>Through the base registry.</summary>
    BaseRegistry,

    /// <summary>As an OCI image layout in an artifact of the run: no base registry is needed.</summary>
    Artifact,

    /// <summary>Both: promotions take the artifact, the base registry keeps the release for later.</summary>
    Both,
}

/// <summary>The files to generate, relative to the root of the repository, with '/' between folders.</summary>
public sealed record PipelineFiles
{
    /// <summary>The pipeline that builds.</summary>
    public string Pipeline { get; init; } = "azure-pipelines.yml";

    /// <summary>The pipeline that promotes what exists.</summary>
    public string ReleasePipeline { get; init; } = "azure-pipelines.release.yml";

    /// <summary>The template of the stages that promote.</summary>
    public string Template { get; init; } = "azure-pipelines.promote.yml";

    /// <summary>The template of the stages that promote, in the release pipeline.</summary>
    public string ReleaseTemplate { get; init; } = "azure-pipelines.release.promote.yml";

    /// <summary>The environments of Azure DevOps with their checks.</summary>
    public string Environments { get; init; } = "azure-environments.json";

    /// <summary>The file that the declaration stands in, for the comment at the top.</summary>
    public string Source { get; init; } = "build/Build.cs";

    /// <summary>The files beside the pipeline that builds: <c>ci/app.yml</c> has <c>ci/app.release.yml</c> and <c>ci/azure-environments.json</c> beside it.</summary>
    public static PipelineFiles Beside(string pipeline)
    {
        var folder = RelativePath.Folder(pipeline) is { Length: > 0 } name ? name + "/" : "";
        var stem = folder + Path.GetFileNameWithoutExtension(pipeline);
        var extension = Path.GetExtension(pipeline);
        return new()
        {
            Pipeline = pipeline,
            ReleasePipeline = $"{stem}.release{extension}",
            Template = $"{stem}.promote{extension}",
            ReleaseTemplate = $"{stem}.release.promote{extension}",
            Environments = folder + "azure-environments.json",
        };
    }
}
