using System.Collections.Generic;
using Gantry.Environments;
using Gantry.Nuke;
using Serilog;

namespace Shapes.Promoting;

/// <summary>Promotes to three environments with gates, and has targets of its own.</summary>
internal class Build : GantryBuild, IBuildImage, IPushBase, IPromote, IProvisionEnvironments
{
    public static int Main() => Execute<Build>(x => x.PromoteDev);

    [Parameter("Where people are told")] readonly string Channel;

    public IReadOnlyList<ContainerImage> Images => [new("app") { Project = "src/App" }];

    public PromotionEnvironment DevEnvironment => new("dev");
    public PromotionEnvironment TestEnvironment => new("test")
    {
        After = DevEnvironment,
        Gates = [Gate.Approval(@"[Contoso]\Release", minimum: 2)],
    };

    Target PromoteDev => _ => _.Promote(this, DevEnvironment);
    Target PromoteTest => _ => _.Promote(this, TestEnvironment);

    Target Announce => _ => _
        .DependsOn(PromoteDev)
        .Executes(() => Log.Information("Announced in {Channel}", Channel));

    Target Rehearse => _ => _
        .DependsOn(PromoteDev)
        .UsesParameters(nameof(IHazDryRun.DryRun), nameof(IPromote.Approve))
        .Executes(() => Log.Information("Rehearsed: {DryRun}", ((IHazDryRun)this).DryRun));

    Target Fail => _ => _
        .DependsOn(PromoteDev)
        .UsesParameters(nameof(IHazDryRun.DryRun))
        .Executes(() => Assert.Fail("It failed."));
}
