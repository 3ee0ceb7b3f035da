using System.Text.Json;
using Gantry.Attestations;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Testing;

namespace Gantry.Tests.Promotion.Gates;

public sealed class SignedApprovalsGateTests
{
    private const string Anna = "keys/anna.pub (anna: tested)";
    private const string Remedy =
        "; let others of the trusted keys approve this release for this environment, and promote again.";

    private static readonly SignedApprovalsGate s_gate = Gate.SignedApprovals(2, "keys/anna.pub", "keys/ben.pub", "keys/carl.pub");

    /// <summary>Each case has one approval of Anna that counts, and one of Ben that does not.</summary>
    private static readonly Dictionary<string, (Func<GateFixture, Task> Arrange, string Refused)> s_cases = new()
    {
        ["none"] = (_ => Task.CompletedTask, ""),
        ["the same key twice"] = (_ => _.ApproveAsync("anna", one => one with { Reason = "again" }), ""),
        ["another environment"] = (_ => _.ApproveAsync("ben", one => one with { Environment = "test" }),
            "; not counted: app: D by keys/ben.pub is for test"),
        ["the release before, of the same image"] = (
            _ => _.ApproveAsync("ben", release: _.Release with { Version = "0.9.0" }),
            "; not counted: app: D by keys/ben.pub is for the release 0.9.0"),
        ["another digest"] = (
            _ => _.AttestAsync(PredicateTypes.Approval, Approval(), "ben", about: Digest.Of("other"u8)),
            "; not counted: app: D by keys/ben.pub is about another image"),
        ["another image"] = (
            _ => _.AttestAsync(PredicateTypes.Approval, Approval(image: "worker"), "ben"),
            "; not counted: app: D by keys/ben.pub is for the image worker"),
        ["an unknown key"] = (_ => _.ApproveAsync("mallory"),
            "; not counted: app: the attestation D in base.test:5000/app is signed with no trusted key (it names H; "
                + "trusted: keys/anna.pub K, keys/ben.pub K, keys/carl.pub K)"),
        ["a revoked key"] = (async _ =>
        {
            _.Root.Write("keys/ben.pub", "Revoked: stolen\n"u8);
            await File.AppendAllTextAsync(_.Root.Combine("keys/ben.pub"), (await _.KeyAsync("ben")).ToPem());
            await _.ApproveAsync("ben");
        }, "; not counted: app: the attestation D in base.test:5000/app is signed with the key keys/ben.pub, which is revoked: stolen"),
        ["a key that had ended"] = (async _ =>
        {
            _.Root.Write("keys/ben.pub", "Until: 2026-01-01\n"u8);
            await File.AppendAllTextAsync(_.Root.Combine("keys/ben.pub"), (await _.KeyAsync("ben")).ToPem());
            await _.ApproveAsync("ben");
        }, "; not counted: app: the attestation D in base.test:5000/app is of 2026-01-02 03:04 UTC, when the key keys/ben.pub did not "
            + "count (until 2026-01-01 00:00 UTC)"),
        ["of the future"] = (_ => _.AttestAsync(PredicateTypes.Approval, Approval(time: GateFixture.Tomorrow), "ben"),
            "; not counted: app: the attestation D in base.test:5000/app is of the future: 2026-01-03 03:04 UTC"),
        ["expired"] = (_ => _.AttestAsync(
                PredicateTypes.Approval, Approval(time: GateFixture.LastYear, more: ""","validUntil":"2026-01-02T03:04:05Z" """), "ben"),
            "; not counted: app: D by keys/ben.pub ended at 2026-01-02 03:04 UTC"),
        ["withdrawn"] = (async _ =>
        {
            await _.ApproveAsync("ben");
            await _.ApproveAsync("ben", one => one with { Withdraws = true });
        }, "; not counted: app: D by keys/ben.pub was withdrawn at 2026-01-02 03:04 UTC"),
        ["withdrawn in the future"] = (async _ =>
        {
            await _.ApproveAsync("ben");
            await _.AttestAsync(
                PredicateTypes.Approval, Approval(time: GateFixture.Tomorrow, more: ""","withdrawn":true"""), "ben");
        }, "; not counted: app: D by keys/ben.pub was withdrawn at 2026-01-03 03:04 UTC"),
        ["an unknown property"] = (_ => _.AttestAsync(PredicateTypes.Approval, Approval(more: ""","rejected":true"""), "ben"),
            "; not counted: app: the approval D in base.test:5000/app cannot be read: The JSON property 'rejected' could not be mapped to "
                + "any .NET member contained in type 'Gantry.Attestations.Approvals.ApprovalPredicate'"),
        ["an empty predicate"] = (_ => _.AttestAsync(PredicateTypes.Approval, "{}", "ben"),
            "; not counted: app: the approval D in base.test:5000/app cannot be read: JSON deserialization for type "
                + "'Gantry.Attestations.Approvals.ApprovalPredicate' was missing required properties including: 'environment', 'version', "
                + "'image', 'approvedBy', 'approved', 'reason'"),
        ["another schema"] = (_ => _.AttestAsync(PredicateTypes.Approval, Approval(schema: 2), "ben"),
            "; not counted: app: the approval D in base.test:5000/app cannot be read: its schema is 2"),
        ["a time without a zone"] = (_ => _.AttestAsync(PredicateTypes.Approval, Approval(time: "2026-01-02T03:04:05"), "ben"),
            "; not counted: app: the approval D in base.test:5000/app cannot be read: a time is not one such as 2026-01-02T03:04:05Z"),
        ["no reason"] = (_ => _.AttestAsync(PredicateTypes.Approval, Approval(reason: " "), "ben"),
            "; not counted: app: the approval D in base.test:5000/app cannot be read: it has no reason"),
        ["the key of the promotion"] = (async _ =>
        {
            _.ExcludedApprovers = [await _.KeyAsync("ben")];
            await _.ApproveAsync("ben");
        }, "; not counted: app: D by keys/ben.pub, which signs the promotion"),
        ["the key of the build"] = (async _ =>
        {
            _.BuilderKeys = [await _.KeyAsync("ben")];
            await _.ApproveAsync("ben");
        }, "; not counted: app: D by keys/ben.pub, which signs what is built"),
        ["a key that has signed provenance"] = (async _ =>
        {
            await _.AttestAsync(PredicateTypes.Provenance, "{}", "ben");
            await _.ApproveAsync("ben");
        }, "; not counted: app: D by keys/ben.pub, which has signed how app was built"),
        ["the same key in another file"] = (async _ =>
        {
            File.Copy(_.Root.Combine("keys/anna.pub"), _.Root.Combine("keys/ben.pub"), overwrite: true);
            await _.ApproveAsync("anna", one => one with { Reason = "again" });
        }, ""),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [Theory, MemberData(nameof(Cases))]
    public async Task What_does_not_count_is_named(string name)
    {
        using var fixture = await CreateAsync();
        var (arrange, refused) = s_cases[name];
        await fixture.ApproveAsync("anna");
        await arrange(fixture);

        var error = await Assert.ThrowsAsync<GantryException>(() => fixture.EvaluateAsync(s_gate));

        // Of one key, the reason of its latest approval is shown.
        var counted = name.StartsWith("the same key", StringComparison.Ordinal) ? "keys/anna.pub (anna: again)" : Anna;
        Assert.Equal(
            $"GAN5020: the release '1.0.0' has 1 of 2 signed approvals for prod ({counted}){refused}{Remedy}",
            GateFixture.Shorten(error.Message));
    }

    [Fact]
    public async Task Two_keys_hold()
    {
        using var fixture = await CreateAsync();
        await fixture.ApproveAsync("anna");
        await fixture.ApproveAsync("ben", one => one with { By = "Ben", Reason = "CHG-7", ValidUntil = Tomorrow(fixture) });

        await AssertHeldAsync(fixture, "keys/anna.pub (anna: tested), keys/ben.pub (Ben: CHG-7)");
    }

    [Fact]
    public async Task An_approval_after_a_withdrawal_counts()
    {
        using var fixture = await CreateAsync();
        await fixture.ApproveAsync("ben");
        await fixture.ApproveAsync("anna");
        await fixture.ApproveAsync("anna", one => one with { Withdraws = true });
        await fixture.ApproveAsync("anna");

        await AssertHeldAsync(fixture, "keys/ben.pub (ben: tested), keys/anna.pub (anna: tested)");
    }

    [Fact]
    public async Task A_withdrawal_for_another_environment_or_by_another_key_withdraws_nothing()
    {
        using var fixture = await CreateAsync();
        await fixture.ApproveAsync("anna");
        await fixture.ApproveAsync("ben");
        await fixture.ApproveAsync("anna", one => one with { Withdraws = true, Environment = "test" });
        await fixture.ApproveAsync("carl", one => one with { Withdraws = true });

        Assert.Equal(GateVerdict.Held, (await fixture.EvaluateAsync(s_gate)).Verdict);
    }

    [Fact]
    public async Task Every_image_needs_all_of_them()
    {
        using var fixture = await CreateAsync("app", "worker");
        await fixture.ApproveAsync("anna");
        await fixture.ApproveAsync("ben", release: fixture.Release with { Images = [fixture.Release.Images[0]] });
        await fixture.ApproveAsync("carl", release: fixture.Release with { Images = [fixture.Release.Images[1]] });

        var error = await Assert.ThrowsAsync<GantryException>(() => fixture.EvaluateAsync(s_gate));

        Assert.Equal("GAN5020", error.Code);
        Assert.Contains("1 of 2 signed approvals", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            "keys/ben.pub (ben: tested) counts for some images and not for worker", error.Message, StringComparison.Ordinal);
        Assert.Contains("keys/carl.pub (carl: tested) counts for some images and not for app", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Builder_and_promoter_count_where_the_declaration_says_so()
    {
        using var fixture = await CreateAsync();
        fixture.BuilderKeys = [await fixture.KeyAsync("anna")];
        fixture.ExcludedApprovers = [await fixture.KeyAsync("ben")];
        await fixture.ApproveAsync("anna");
        await fixture.ApproveAsync("ben");

        foreach (var gate in (SignedApprovalsGate[])[s_gate, s_gate with { AllowBuilder = true }, s_gate with { AllowPromoter = true }])
            Assert.Equal("GAN5020", (await Assert.ThrowsAsync<GantryException>(() => fixture.EvaluateAsync(gate))).Code);
        var held = await fixture.EvaluateAsync(s_gate with { AllowBuilder = true, AllowPromoter = true });
        Assert.Equal(GateVerdict.Held, held.Verdict);
    }

    [Fact]
    public async Task Approvals_are_too_old_when_the_gate_says_so()
    {
        using var fixture = await CreateAsync();
        await fixture.ApproveAsync("anna");
        await fixture.ApproveAsync("ben");
        fixture.Time.Advance(TimeSpan.FromDays(3));
        Assert.Equal(GateVerdict.Held, (await fixture.EvaluateAsync(s_gate)).Verdict);

        var error = await Assert.ThrowsAsync<GantryException>(
            () => fixture.EvaluateAsync(s_gate with { MaximumAge = TimeSpan.FromDays(2) }));

        Assert.Contains("is of 2026-01-02 03:04 UTC, and counts for 2 days", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_is_no_approval()
    {
        using var fixture = await CreateAsync();
        await fixture.ApproveAsync("anna");
        await fixture.ApproveAsync("ben");
        fixture.Base.Before = (call, _) => call.StartsWith("ListReferrers", StringComparison.Ordinal)
            ? throw new GantryException("GAN2001", "the base registry is gone", "bring it back") { Kind = ErrorKind.Unreachable }
            : Task.CompletedTask;

        var error = await Assert.ThrowsAsync<GantryException>(() => fixture.EvaluateAsync(s_gate));

        Assert.Equal(
            "GAN5021: it is unknown whether the release '1.0.0' has the signed approvals for prod: the base registry is gone; "
            + "bring it back, and promote again.", error.Message);
        Assert.Equal(ErrorKind.Unreachable, error.Kind);
    }

    [Fact]
    public async Task A_missing_key_file_and_a_missing_image_are_errors()
    {
        using var fixture = await CreateAsync();
        var error = await Assert.ThrowsAsync<GantryException>(() => fixture.EvaluateAsync(Gate.SignedApprovals(1, "keys/nobody.pub")));
        Assert.Equal("GAN5021", error.Code);
        Assert.Contains("the key file keys/nobody.pub cannot be read", error.Message, StringComparison.Ordinal);

        fixture.Base["app"].Manifests.Clear();
        error = await Assert.ThrowsAsync<GantryException>(() => fixture.EvaluateAsync(s_gate));
        Assert.Equal("GAN5021", error.Code);
        Assert.Contains("that image is not there", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gate_that_asks_for_no_approval_does_not_hold_without_one()
    {
        using var fixture = await CreateAsync();

        Assert.Equal(
            "GAN5020", (await Assert.ThrowsAsync<GantryException>(() => fixture.EvaluateAsync(s_gate with { Minimum = 0 }))).Code);
    }

    public static TheoryData<string> HostileTexts => [.. HostileText.Values.Keys.Where(name => name != "lone surrogate")];

    [Theory, MemberData(nameof(HostileTexts))]
    public async Task Hostile_text_cannot_act(string name)
    {
        using var fixture = await CreateAsync();
        var text = JsonSerializer.Serialize(HostileText.Values[name]).Trim('"');
        await fixture.AttestAsync(PredicateTypes.Approval, Approval(environment: text), "ben");
        await fixture.AttestAsync(PredicateTypes.Approval, Approval(reason: text), "anna");

        var error = await Assert.ThrowsAsync<GantryException>(() => fixture.EvaluateAsync(s_gate));
        var held = await fixture.EvaluateAsync(s_gate with { Minimum = 1 });

        Assert.Null(HostileText.FindFault(error.Message, lines: 0));
        Assert.Null(HostileText.FindFault(held.Finding!, lines: 0));
    }

    private static async Task<GateFixture> CreateAsync(params string[] images)
    {
        var fixture = await GateFixture.CreateAsync(images);
        foreach (var name in (string[])["anna", "ben", "carl"])
            fixture.Signer(name);
        return fixture;
    }

    private static DateTimeOffset Tomorrow(GateFixture fixture) => fixture.Time.GetUtcNow().AddDays(1);

    // Who comes first, the digests of the attestations decide.
    private static async Task AssertHeldAsync(GateFixture fixture, string finding)
    {
        var gate = await fixture.EvaluateAsync(s_gate);
        Assert.Equal((GateVerdict.Held, string.Concat(finding.Order())), (gate.Verdict, string.Concat(gate.Finding!.Order())));
    }

    private static string Approval(
        string environment = "prod", string image = "app", string time = GateFixture.Minute, string reason = "tested", string more = "",
        int schema = 1) =>
        $$"""{"schema":{{schema}},"environment":"{{environment}}","version":"1.0.0","image":"{{image}}","approvedBy":"Ben","""
            + $$"""
            "approved":"{{time}}","reason":"{{reason}}"{{more}}}
            """;
}
