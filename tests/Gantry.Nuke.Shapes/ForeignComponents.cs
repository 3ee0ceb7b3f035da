using System.Collections.Generic;
using System.ComponentModel;
using Gantry.Environments;
using Gantry.Nuke;
using Serilog;

namespace Shapes.ForeignComponents;

/// <summary>Uses components of a third party that have the names of NUKE's components.</summary>
internal class Build : NukeBuild, IPublishPack, IBuildImage, IPushBase, IPromote
{
    public static int Main() => Execute<Build>(x => ((ICompile)x).Compile);

    public IReadOnlyList<ContainerImage> Images => [new("app") { Project = "src/App" }];

    public PromotionEnvironment Dev => new("dev");

    private Target PromoteDev => _ => _.Promote(this, Dev);
}

public interface IHazSolution : INukeBuild
{
    [Solution] Solution Solution => TryGetValue(() => Solution);
}

public interface IHazGitVersion : INukeBuild
{
    [GitVersion] GitVersion GitVersion => TryGetValue(() => GitVersion);
}

public interface IHazArtifacts : INukeBuild
{
    AbsolutePath ArtifactsDirectory => RootDirectory / "out";
}

public interface IClean : IHazSolution
{
    Target Clean => _ => _.Executes(() => Log.Information("Cleaned"));
}

public interface ICompile : IClean, IHazGitVersion
{
    Target Compile => _ => _
        .DependsOn(Clean)
        .Executes(() => Log.Information("Compiled {Solution} {Version}", Solution.FileName, GitVersion.SemVer));
}

[ParameterPrefix("Package")]
public interface IRelease : ICompile, IHazArtifacts
{
    [Parameter("Where packages go")] string Source => TryGetValue(() => Source) ?? "out";

    Target Release => _ => _.DependsOn(Compile).Executes(() => Log.Information("Released to {Source}", Source));
}

public interface IPublishPack : IRelease
{
    Target Publish => _ => _.DependsOn(Release).Executes(() => Log.Information("Published"));
}
