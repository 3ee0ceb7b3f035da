using Gantry.AzurePipelines;
using Gantry.AzurePipelines.Model;
using Gantry.Nuke;

// The packages, the templates and the tool of this repository: packed and verified for a tag, and pushed after an approval.
[TargetPipeline(nameof(PackagesPipeline))]
partial class Build
{
    [Parameter("Feed that packages are pushed to")]
    readonly string PackageSource = "https://api.nuget.org/v3/index.json";

    [Parameter("Key of the feed"), Secret]
    readonly string? NuGetApiKey = null;

    AbsolutePath PackageDirectory => RootDirectory / "artifacts" / "packages";

    public TargetPipeline PackagesPipeline => new("azure-pipelines.packages.yml")
    {
        Source = "build/Build.Packages.cs",
        Tags = Filter.Only("v*"),
        Stages =
        [
            new("Test", nameof(ITest.Test)),
            new("Pack", nameof(Pack), nameof(FirstWeek))
            {
                StepsBefore = [Step.Script(InstallComponents)],
                Publishes = [new("packages", "artifacts/packages")],
            },
            new("ToolImage", nameof(ToolImage)) { DependsOn = ["Test"], Publishes = [new("tool-image", "artifacts/tool-image")] },
            NativeStage("Linux", "ubuntu-latest"),
            NativeStage("Windows", "windows-latest"),
            NativeStage("MacOS", "macos-latest"),
            new("Push", nameof(PushPackages), nameof(PushToolImage))
            {
                DependsOn = ["Pack", "ToolImage", "NativeLinux", "NativeWindows", "NativeMacOS"],
                SkipDependencies = true,
                Downloads = ["packages", "tool-image"],
                Environment = "packages",
                Secrets = [nameof(NuGetApiKey)],
            },
        ],
    };

    Target Pack => _ => _
        .Description("Pack the packages and the tool, and use them in a fresh project")
        .Produces(PackageDirectory / "*.nupkg")
        .Executes(() =>
        {
            PackageDirectory.CreateOrCleanDirectory();
            var version = ((IHazReleaseVersion)this).BuildVersion.SemVer;
            ProcessTasks.StartProcess("bash", $".ci/packages {PackageDirectory} {version}", RootDirectory).AssertZeroExitCode();
        });

    // As a user does it: templates, tutorials and the tool, in folders with nothing of this repository.
    Target FirstWeek => _ => _
        .Description("Play the first week of a team with the packages: templates, tutorials, the tool")
        .DependsOn(Pack)
        .Executes(() => ProcessTasks.StartProcess("bash", $".ci/first-week {PackageDirectory}", RootDirectory).AssertZeroExitCode());

    // The registries and tools that the week needs, in front of the others on the PATH.
    const string InstallComponents = """
        sudo .ci/components "$AGENT_TEMPDIRECTORY/components"
        echo "##vso[task.prependpath]$AGENT_TEMPDIRECTORY/components"
        """;

    static TargetStage NativeStage(string system, string image) => new($"Native{system}", nameof(NativeTool))
    {
        DependsOn = ["Test"],
        Pool = new HostedPool(image),
        Publishes = [new($"native-{system.ToLowerInvariant()}", "artifacts/native")],
    };

    Target PushPackages => _ => _
        .Description("Push the packages and the tool to a feed")
        .DependsOn(Pack)
        .Requires(() => NuGetApiKey)
        .Executes(() =>
        {
            foreach (var package in PackageDirectory.GlobFiles("*.nupkg"))
                DotNetTasks.DotNet($"nuget push {package} --source {PackageSource} --api-key {NuGetApiKey!:r} --skip-duplicate");
        });
}
