using Gantry.Attestations;
using Gantry.Attestations.Approvals;
using Gantry.Tests.Deployments;

namespace Gantry.Tests.Promotion.Gates;

public sealed class ApproverTests
{
    [Fact]
    public async Task An_approval_is_beside_every_image()
    {
        using var fixture = await GateFixture.CreateAsync("app", "worker");

        var approved = await fixture.ApproveAsync("anna", one => one with { By = "Anna <3", Reason = "CHG-7" });

        Assert.Equal(["app", "worker"], approved.Select(image => image.Image));
        Assert.All(approved, image => Assert.True(image.IsWritten));
        foreach (var image in approved)
        {
            var found = await AttestationReferrer.FindAsync(
                fixture.Base[image.Image], image.Digest, PredicateTypes.Approval, CancellationToken.None);
            var attestation = Assert.Single(found.Attestations);
            Assert.Equal(image.Attestation, attestation.Digest);
            Assert.True(attestation.Bundle.IsSignedBy(await fixture.KeyAsync("anna")));
            Assert.True(attestation.Statement.IsAbout(image.Digest));
            Assert.Equal(
                $$"""
                {"schema":1,"environment":"prod","version":"1.0.0","image":"{{image.Image}}","approvedBy":"Anna <3","approved":"2026-01-02T03:04:05Z","reason":"CHG-7"}
                """,
                attestation.Statement.Predicate.GetRawText());
        }
    }

    [Fact]
    public async Task An_equal_approval_is_not_written_twice()
    {
        using var fixture = await GateFixture.CreateAsync("app", "worker");
        var first = await fixture.ApproveAsync("anna", release: fixture.Release with { Images = [fixture.Release.Images[0]] });
        fixture.Time.Advance(TimeSpan.FromHours(1));

        var second = await fixture.ApproveAsync("anna");
        var third = await fixture.ApproveAsync("anna");

        Assert.Equal([false, true], second.Select(image => image.IsWritten));
        Assert.Equal(first[0].Attestation, second[0].Attestation);
        Assert.All(third, image => Assert.False(image.IsWritten));
        Assert.True((await fixture.ApproveAsync("ben"))[0].IsWritten);
    }

    [Fact]
    public async Task A_changed_one_and_one_after_a_withdrawal_is_written()
    {
        using var fixture = await GateFixture.CreateAsync();
        Func<ApprovalDecision, ApprovalDecision>[] decisions =
        [
            one => one,
            one => one with { Reason = "other" },
            one => one with { ValidUntil = fixture.Time.GetUtcNow().AddDays(1) },
            one => one with { Withdraws = true },
            one => one with { Environment = "test" },
            one => one,
        ];
        foreach (var decision in decisions)
            Assert.True(Assert.Single(await fixture.ApproveAsync("anna", decision)).IsWritten);

        // They are of the same second, and in their order all the same.
        var found = await AttestationReferrer.FindAsync(
            fixture.Base["app"], fixture.App, PredicateTypes.Approval, CancellationToken.None);
        var times = found.Attestations
            .Select(one => ApprovalPredicate.Read(one.Statement.Predicate, one.Origin))
            .Where(one => one.Environment == "prod")
            .Select(one => one.Approved)
            .Order();
        Assert.Equal(Enumerable.Range(0, 5).Select(second => fixture.Time.GetUtcNow().AddSeconds(second)), times);
    }

    [Fact]
    public async Task An_old_one_is_renewed()
    {
        using var fixture = await GateFixture.CreateAsync();
        await fixture.ApproveAsync("anna");
        fixture.Time.Advance(TimeSpan.FromDays(3));
        var approver = new Approver(fixture.Promotion.Repositories, PromotionFixture.BaseAddress, fixture.Time)
        {
            MaximumAge = TimeSpan.FromDays(2),
        };

        var approved = await approver.ApproveAsync(
            fixture.Release,
            new() { Environment = "prod", By = "anna", Reason = "tested" },
            fixture.Signer("anna"),
            CancellationToken.None);

        Assert.True(approved[0].IsWritten);
    }

    [Theory]
    [InlineData("", "Anna", "tested", "it names no environment")]
    [InlineData("prod", " ", "tested", "it names no person")]
    [InlineData("prod", "Anna", "", "it has no reason")]
    public async Task An_incomplete_decision_is_not_signed(string environment, string by, string reason, string fault)
    {
        using var fixture = await GateFixture.CreateAsync();

        var error = await SampleOrders.AssertErrorAsync("GAN5027", () => fixture.ApproveAsync(
            "anna", one => one with { Environment = environment, By = by, Reason = reason }));

        Assert.Equal($"the approval cannot be signed: {fault}", error.Problem);
    }

    [Fact]
    public async Task An_approval_that_has_ended_is_not_signed()
    {
        using var fixture = await GateFixture.CreateAsync();

        var error = await SampleOrders.AssertErrorAsync(
            "GAN5027", () => fixture.ApproveAsync("anna", one => one with { ValidUntil = fixture.Time.GetUtcNow() }));

        Assert.Equal("the approval cannot be signed: it ends at 2026-01-02 03:04 UTC, which is in the past", error.Problem);
    }

    [Fact]
    public async Task An_image_that_is_not_there_cannot_be_approved()
    {
        using var fixture = await GateFixture.CreateAsync();
        fixture.Base["app"].Manifests.Clear();

        await SampleOrders.AssertErrorAsync("GAN5025", () => fixture.ApproveAsync("anna"));
    }
}
