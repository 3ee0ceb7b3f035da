using System.Collections.Generic;
using Gantry.Environments;
using Gantry.Nuke;

namespace Shapes.Rebuilding;

/// <summary>Publishes one image to the base registry, and rebuilds releases; one environment asks for that.</summary>
internal class Build : GantryBuild, IBuildImage, IPushBase, IPromote, IRebuildReleases
{
    public static int Main() => Execute<Build>(x => x.PromoteDev);

    public IReadOnlyList<ContainerImage> Images => [new("app") { Project = "src/App" }];

    public PromotionEnvironment DevEnvironment => new("dev");
    public PromotionEnvironment RebuiltEnvironment => new("rebuilt") { Gates = [Gate.Rebuilt(1, "keys/checker.pub")] };

    Target PromoteDev => _ => _.Promote(this, DevEnvironment);
    Target PromoteRebuilt => _ => _.Promote(this, RebuiltEnvironment);
}
