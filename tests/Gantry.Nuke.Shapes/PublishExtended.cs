using System.Collections.Generic;
using System.IO;
using Gantry.Environments;
using Gantry.Nuke;

namespace Shapes.PublishExtended;

/// <summary>Adds a file to the published folder, and sets options of the publication.</summary>
internal class Build : NukeBuild, IBuildImage, IPushBase, IPromote
{
    public static int Main() => Execute<Build>(x => x.PromoteDev);

    public IReadOnlyList<ContainerImage> Images => [new("app") { Project = "src/App" }];

    public PromotionEnvironment Dev => new("dev");

    public Configure<DotNetPublishSettings> ImagePublishSettings => _ => _.SetConfiguration("Special");

    public Target PublishImages => _ => _
        .Inherit<IPublishImages>(x => x.PublishImages)
        .Executes(() => File.WriteAllText(RootDirectory / "artifacts" / "app" / "notice.txt", "ours"));

    private Target PromoteDev => _ => _.Promote(this, Dev);
}
