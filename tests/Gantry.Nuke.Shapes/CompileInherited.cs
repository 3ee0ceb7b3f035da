using System.Collections.Generic;
using Gantry.Environments;
using Gantry.Nuke;
using Serilog;

namespace Shapes.CompileInherited;

/// <summary>Extends the component's target, as NUKE's documentation shows.</summary>
internal class Build : NukeBuild, ICompileImages, IBuildImage, IPushBase, IPromote
{
    public static int Main() => Execute<Build>(x => x.PromoteDev);

    public IReadOnlyList<ContainerImage> Images => [new("app") { Project = "src/App" }];

    public PromotionEnvironment Dev => new("dev");

    public Target Compile => _ => _
        .Inherit<ICompileImages>(x => x.Compile)
        .Executes(() => Log.Information("Compiled, and then some"));

    public Configure<DotNetPublishSettings> PublishSettings => _ => _.SetProperty("Flavour", "vanilla");

    private Target PromoteDev => _ => _.Promote(this, Dev);
}
