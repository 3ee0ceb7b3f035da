using System.Collections.Generic;
using Gantry.Environments;
using Gantry.Nuke;

namespace Shapes.Rebuilding;

/// <summary>Publishes one image, rebuilds releases and follows their base images; one environment asks for a rebuild.</summary>
internal class Build : GantryBuild, IBuildImage, IPushBase, IPromote, IRebuildReleases, IMaintainBaseImages
{
    public static int Main() => Execute<Build>(x => x.PromoteDev);

    public IReadOnlyList<ContainerImage> Images => [new("app") { Project = "src/App" }];

    public PromotionEnvironment DevEnvironment => new("dev");
    public PromotionEnvironment RebuiltEnvironment => new("rebuilt") { Gates = [Gate.Rebuilt(1, "keys/checker.pub")] };

    Target PromoteDev => _ => _.Promote(this, DevEnvironment);
    Target PromoteRebuilt => _ => _.Promote(this, RebuiltEnvironment);
}
