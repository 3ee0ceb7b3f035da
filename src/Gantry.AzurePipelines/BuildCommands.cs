using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines;

/// <summary>How pipelines call the build.</summary>
public sealed record BuildCommands
{
    /// <summary>What runs the command lines: <see cref="ScriptShell.Bash"/> or <see cref="ScriptShell.Pwsh"/>, on every system.</summary>
    public ScriptShell Shell { get; init; } = ScriptShell.Bash;

    /// <summary>The script that starts the build; null: <c>./build.sh</c> or <c>./build.ps1</c>.</summary>
    public string? Script { get; init; }

    /// <summary>What the build job runs, a call of the build each.</summary>
    public IReadOnlyList<BuildStep> Steps { get; init; } =
    [
        new("PublishImages", "Test") { TestResults = "artifacts/test-results/**/*.trx" },
        new("BuildImage"),
    ];

    /// <summary>The target that pushes the images to the base registry and records the release, after the steps before.</summary>
    public string PublishTarget { get; init; } = "PushBase";

    /// <summary>
    /// The target that finds a release that exists, by the parameters <c>--release</c> and <c>--release-digest</c>, and writes its record.
    /// Only release pipelines that start from an image or a version call it.
    /// </summary>
    public string FindReleaseTarget { get; init; } = "FindRelease";

    /// <summary>Where the build leaves and expects the record of the release, relative to the root of the repository.</summary>
    public string ReleaseFile { get; init; } = "artifacts/release.json";

    /// <summary>The folder that stands in for the base registry when images travel as artifacts, relative to the root of the repository.</summary>
    public string ImagesFolder { get; init; } = "artifacts/registries/base";
}

/// <summary>A call of the build.</summary>
public sealed record BuildStep
{
    /// <summary>Calls some targets at once.</summary>
    public BuildStep(params IReadOnlyList<string> targets) => Targets = targets;

    /// <summary>The targets.</summary>
    public IReadOnlyList<string> Targets { get; init; }

    /// <summary>What people see; null: the names of the targets.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Whether it needs the base registry, and thus its service connection.</summary>
    public bool UsesBaseRegistry { get; init; }

    /// <summary>Which files are test results in the format of Visual Studio, which are published even when the step fails; null: none.</summary>
    public string? TestResults { get; init; }

    /// <summary>Which files are code coverage, which is published even when the step fails; null: none.</summary>
    public string? Coverage { get; init; }
}

/// <summary>What agents need beside their image.</summary>
public sealed record AgentTools
{
    /// <summary>Whether the SDK that <c>global.json</c> asks for is installed.</summary>
    public bool InstallSdk { get; init; } = true;

    /// <summary>
    /// The files that decide which NuGet packages are needed: packages are cached between runs as long as none of these changes. None:
    /// no cache.
    /// </summary>
    public IReadOnlyList<string> NuGetCacheKeys { get; init; } = ["global.json", "**/*.props", "**/*.csproj", "!**/bin/**", "!**/obj/**"];

    /// <summary>Whether private feeds of the organization are used.</summary>
    public bool AuthenticateNuGet { get; init; }
}
