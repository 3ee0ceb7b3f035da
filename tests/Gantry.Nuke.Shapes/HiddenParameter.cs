using System.Collections.Generic;
using Gantry.Environments;
using Gantry.Nuke;

namespace Shapes.HiddenParameter;

/// <summary>Has a parameter of its own that a component has, too, and means something else by it.</summary>
internal class Build : NukeBuild, IBuildImage, IPushBase, IPromote
{
    public static int Main() => Execute<Build>(x => x.PromoteDev);

    [Parameter("Where the servers are")] readonly string Region;

    public IReadOnlyList<ContainerImage> Images => [new("app") { Project = "src/App" }];

    public PromotionEnvironment Dev => new("dev");

    Target PromoteDev => _ => _.Promote(this, Dev);
}
