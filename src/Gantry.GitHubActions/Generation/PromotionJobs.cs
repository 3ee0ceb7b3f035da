using System.Globalization;
using Gantry.AzurePipelines;
using Gantry.AzurePipelines.Gates;
using Gantry.Environments;
using Gantry.GitHubActions.Expressions;
using Gantry.GitHubActions.Model;

namespace Gantry.GitHubActions.Generation;

/// <summary>The jobs that promote to an environment: one, or one for each region.</summary>
internal static class PromotionJobs
{
    /// <summary>The minutes after which a job of an environment that declares no timeout ends.</summary>
    public const int DefaultTimeoutInMinutes = 60;

    /// <summary>Creates the jobs of an environment.</summary>
    /// <param name="declaration">The declaration.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="source">The job with the release.</param>
    /// <param name="needs">The jobs of the previous environment, and those before them whose results the condition names.</param>
    /// <param name="condition">The condition of the jobs.</param>
    public static IEnumerable<WorkflowJob> Create(
        WorkflowDeclaration declaration, PipelineEnvironment environment, string source, IReadOnlyList<string> needs, Expression condition)
    {
        // Nothing is tagged in any region before all slices are in place in all of them.
        var isBuild = source == JobIds.Publish;
        string[] slices = [.. environment.Environment.Slices == 1
            ? []
            : RegionsOf(environment).Select(region => JobIds.Placement(environment.Environment, region))];
        foreach (var region in slices.Length == 0 ? [] : RegionsOf(environment))
        {
            yield return Create(declaration, environment, region, isBuild, isSlice: true) with
            {
                Needs = [source, .. needs],
                Condition = condition,
            };
        }

        foreach (var region in RegionsOf(environment))
        {
            string[] earlier = [.. slices, .. WaveBefore(environment.Environment, region)];
            yield return Create(declaration, environment, region, isBuild, isSlice: false) with
            {
                Needs = [source, .. needs, .. earlier],
                Condition = earlier.Length == 0
                    ? condition
                    : Expression.All([condition, .. earlier.Select(Conditions.JobSucceeded)]),
            };
        }
    }

    // The job of a region follows those of the wave before. It waits for the pause itself: no job of GitHub waits without a runner.
    private static IEnumerable<string> WaveBefore(PromotionEnvironment environment, string? region) =>
        environment.WaveOf(region) is > 1 and var wave
            ? environment.Waves[wave - 2].Select(before => JobIds.Promotion(environment, before))
            : [];

    /// <summary>The ids of the jobs of an environment.</summary>
    public static IReadOnlyList<string> Of(PipelineEnvironment environment) =>
        [.. RegionsOf(environment).Select(region => JobIds.Promotion(environment.Environment, region))];

    /// <summary>The regions of the jobs; null for the one job of all regions.</summary>
    public static IReadOnlyList<string?> RegionsOf(PipelineEnvironment environment) =>
        environment is { JobPerRegion: true, Environment.Regions: { Count: > 0 } regions } ? [.. regions] : [null];

    /// <summary>The secrets of an environment, without the token that each job has.</summary>
    public static IReadOnlyList<string> SecretsOf(PipelineEnvironment environment) =>
        [.. environment.Secrets, .. environment.Environment.DeploymentVariables.Where(name => name != "GITHUB_TOKEN")];

    private static IReadOnlyList<string> SliceSecretsOf(PipelineEnvironment environment) =>
    [
        .. environment.Secrets
            .Concat(environment.Environment.Gates.SelectMany(gate => gate.Variables).Where(name => name != "GITHUB_TOKEN"))
            .Distinct(),
    ];

    /// <summary>Returns the permissions of a job that changes what an environment has.</summary>
    public static JobPermissions PermissionsOf(SignIns signIns) => new()
    {
        ReadActions = true,
        ReadDeployments = true,
        SignsIn = signIns.Azure is not null,
        ReadPackages = signIns.ReadsPackages,
        WritePackages = signIns.WritesPackages,
    };

    /// <summary>
    /// The lock of an environment. All workflows change the same environment: one at a time, whichever run it is of.
    /// </summary>
    public static JobConcurrency? LockOf(PipelineEnvironment environment, string name, string? region)
    {
        var behavior = environment.Environment.Gates.OfType<ExclusiveLockGate>().FirstOrDefault()?.Behavior ?? environment.Lock;
        return behavior is null
            ? null
            : new($"promote-{name}" + (region is null ? "" : "-" + region), KeepsAll: behavior == LockBehavior.Sequential);
    }

    private static WorkflowJob Create(
        WorkflowDeclaration declaration, PipelineEnvironment environment, string? region, bool isBuild, bool isSlice)
    {
        var settings = declaration.SettingsOf(environment.Environment);
        var signIns = SignIns.Of(declaration, environment, region);
        var id = isSlice
            ? JobIds.Placement(environment.Environment, region)
            : JobIds.Promotion(environment.Environment, region);
        var goal = region is null ? environment.Environment.DisplayName : $"{environment.Environment.DisplayName}, {region}";
        return new(id)
        {
            Name = isSlice ? $"Place in {goal}" : $"Promote to {goal}",
            RunsOn = settings.RunsOn ?? declaration.RunsOn,
            Container = declaration.ContainerImage(environment.Container),
            Environment = settings.GitHubEnvironment,

            // A group would let one slice run at a time. What is placed has no tag, so slices of several runs do not disturb each other.
            Concurrency = isSlice ? null : LockOf(environment, settings.GitHubEnvironment, region),
            Slices = isSlice ? environment.Environment.Slices : null,
            Permissions = PermissionsOf(signIns),
            TimeoutInMinutes = environment.TimeoutInMinutes ?? DefaultTimeoutInMinutes,
            Steps = [.. Steps(declaration, environment, region, signIns, id, isBuild, isSlice)],
            Origin = $"Pipeline.Environments[\"{environment.Environment.Name}\"]",
        };
    }

    private static IEnumerable<WorkflowStep> Steps(
        WorkflowDeclaration declaration, PipelineEnvironment environment, string? region, SignIns signIns, string id, bool isBuild,
        bool isSlice)
    {
        var pipeline = declaration.Pipeline;
        var usesImages = isBuild && pipeline.Transport != ImageTransport.BaseRegistry;
        var arguments = $"{environment.Target} --skip"
            + (region is null ? "" : $" --region {region}")
            + (usesImages && pipeline.Transport == ImageTransport.Both ? RunVariables.ImagesArgument(pipeline) : "");
        var call = JobSteps.WithToken(
            signIns.Under(JobSteps.Call(pipeline.Commands, arguments)), declaration.SettingsOf(environment.Environment).GitHubEnvironment);
        return
        [
            .. JobSteps.Prepare(declaration, fullHistory: false),
            JobSteps.Download(declaration, JobIds.Release, JobSteps.FolderOf(pipeline.Commands.ReleaseFile)) with
            {
                Name = "Download the release record",
            },
            .. usesImages
                ? [JobSteps.Download(declaration, JobIds.Images, pipeline.Commands.ImagesFolder) with { Name = "Download the images" }]
                : Array.Empty<WorkflowStep>(),
            .. signIns.Steps(),
            .. OwnSteps.Before(declaration, id),
            call with
            {
                Name = (isSlice ? "Place a slice in " : "Promote to ") + environment.Environment.DisplayName,
                Environment =
                [
                    .. isSlice ? [SliceOf(environment)] : Array.Empty<KeyValuePair<string, string>>(),
                    .. isBuild ? [] : Reasons(),
                    .. call.Environment,
                ],
                Secrets = isSlice ? SliceSecretsOf(environment) : SecretsOf(environment),
            },
            .. OwnSteps.After(declaration, id),
            .. OwnSteps.OnFailure(declaration, id),
        ];
    }

    private static KeyValuePair<string, string> SliceOf(PipelineEnvironment environment) => new(
        "Slice",
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Expression.Of("matrix", WorkflowJob.SliceVariable).Wrapped}/{environment.Environment.Slices}"));

    // What a person types reaches the build only as a variable of its process.
    private static IEnumerable<KeyValuePair<string, string>> Reasons() =>
    [
        KeyValuePair.Create("GoBack", Expression.Of("inputs", JobIds.GoBackInput).Wrapped),
        KeyValuePair.Create("OverrideSoak", Expression.Of("inputs", JobIds.OverrideSoakInput).Wrapped),

        // Only a person starts this workflow, and names the release.
        KeyValuePair.Create("ChosenRelease", "true"),
    ];
}
