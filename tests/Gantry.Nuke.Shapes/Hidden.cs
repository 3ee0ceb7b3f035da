using System.Collections.Generic;
using Gantry.Environments;
using Gantry.Nuke;

namespace Shapes.Hidden;

/// <summary>Has an own target and a component with a target of the same name.</summary>
internal class Build : GantryBuild, ICompileImages, IBuildImage, IPushBase, IPromote
{
    public static int Main() => Execute<Build>(x => x.PromoteDev);

    public IReadOnlyList<ContainerImage> Images => [new("app") { Project = "src/App" }];

    public PromotionEnvironment Dev => new("dev");

    Target Compile => _ => _.Executes(() => { });

    Target PromoteDev => _ => _.Promote(this, Dev);
}
