using System.Collections.Generic;
using System.ComponentModel;
using Gantry.Environments;
using Gantry.Nuke;
using Serilog;

namespace Shapes.FromSetup;

[TypeConverter(typeof(TypeConverter<Configuration>))]
public class Configuration : Enumeration
{
    public static Configuration Debug = new Configuration { Value = nameof(Debug) };
    public static Configuration Release = new Configuration { Value = nameof(Release) };

    public static implicit operator string(Configuration configuration)
    {
        return configuration.Value;
    }
}

/// <summary>The class that <c>nuke :setup</c> writes, with its own members and Gantry's components.</summary>
internal class Build : NukeBuild, IBuildImage, IPushBase, IPromote
{
    public static int Main() => Execute<Build>(x => x.Compile);

    [Parameter("Configuration to build - Default is 'Debug' (local) or 'Release' (server)")]
    readonly Configuration Configuration = IsLocalBuild ? Configuration.Debug : Configuration.Release;

    [Solution] readonly Solution Solution;
    [GitVersion] readonly GitVersion GitVersion;

    AbsolutePath SourceDirectory => RootDirectory / "src";
    AbsolutePath ArtifactsDirectory => RootDirectory / "artifacts";

    public IReadOnlyList<ContainerImage> Images => [new("app") { Project = "src/App" }];

    public PromotionEnvironment Dev => new("dev");

    Target Clean => _ => _
        .Before(Restore)
        .Executes(() => (SourceDirectory / "cleaned").DeleteFile());

    Target Restore => _ => _
        .Executes(() => Log.Information("Restored {Solution}", Solution.FileName));

    Target Compile => _ => _
        .DependsOn(Restore)
        .Executes(() => Log.Information("Compiled {Configuration} {Version}", Configuration, GitVersion.SemVer));

    Target PromoteDev => _ => _.Promote(this, Dev);
}
