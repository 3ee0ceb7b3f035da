using System.Collections.Generic;
using Gantry.Environments;
using Gantry.Nuke;

namespace Shapes.HiddenParameter;

/// <summary>Has an own parameter with the name of a component's parameter and another meaning.</summary>
internal class Build : NukeBuild, IBuildImage, IPushBase, IPromote
{
    public static int Main() => Execute<Build>(x => x.PromoteDev);

    [Parameter("Where the servers are")] readonly string Region;

    public IReadOnlyList<ContainerImage> Images => [new("app") { Project = "src/App" }];

    public PromotionEnvironment Dev => new("dev");

    Target PromoteDev => _ => _.Promote(this, Dev);
}
