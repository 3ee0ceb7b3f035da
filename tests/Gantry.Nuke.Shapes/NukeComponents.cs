using System.Collections.Generic;
using Gantry.Environments;
using Gantry.Nuke;
using Serilog;

namespace Shapes.NukeComponents;

/// <summary>Uses NUKE's components as public repositories do, with an own solution and configuration.</summary>
internal class Build : NukeBuild, ITest, IHazGitVersion, IBuildImage, IPushBase, IPromote
{
    public static int Main() => Execute<Build>(x => ((ICompile)x).Compile);

    [Parameter] public Configuration Configuration { get; } = Configuration.Debug;

    [Solution] readonly Solution Solution;
    Solution IHazSolution.Solution => Solution;

    public AbsolutePath ArtifactsDirectory => RootDirectory / "output";

    public IEnumerable<Project> TestProjects => [];

    public Configure<DotNetBuildSettings> CompileSettings => _ => _.EnableNoLogo();

    public IReadOnlyList<ContainerImage> Images => [new("app") { Project = "src/App/App.csproj", Dockerfile = "output.Dockerfile" }];

    public PromotionEnvironment Dev => new("dev");

    private Target PromoteDev => _ => _.Promote(this, Dev);
}
