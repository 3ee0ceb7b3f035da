using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Tests.Deployments;

namespace Gantry.Tests.Promotion;

public sealed class GateTests
{
    private readonly PromotionFixture _fixture = new();

    private static readonly PromotionEnvironment Prod = new("prod") { After = new("dev"), Gates = [Gate.Soak(TimeSpan.FromHours(24))] };

    [Fact]
    public async Task A_soak_time_that_is_not_over_is_reported_with_start_and_end()
    {
        var request = await SoakingAsync();
        _fixture.Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        _fixture.Test.Calls.Clear();

        var error = await Assert.ThrowsAsync<GantryException>(() => _fixture.PlanAsync(request));

        Assert.Equal(
            "GAN5002: the release '1.0.0' cannot go to prod yet: it has been in dev since 2026-01-02 03:04 UTC, and its soak time of 1 day "
            + "ends at 2026-01-03 03:04 UTC; "
            + "run the promotion again after that, or say why it cannot wait.",
            error.Message);
        Assert.Equal([RemedyAction.OverrideSoak], error.Actions);
        Assert.Equal(0, _fixture.Test.Count("Put"));

        _fixture.Time.Advance(TimeSpan.FromSeconds(1));
        var gate = Assert.Single((await _fixture.PlanAsync(request)).Gates);
        Assert.Equal((GateVerdict.Held, "in dev since 2026-01-02 03:04 UTC, over at 2026-01-03 03:04 UTC"), (gate.Verdict, gate.Finding));
    }

    [Fact]
    public async Task The_soak_time_starts_with_the_last_image_in_the_last_region()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app", "worker");
        var before = new PromotionEnvironment("stage") { Regions = ["west", "east"] };
        var toStage = _fixture.Request(release, targets: [PromotionFixture.DevAddress, PromotionFixture.BaseAddress]).To(before);
        await _fixture.PromoteAsync(toStage with { Targets = [toStage.Targets[0]] });
        _fixture.Time.Advance(TimeSpan.FromHours(30));
        await _fixture.PromoteAsync(toStage);
        var toProd = _fixture.Request(release, targets: PromotionFixture.TestAddress).To(Prod with { After = before }) with
        {
            Before = toStage.Targets,
        };

        Assert.Equal("GAN5002", (await Assert.ThrowsAsync<GantryException>(() => _fixture.PlanAsync(toProd))).Code);
        _fixture.Time.Advance(TimeSpan.FromHours(24));
        Assert.Equal(GateVerdict.Held, (await _fixture.PlanAsync(toProd)).Gates[0].Verdict);
    }

    [Fact]
    public async Task An_override_of_the_soak_time_is_recorded_with_its_reason()
    {
        var request = await SoakingAsync() with { OverrideSoakReason = "the shop is down" };

        await _fixture.PromoteAsync(request);

        var record = Assert.Single(await PromotionReferrer.FindAsync(
            _fixture.Test["app"], request.Release.Images[0].Digest, "prod", null, null, CancellationToken.None));
        Assert.Equal(
            new RecordedGate
            {
                Gate = "soak time of 1 day",
                Verdict = GateVerdict.Overridden,
                Finding = "in dev since 2026-01-02 03:04 UTC, over at 2026-01-03 03:04 UTC",
                Reason = "the shop is down",
            },
            Assert.Single(record.Gates));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t")]
    public async Task A_blank_reason_overrides_nothing_moves_no_tag_and_approves_nothing(string reason)
    {
        var request = await SoakingAsync() with { OverrideSoakReason = reason };

        Assert.Equal("GAN5002", (await Assert.ThrowsAsync<GantryException>(() => _fixture.PlanAsync(request))).Code);
        Assert.Throws<ArgumentException>(() => GateEvaluation.Overridden(reason, "too early"));
        var dev = _fixture.Request(request.Release).To(new("dev") { Gates = [Gate.Approval("QA")] });
        var plan = await _fixture.PlanAsync(dev);
        Assert.Throws<ArgumentException>(() => plan.Approve(reason));
        var target = new Gantry.Copying.CopyTarget(_fixture.Dev["app"], request.Release.Tag) { MoveTagReason = reason };
        var error = await Assert.ThrowsAsync<GantryException>(() =>
            target.FindTagAsync(Digest.Parse("sha256:" + new string('0', 64)), CancellationToken.None));
        Assert.Equal("GAN4035", error.Code);
    }

    [Fact]
    public async Task An_override_that_is_not_needed_is_not_recorded()
    {
        var request = await SoakingAsync() with { OverrideSoakReason = "the shop is down" };
        _fixture.Time.Advance(TimeSpan.FromDays(2));

        Assert.Equal(
            (GateVerdict.Held, null), (await _fixture.PlanAsync(request)).Gates.Select(gate => (gate.Verdict, gate.Reason)).Single());
    }

    [Fact]
    public async Task A_release_without_a_promotion_record_is_not_in_the_environment_before()
    {
        var request = await SoakingAsync();
        _fixture.Dev["app"].RemoveRecords();
        _fixture.Time.Advance(TimeSpan.FromDays(2));

        var error = await Assert.ThrowsAsync<GantryException>(() => _fixture.PlanAsync(request));

        Assert.Equal(("GAN4024", "promote it to dev again, which records it"), (error.Code, error.Remedy));
        Assert.EndsWith("dev.test:5000/app has its image, and no record of its promotion to dev", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_that_is_in_place_waits_for_no_gate()
    {
        var request = await SoakingAsync();
        await _fixture.PromoteAsync(request with { OverrideSoakReason = "the shop is down" });
        _fixture.Dev.Before = (_, _) => throw new GantryException("GAN2001", "dev is gone", "bring it back");

        Assert.True((await _fixture.PlanAsync(request)).NothingMoves);
    }

    [Fact]
    public async Task A_plan_with_undecided_gates_is_not_applied()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app");
        var plan = await _fixture.PlanAsync(_fixture.Request(release).To(new("dev") { Gates = [Gate.Approval("QA")] }));

        Assert.Equal(
            "GAN5004", (await Assert.ThrowsAsync<GantryException>(() => new Promoter().ApplyAsync(plan, CancellationToken.None))).Code);
        Assert.Equal(0, _fixture.Dev.Count("Put"));

        (await new Promoter().ApplyAsync(plan.DelegateGatesTo("Azure Pipelines, environment dev"), CancellationToken.None)).ThrowIfFailed();
        var record = Assert.Single(
            await PromotionReferrer.FindAsync(_fixture.Dev["app"], release.Images[0].Digest, "dev", null, null, CancellationToken.None));
        Assert.Equal(
            new RecordedGate { Gate = "approval by QA", Verdict = GateVerdict.Service, Finding = "Azure Pipelines, environment dev" },
            Assert.Single(record.Gates));
    }

    // It is Friday, 03:04 in UTC and 04:04 in Berlin.
    [Theory]
    [InlineData(4, 5, "Europe/Berlin", GateVerdict.Held, "it is Friday 04:04 there")]
    [InlineData(4, 5, "UTC", null, "does not hold: it is Friday 03:04 there")]
    [InlineData(4, 5, "Atlantis Standard Time", null, "the time zone Atlantis Standard Time is not known here")]
    public async Task Business_hours_are_in_their_time_zone(int start, int end, string zone, GateVerdict? verdict, string finding) =>
        Assert.Equal((verdict, finding), await ReadAsync(Gate.BusinessHours(new(start, 0), new(end, 0), zone)));

    [Theory]
    [InlineData("main", "main", false, GateVerdict.Held, "built from main")]
    [InlineData("main", "main", true, null, "built from main; whether that is protected is not known here")]
    [InlineData("release/*", "release/1.x/y", false, GateVerdict.Held, "built from release/1.x/y")]
    [InlineData("refs/tags/v*", "refs/tags/v1", false, GateVerdict.Held, "built from refs/tags/v1")]
    [InlineData("main", "maintenance", false, null, "does not hold: built from maintenance")]
    [InlineData("main", null, false, null, "the branch of the release is not known")]
    public async Task The_branch_is_that_of_the_release(
        string pattern, string? branch, bool isProtected, GateVerdict? verdict, string finding) =>
        Assert.Equal((verdict, finding), await ReadAsync(Gate.OnlyBranches(pattern) with { RequireProtection = isProtected }, branch));

    public static TheoryData<string, Gate, string?, GateVerdict?> Delegated => new()
    {
        { "an approval, which is not evaluated", Gate.Approval("QA"), null, GateVerdict.Service },
        { "a branch that is not known", Gate.OnlyBranches("main"), null, GateVerdict.Service },
        { "a branch whose protection is not known", Gate.OnlyBranches("main"), "main", GateVerdict.Service },
        { "a time zone that is not known", Gate.BusinessHours(new(4, 0), new(5, 0), "Atlantis Standard Time"), null, GateVerdict.Service },
        { "a branch that holds", Gate.OnlyBranches("main") with { RequireProtection = false }, "main", GateVerdict.Held },
        { "another branch", Gate.OnlyBranches("main") with { RequireProtection = false }, "topic/x", null },
        { "another branch, with protection", Gate.OnlyBranches("main"), "topic/x", null },
        { "other hours", Gate.BusinessHours(new(4, 0), new(5, 0), "UTC"), null, null },
    };

    [Theory]
    [MemberData(nameof(Delegated))]
    public async Task A_service_answers_for_what_is_not_known_and_never_for_what_does_not_hold(
        string name, Gate gate, string? branch, GateVerdict? verdict)
    {
        _ = name;
        var release = await _fixture.PublishAsync(_fixture.Build("1.0.0", "app") with { Branch = branch });
        var plan = await _fixture.PlanAsync(_fixture.Request(release).To(new("dev") { Gates = [gate] }));

        var delegated = plan.DelegateGatesTo("Azure Pipelines, environment dev");

        Assert.Equal((verdict, verdict is null), (delegated.Gates[0].Verdict, delegated.Gates[0].DoesNotHold));
        Assert.Equal(verdict is null, delegated.AwaitsDecision);
        if (verdict is not null)
            return;
        Assert.Equal(plan.Gates[0].Finding, delegated.Gates[0].Finding);
        await SampleOrders.AssertErrorAsync("GAN5004", () => new Promoter().ApplyAsync(delegated, CancellationToken.None));
        Assert.Equal(0, _fixture.Dev.Count("Put"));
    }

    private async Task<(GateVerdict?, string?)> ReadAsync(Gate gate, string? branch = null)
    {
        var release = await _fixture.PublishAsync(_fixture.Build("1.0.0", "app") with { Branch = branch });
        var plan = await _fixture.PlanAsync(_fixture.Request(release).To(new("dev") { Gates = [gate] }));
        return (plan.Gates[0].Verdict, plan.Gates[0].Finding);
    }

    /// <summary>Requests the promotion to prod, in the registry 'test', of a release that has just come to dev.</summary>
    private async Task<PromotionRequest> SoakingAsync()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app");
        await _fixture.PromoteAsync(_fixture.Request(release));
        return _fixture.Request(release, targets: PromotionFixture.TestAddress).To(Prod) with
        {
            Before = PromotionTarget.Of(Prod.After!, PromotionFixture.DevAddress),
        };
    }
}
