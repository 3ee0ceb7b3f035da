using System.Collections.Generic;
using Gantry.Environments;
using Gantry.Nuke;
using Serilog;

namespace Shapes.OwnPublishAndTest;

/// <summary>Has targets with the names of other NUKE components, and tests what it has promoted.</summary>
internal class Build : GantryBuild, IBuildImage, IPushBase, IPromote, IGenerateFiles
{
    public static int Main() => Execute<Build>(x => x.Publish);

    public IReadOnlyList<ContainerImage> Images => [new("app") { Project = "src/App" }];

    public PromotionEnvironment Dev => new("dev");

    Target PromoteDev => _ => _.Promote(this, Dev);

    Target Test => _ => _
        .DependsOn(PromoteDev)
        .Executes(() => Log.Information("Tested in dev"));

    Target Publish => _ => _
        .DependsOn(Test)
        .Executes(() => Log.Information("Published to people"));
}
