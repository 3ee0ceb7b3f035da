using System.Collections.Generic;
using Gantry.Environments;
using Gantry.Nuke;
using Serilog;

namespace Shapes.PublishReplaced;

/// <summary>Publishes nothing, although its image is built from a project.</summary>
internal class Build : NukeBuild, IBuildImage, IPushBase, IPromote
{
    public static int Main() => Execute<Build>(x => x.PromoteDev);

    public IReadOnlyList<ContainerImage> Images => [new("app") { Project = "src/App" }];

    public PromotionEnvironment Dev => new("dev");

    public Target PublishImages => _ => _.Executes(() => Log.Information("Published elsewhere"));

    private Target PromoteDev => _ => _.Promote(this, Dev);
}
