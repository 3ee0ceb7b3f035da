using System;
using System.Collections.Generic;
using Gantry.Environments;
using Gantry.Nuke;
using Gantry.Pruning;

namespace Shapes.Signing;

/// <summary>Signs releases, promotions and approvals, and moves from one key to the next.</summary>
internal class Build
    : GantryBuild, IBuildImage, IPushBase, IPromote, IManageKeys, IApproveReleases, IPruneRegistries, ICompareReleases
{
    public static int Main() => Execute<Build>(x => x.PromoteDev);

    public IReadOnlyList<ContainerImage> Images => [new("app") { Project = "src/App" }];

    public PromotionEnvironment DevEnvironment => new("dev");
    public PromotionEnvironment TestEnvironment => new("test")
    {
        After = DevEnvironment,
        Gates = [Gate.SignedApprovals(1, "keys/approvers/anna.pub")],
    };

    // In a test everything was promoted within the last hour.
    public Configure<PruningRules> PruningSettings => rules => rules with { InProgress = TimeSpan.Zero };

    Target PromoteDev => _ => _.Promote(this, DevEnvironment);
    Target PromoteTest => _ => _.Promote(this, TestEnvironment);
}
