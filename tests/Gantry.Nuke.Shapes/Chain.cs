using System.Collections.Generic;
using Gantry.Environments;
using Gantry.Nuke;

namespace Shapes.Chain;

/// <summary>Promotes to three environments without gates.</summary>
internal class Build : GantryBuild, IBuildImage, IPushBase, IPromote
{
    public static int Main() => Execute<Build>(x => x.PromoteDev);

    public IReadOnlyList<ContainerImage> Images => [new("app") { Project = "src/App" }];

    public PromotionEnvironment DevEnvironment => new("dev");
    public PromotionEnvironment TestEnvironment => new("test") { After = DevEnvironment };
    public PromotionEnvironment ProdEnvironment => new("prod") { After = TestEnvironment };

    Target PromoteDev => _ => _.Promote(this, DevEnvironment);
    Target PromoteTest => _ => _.Promote(this, TestEnvironment);
    Target PromoteProd => _ => _.Promote(this, ProdEnvironment);
}
