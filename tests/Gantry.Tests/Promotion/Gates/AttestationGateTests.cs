using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;

namespace Gantry.Tests.Promotion.Gates;

public sealed class AttestationGateTests
{
    private const string Type = "https://slsa.dev/provenance/v1";
    private const string Missing = "does not hold: app has no attestation https://slsa.dev/provenance/v1 that counts";
    private const string At = "the attestation D in base.test:5000/app";

    private static readonly Gate s_gate = Gate.Attestation(Type, "keys/build.pub");

    private sealed record Case(Func<GateFixture, Task> Arrange, GateVerdict? Verdict, string Finding, Gate? Gate = null);

    private static readonly Dictionary<string, Case> s_cases = new()
    {
        ["signed"] = new(_ => _.AttestAsync(Type, Finished(GateFixture.Yesterday)), GateVerdict.Held,
            "app signed with keys/build.pub at 2026-01-01 03:04 UTC"),
        ["signed, without a time"] = new(_ => _.AttestAsync(Type, "{}"), GateVerdict.Held, "app signed with keys/build.pub"),
        ["no attestation"] = new(_ => Sign(_), null, Missing),
        ["another type"] = new(_ => _.AttestAsync("https://example.com/other", "{}"), null, Missing),
        ["another key"] = new(async _ =>
        {
            _.Signer("build");
            await _.AttestAsync(Type, "{}", "mallory");
        }, null, $"{Missing}; not counted: {At} is signed with no trusted key (it names H; trusted: keys/build.pub K)"),
        ["a revoked key"] = new(_ =>
        {
            _.Signer("build", "Revoked: stolen");
            return _.AttestAsync(Type, "{}");
        }, null, $"{Missing}; not counted: {At} is signed with the key keys/build.pub, which is revoked: stolen"),
        ["before the time of the key"] = new(_ =>
        {
            _.Signer("build", "From: 2026-01-01");
            return _.AttestAsync(Type, Finished(GateFixture.LastYear));
        }, null, $"{Missing}; not counted: {At} is of 2025-01-02 03:04 UTC, when the key keys/build.pub did not count "
            + "(from 2026-01-01 00:00 UTC)"),
        ["within the time of a key that has ended"] = new(_ =>
        {
            _.Signer("build", "Until: 2026-01-01");
            return _.AttestAsync(Type, Finished(GateFixture.LastYear));
        }, GateVerdict.Held, "app signed with keys/build.pub at 2025-01-02 03:04 UTC"),
        ["without a time, and a key that has ended"] = new(_ =>
        {
            _.Signer("build", "Until: 2026-01-01");
            return _.AttestAsync(Type, "{}");
        }, null, $"{Missing}; not counted: {At} is of 2026-01-02 03:04 UTC, when the key keys/build.pub did not count "
            + "(until 2026-01-01 00:00 UTC)"),
        ["of the future"] = new(_ => _.AttestAsync(Type, Finished(GateFixture.Tomorrow)), null,
            $"{Missing}; not counted: {At} is of the future: 2026-01-03 03:04 UTC"),
        ["about another image"] = new(_ => _.AttestAsync(Type, "{}", about: Digest.Of("other"u8)), null,
            $"{Missing}; not counted: {At} is about another image than D"),
        ["too old"] = new(_ => _.AttestAsync(Type, Finished(GateFixture.LastYear)), null,
            $"{Missing}; not counted: {At} is of 2025-01-02 03:04 UTC, and counts for 2 days", Aged(2)),
        ["recent"] = new(_ => _.AttestAsync(Type, Finished(GateFixture.Yesterday)), GateVerdict.Held,
            "app signed with keys/build.pub at 2026-01-01 03:04 UTC", Aged(2)),
        ["without a time, where an age is declared"] = new(_ => _.AttestAsync(Type, "{}"), null,
            $"{Missing}; not counted: {At} cannot be read: it names no time, so its age is not known", Aged(2)),
        ["without a zone, where an age is declared"] = new(_ => _.AttestAsync(Type, Finished("2026-01-02T03:04:05")), null,
            $"{Missing}; not counted: {At} cannot be read: it names no time, so its age is not known", Aged(2)),
        ["no key file"] = new(_ => Task.CompletedTask, null,
            "does not hold: cannot be evaluated: the key file keys/build.pub cannot be read: Could not find file 'ROOT/keys/build.pub'"),
        ["a registry that fails"] = new(_ =>
        {
            _.Signer("build");
            _.Base.Before = (_, _) => throw new GantryException("GAN2001", "the base registry is gone", "bring it back");
            return Task.CompletedTask;
        }, null, "does not hold: cannot be evaluated: the base registry is gone"),
        ["a bundle that is none"] = new(_ =>
        {
            _.Signer("build");
            _.Attach("application/vnd.dev.sigstore.bundle.v0.3+json", "{}");
            return Task.CompletedTask;
        }, null, $"{Missing}; not counted: {At} cannot be read: its bundle is not one: JSON deserialization for type "
            + "'Gantry.Attestations.BundleDocument' was missing required properties including: 'mediaType', 'verificationMaterial', "
            + "'dsseEnvelope'"),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [Theory, MemberData(nameof(Cases))]
    public async Task An_attestation_counts_or_the_finding_says_why_not(string name)
    {
        using var fixture = await GateFixture.CreateAsync();
        var (arrange, verdict, finding, gate) = s_cases[name];
        await arrange(fixture);

        await fixture.AssertAsync(gate ?? s_gate, verdict, finding.Replace("ROOT", fixture.Root.Path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_image_needs_one()
    {
        using var fixture = await GateFixture.CreateAsync("app", "worker");
        await fixture.AttestAsync(Type, "{}", image: "worker");

        await fixture.AssertAsync(s_gate, null, Missing);
        await fixture.AttestAsync(Type, "{}", image: "app");
        await fixture.AssertAsync(s_gate, GateVerdict.Held, "app signed with keys/build.pub; worker signed with keys/build.pub");
    }

    [Fact]
    public async Task Beside_an_index_or_all_of_its_platforms()
    {
        using var fixture = await GateFixture.CreateIndexAsync();
        await fixture.AttestAsync(Type, "{}", beside: fixture.Platforms[0]);

        await fixture.AssertAsync(s_gate, null, Missing);
        await fixture.AttestAsync(Type, "{}", beside: fixture.Platforms[1]);
        await fixture.AssertAsync(s_gate, GateVerdict.Held, "app on 2 platforms signed with keys/build.pub");
        await fixture.AttestAsync(Type, "{}");
        await fixture.AssertAsync(s_gate, GateVerdict.Held, "app signed with keys/build.pub");
    }

    [Fact]
    public async Task A_person_passes_it_with_a_reason_and_a_service_does_not()
    {
        using var fixture = await GateFixture.CreateAsync();
        fixture.Signer("build");
        var request = fixture.Context(s_gate).Request;
        var planner = new PromotionPlanner(fixture.Promotion.Repositories, fixture.Time) { Keys = new(fixture.Root.Path) };

        var plan = await planner.PlanAsync(request, CancellationToken.None);

        Assert.True(plan.DelegateGatesTo("Azure Pipelines, environment prod").AwaitsDecision);
        var gate = Assert.Single(plan.Approve("the registry was moved").Gates);
        Assert.Equal((GateVerdict.Approved, "the registry was moved", Missing), (gate.Verdict, gate.Reason, gate.Finding));
    }

    private static Gate Aged(int days) => Gate.Attestation(Type, "keys/build.pub") with { MaximumAge = TimeSpan.FromDays(days) };

    private static string Finished(string time) => $$$"""{"runDetails":{"metadata":{"finishedOn":"{{{time}}}"} } }""";

    private static Task Sign(GateFixture fixture)
    {
        fixture.Signer("build");
        return Task.CompletedTask;
    }
}
