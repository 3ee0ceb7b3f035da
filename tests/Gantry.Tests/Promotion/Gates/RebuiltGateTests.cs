using Gantry.Attestations;
using Gantry.Attestations.Rebuilds;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;

namespace Gantry.Tests.Promotion.Gates;

public sealed class RebuiltGateTests
{
    private const string Anna = "keys/anna.pub (laptop, SDK 10.0.100)";

    private static readonly RebuiltGate s_gate = Gate.Rebuilt(2, "keys/anna.pub", "keys/ben.pub");

    private static readonly Dictionary<string, (Func<GateFixture, Task> Arrange, string Refused)> s_cases = new()
    {
        ["none"] = (_ => Task.CompletedTask, ""),
        ["another result"] = (_ => RebuildAsync(_, "ben", one => one with { Result = "different" }),
            "; not counted: app: D by keys/ben.pub has the result different"),
        ["another digest"] = (_ => RebuildAsync(_, "ben", one => one with { Digest = Digest.Of("other"u8) }),
            "; not counted: app: D by keys/ben.pub got D"),
        ["a later result that differs"] = (async _ =>
        {
            await RebuildAsync(_, "ben", one => one with { Rebuilt = one.Rebuilt.AddHours(-1) });
            await RebuildAsync(_, "ben", one => one with { Result = "different" });
        }, "; not counted: app: D by keys/ben.pub has the result different"),
        ["a result of the same time that differs"] = (async _ =>
        {
            await RebuildAsync(_, "ben");
            await RebuildAsync(_, "ben", one => one with { Result = "different" });
        }, "; not counted: app: D by keys/ben.pub has the result different"),
        ["another version"] = (_ => RebuildAsync(_, "ben", one => one with { Version = "0.9.0" }),
            "; not counted: app: D by keys/ben.pub is for the release 0.9.0"),
        ["another commit"] = (_ => RebuildAsync(_, "ben", one => one with { Commit = "abc" }),
            "; not counted: app: D by keys/ben.pub is of the commit abc"),
        ["another image"] = (_ => RebuildAsync(_, "ben", one => one with { Image = "worker" }),
            "; not counted: app: D by keys/ben.pub is for the image worker"),
        ["of the future"] = (_ => RebuildAsync(_, "ben", one => one with { Rebuilt = one.Rebuilt.AddDays(1) }),
            "; not counted: app: the attestation D in base.test:5000/app is of the future: 2026-01-03 03:04 UTC"),
        ["about another image"] = (_ => _.AttestAsync(PredicateTypes.Rebuild, "{}", "ben", about: Digest.Of("other"u8)),
            "; not counted: app: D by keys/ben.pub is about another image"),
        ["an empty predicate"] = (_ => _.AttestAsync(PredicateTypes.Rebuild, "{}", "ben"),
            "; not counted: app: the attestation D in base.test:5000/app of what was built again cannot be read: JSON deserialization for "
                + "type 'Gantry.Attestations.Rebuilds.RebuildPredicate' was missing required properties including: 'version', 'commit', "
                + "'image', 'digest', 'rebuilt', 'by', 'sdk'"),
        ["an unknown key"] = (_ => RebuildAsync(_, "mallory"),
            "; not counted: app: the attestation D in base.test:5000/app is signed with no trusted key (it names H; "
                + "trusted: keys/anna.pub K, keys/ben.pub K)"),
        ["the same key twice"] = (_ => RebuildAsync(_, "anna", one => one with { Rebuilt = one.Rebuilt.AddHours(-1) }), ""),
        ["the key of the build"] = (async _ =>
        {
            _.BuilderKeys = [await _.KeyAsync("ben")];
            await RebuildAsync(_, "ben");
        }, "; not counted: app: D by keys/ben.pub, which signs what is built"),
        ["the key of the promotion"] = (async _ =>
        {
            _.ExcludedApprovers = [await _.KeyAsync("ben")];
            await RebuildAsync(_, "ben");
        }, "; not counted: app: D by keys/ben.pub, which signs the promotion"),
        ["a key that has signed provenance"] = (async _ =>
        {
            await _.AttestAsync(PredicateTypes.Provenance, "{}", "ben");
            await RebuildAsync(_, "ben");
        }, "; not counted: app: D by keys/ben.pub, which has signed how app was built"),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [Theory, MemberData(nameof(Cases))]
    public async Task What_does_not_count_is_named(string name)
    {
        using var fixture = await CreateAsync();
        await RebuildAsync(fixture, "anna");
        await s_cases[name].Arrange(fixture);

        var error = await Assert.ThrowsAsync<GantryException>(() => fixture.EvaluateAsync(s_gate));

        Assert.Equal(
            $"GAN5022: the release '1.0.0' cannot go to prod: 1 of 2 keys have built it again with the same result ({Anna})"
            + $"{s_cases[name].Refused}; build its commit again on another machine, sign the result with a trusted key, and promote again.",
            GateFixture.Shorten(error.Message));
    }

    [Fact]
    public async Task Two_keys_hold()
    {
        using var fixture = await CreateAsync();
        await RebuildAsync(fixture, "anna");
        await RebuildAsync(fixture, "ben", one => one with { Result = "different", Rebuilt = one.Rebuilt.AddHours(-1) });
        await RebuildAsync(fixture, "ben");

        var gate = await fixture.EvaluateAsync(s_gate);

        Assert.Equal(GateVerdict.Held, gate.Verdict);
        Assert.Contains("keys/ben.pub (laptop, SDK 10.0.100)", gate.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_is_no_result()
    {
        using var fixture = await CreateAsync();
        fixture.Base.Before = (call, _) => call.StartsWith("ListReferrers", StringComparison.Ordinal)
            ? throw new GantryException("GAN2001", "the base registry is gone", "bring it back")
            : Task.CompletedTask;

        var error = await Assert.ThrowsAsync<GantryException>(() => fixture.EvaluateAsync(s_gate));

        Assert.Equal(
            "GAN5023: it is unknown whether the release '1.0.0' was built again for prod: the base registry is gone; "
            + "bring it back, and promote again.", error.Message);
    }

    [Fact]
    public void A_predicate_is_written_and_read()
    {
        var predicate = Predicate("1.0.0", "abc", "app", Digest.Of("image"u8), new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

        using var document = System.Text.Json.JsonDocument.Parse(predicate.ToJson());

        Assert.Equal(predicate, RebuildPredicate.Read(document.RootElement, "the attestation"));
        Assert.Equal(
            ["schema", "version", "commit", "image", "digest", "rebuilt", "by", "sdk", "result"],
            document.RootElement.EnumerateObject().Select(member => member.Name));
    }

    private static async Task<GateFixture> CreateAsync()
    {
        var fixture = await GateFixture.CreateAsync();
        fixture.Signer("anna");
        fixture.Signer("ben");
        return fixture;
    }

    private static async Task RebuildAsync(
        GateFixture fixture, string signer, Func<RebuildPredicate, RebuildPredicate>? change = null)
    {
        var predicate = Predicate(
            fixture.Release.Version, fixture.Release.Commit, "app", fixture.App, fixture.Time.GetUtcNow());
        predicate = change?.Invoke(predicate) ?? predicate;
        var bundle = await RebuildStatement.SignAsync(predicate, fixture.App, fixture.Signer(signer), CancellationToken.None);
        var repository = fixture.Base["app"];
        var manifest = AttestationReferrer.Create(
            bundle, repository.Manifests[fixture.App].Descriptor, PredicateTypes.Rebuild, predicate.Rebuilt);
        await AttestationReferrer.PutAsync(repository, manifest, bundle, CancellationToken.None);
    }

    private static RebuildPredicate Predicate(string version, string commit, string image, Digest digest, DateTimeOffset time) => new()
    {
        Version = version,
        Commit = commit,
        Image = image,
        Digest = digest,
        Rebuilt = time,
        By = "laptop",
        Sdk = "10.0.100",
        Result = RebuildPredicate.Same,
    };
}
