using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines;

/// <summary>The commands with which pipelines call the build.</summary>
public sealed record BuildCommands
{
    /// <summary>
    /// The shell that runs the command lines: <see cref="ScriptShell.Bash"/> or <see cref="ScriptShell.Pwsh"/>, on every system.
    /// </summary>
    public ScriptShell Shell { get; init; } = ScriptShell.Bash;

    /// <summary>The script that starts the build; null for <c>./build.sh</c> or <c>./build.ps1</c>.</summary>
    public string? Script { get; init; }

    /// <summary>The steps of the build job, each a call of the build.</summary>
    public IReadOnlyList<BuildStep> Steps { get; init; } =
    [
        new("PublishImages", "Test") { TestResults = "artifacts/test-results/**/*.trx" },
        new("BuildImage"),
    ];

    /// <summary>The target that runs after these steps, pushes the images to the base registry and records the release.</summary>
    public string PublishTarget { get; init; } = "PushBase";

    /// <summary>
    /// The target that finds an existing release by the parameters <c>--release</c> and <c>--release-digest</c>, and writes its record.
    /// Only release pipelines that start from an image or a version call it.
    /// </summary>
    public string FindReleaseTarget { get; init; } = "FindRelease";

    /// <summary>The target that holds an environment.</summary>
    public string HoldTarget { get; init; } = "Hold";

    /// <summary>The target that ends the hold of an environment.</summary>
    public string ReleaseHoldTarget { get; init; } = "ReleaseHold";

    /// <summary>The file in which the build writes and reads the record of the release, relative to the root of the repository.</summary>
    public string ReleaseFile { get; init; } = "artifacts/release.json";

    /// <summary>
    /// The folder with the images that the build made and their record, relative to the root of the repository. It goes from the stage that
    /// builds to the stage that publishes.
    /// </summary>
    public string BuiltImagesFolder { get; init; } = "artifacts/images";

    /// <summary>
    /// The folder for the records of the build that a release pipeline follows, one for each attempt, relative to the root of the
    /// repository. The target that finds a release gets it as <c>--release-records</c>.
    /// </summary>
    public string ReleaseRecordsFolder { get; init; } = "artifacts/releases";

    /// <summary>The secret variables that the calls which publish and find releases receive, under the same names.</summary>
    public IReadOnlyList<string> PublishSecrets { get; init; } = [];

    /// <summary>
    /// The folder that replaces the base registry when images are transferred as artifacts, relative to the root of the repository.
    /// </summary>
    public string ImagesFolder { get; init; } = "artifacts/registries/base";
}

/// <summary>A call of the build.</summary>
public sealed record BuildStep
{
    /// <summary>Calls several targets at once.</summary>
    public BuildStep(params IReadOnlyList<string> targets) => Targets = targets;

    /// <summary>The targets.</summary>
    public IReadOnlyList<string> Targets { get; init; }

    /// <summary>The display name; null for the names of the targets.</summary>
    public string? DisplayName { get; init; }

    /// <summary>
    /// The secret variables that the step receives, under the same names. No other step has them, and no build of a fork.
    /// </summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>The condition under which it runs; null for when all steps before it succeeded.</summary>
    public string? Condition { get; init; }

    /// <summary>True when the job goes on after the call failed.</summary>
    public bool ContinueOnError { get; init; }

    /// <summary>The timeout of the call in minutes; null for that of its job.</summary>
    public int? TimeoutInMinutes { get; init; }

    /// <summary>
    /// True when the step reads the base registry, for example for base images. It signs in with <see cref="ServiceConnection"/> or the
    /// <see cref="PipelineRegistry.ReadLogin"/> of that registry.
    /// </summary>
    public bool UsesBaseRegistry { get; init; }

    /// <summary>
    /// The Azure Resource Manager service connection with which the step reads the base registry; null for none. Pull requests run the step
    /// as well, so it must not be the one that publishes: its checks would stop every pull request, or let it push.
    /// </summary>
    public string? ServiceConnection { get; init; }

    /// <summary>
    /// The pattern of test result files in Visual Studio format, which are published even when the step fails; null for none.
    /// </summary>
    public string? TestResults { get; init; }

    /// <summary>The pattern of code coverage files, which are published even when the step fails; null for none.</summary>
    public string? Coverage { get; init; }
}

/// <summary>The tools that agents need in addition to their image.</summary>
public sealed record AgentTools
{
    /// <summary>True to install the SDK that <c>global.json</c> requires.</summary>
    public bool InstallSdk { get; init; } = true;

    /// <summary>
    /// The files that determine the NuGet packages: packages are cached between runs until one of these files changes. Empty for no cache.
    /// </summary>
    public IReadOnlyList<string> NuGetCacheKeys { get; init; } = ["global.json", "**/*.props", "**/*.csproj", "!**/bin/**", "!**/obj/**"];

    /// <summary>True to authenticate to private feeds of the organization.</summary>
    public bool AuthenticateNuGet { get; init; }

    /// <summary>Other folders that are kept between runs.</summary>
    public IReadOnlyList<AgentCache> Caches { get; init; } = [];

    /// <summary>
    /// The number of times that a step which changes nothing is tried again after a failure: the installation of the SDK, the sign-in to
    /// feeds, the download of artifacts and secrets. Calls of the build are never repeated.
    /// </summary>
    public int RetryCount { get; init; }
}

/// <summary>A folder that is kept between runs.</summary>
/// <param name="Path">The folder: <c>web/node_modules</c>, <c>$(Pipeline.Workspace)/.npm</c>.</param>
/// <param name="KeyFiles">The files that determine its content: it is kept until one of them changes.</param>
public sealed record AgentCache(string Path, params IReadOnlyList<string> KeyFiles);
