using Gantry.AzurePipelines;
using Gantry.AzurePipelines.Model;
using Gantry.Nuke;

// The packages and the tool of this repository: packed and verified for a tag, and pushed after an approval.
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
            new("Pack", nameof(Pack)) { Publishes = [new("packages", "artifacts/packages")] },
            new("Push", nameof(PushPackages))
            {
                SkipDependencies = true,
                Downloads = ["packages"],
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
