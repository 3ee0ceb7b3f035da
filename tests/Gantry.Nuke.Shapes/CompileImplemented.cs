using System.Collections.Generic;
using Gantry.Environments;
using Gantry.Nuke;
using Serilog;

namespace Shapes.CompileImplemented;

/// <summary>Replaces the component's target with an own implementation.</summary>
internal class Build : NukeBuild, ICompileImages, IBuildImage, IPushBase, IPromote
{
    public static int Main() => Execute<Build>(x => x.PromoteDev);

    public IReadOnlyList<ContainerImage> Images => [new("app") { Project = "src/App" }];

    public PromotionEnvironment Dev => new("dev");

    Target ICompile.Compile => _ => _
        .Executes(() => Log.Information("Compiled by the class"));

    private Target PromoteDev => _ => _.Promote(this, Dev);
}
