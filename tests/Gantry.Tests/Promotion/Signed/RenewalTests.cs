using Gantry.Attestations;
using Gantry.Attestations.Notation;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Signing;
using Gantry.Testing;
using Gantry.Tests.Attestations.Notation;

namespace Gantry.Tests.Promotion.Signed;

/// <summary>The way to another key, and signatures for verifiers that read nothing else.</summary>
public sealed class RenewalTests : IDisposable
{
    private readonly SignedHouse _house = new(new MemoryRegistries(), RegistryAddress.Parse("registry.test:5000"));
    private readonly PemSigner _next = SignedHouse.NewKey("the next key");

    public void Dispose()
    {
        _house.Dispose();
        _next.Dispose();
    }

    [Fact]
    public async Task A_renewed_promotion_holds_when_the_old_key_is_revoked()
    {
        var release = await _house.PromotedToDevAsync();
        var nextKey = new TrustedKey(await _next.GetPublicKeyAsync(default), "keys/dev/2.pub");
        _house.DevKeys = key => [key, nextKey];
        _house.Time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(["app 1.0.0", "worker 1.0.0"], await RenewAsync());
        Assert.Empty(await RenewAsync());

        _house.DevKeys = key => [key with { Revoked = "leaked" }, nextKey];
        var plan = await _house.PlanAsync(await _house.ToTestAsync(release));
        var newest = VerificationSummary.Read((await _house.PromotionsAsync("dev", release.Images[0].Digest))[0]);
        Assert.Single(plan.EvidenceByImage["app"].Inputs);
        Assert.Equal(new DateTimeOffset(2026, 11, 2, 3, 4, 5, TimeSpan.Zero), newest.Record.Promoted);
        Assert.Equal(_house.Time.GetUtcNow(), newest.TimeVerified);
    }

    [Fact]
    public async Task A_dry_run_renews_nothing()
    {
        var release = await _house.PromotedToDevAsync();
        var nextKey = new TrustedKey(await _next.GetPublicKeyAsync(default), "keys/dev/2.pub");
        _house.DevKeys = key => [key, nextKey];

        Assert.Equal(["app 1.0.0", "worker 1.0.0"], await RenewAsync(isDryRun: true));

        Assert.Single(await _house.PromotionsAsync("dev", release.Images[0].Digest));
    }

    [Fact]
    public async Task What_does_not_count_is_not_renewed()
    {
        var release = await _house.PromotedToDevAsync();
        var summary = await _house.SummaryAsync(release);
        await _house.Open("dev").PutAsync(summary, release.Images[0].Descriptor, _house.AttackerKey);
        var nextKey = new TrustedKey(await _next.GetPublicKeyAsync(default), "keys/dev/2.pub");
        _house.DevKeys = key => [key, nextKey];

        await RenewAsync();

        var ofNext = (await _house.PromotionsAsync("dev", release.Images[0].Digest)).Where(each => each.Bundle.IsSignedBy(nextKey.Key));
        Assert.Single(ofNext);
    }

    [Fact]
    public async Task A_key_that_is_not_trusted_renews_nothing()
    {
        await _house.PromotedToDevAsync();

        Assert.Equal("GAN4228", (await Assert.ThrowsAsync<GantryException>(() => RenewAsync())).Code);
    }

    [Fact]
    public async Task A_release_is_renewed_with_the_same_statements()
    {
        var release = await _house.PublishAsync();
        var trust = await _house.TrustAsync(_house.BuildKey, "keys/base/1.pub");
        var nextKey = new TrustedKey(await _next.GetPublicKeyAsync(default), "keys/base/2.pub");
        trust = trust with { Keys = [.. trust.Keys, nextKey] };

        var renewed = await new AttestationRenewer(_house.Client, _house.Time).RenewReleasesAsync(
            _house.AddressOf("base"), trust, ["app", "worker"], _next, default);

        Assert.Equal(["app 1.0.0", "worker 1.0.0"], renewed);
        var found = await AttestationReferrer.FindAsync(
            _house.Open("base"), release.Images[0].Digest, PredicateTypes.Provenance, default);
        Assert.Equal(2, found.Attestations.Count);
        Assert.Single(found.Attestations.Select(each => Convert.ToHexString(each.Bundle.Payload.Span)).Distinct());
    }

    [Fact]
    public async Task Promotions_are_also_under_the_earlier_tag_when_that_is_declared()
    {
        var release = await _house.PublishAsync();
        await _house.PromoteAsync(await _house.ToDevAsync(release) with { ExtraSignatures = new() { AttestationTags = true } });
        var digest = release.Images[0].Digest;

        var manifest = (await _house.Open("dev").FindManifestAsync(LegacyAttestationTag.For(digest), default))!.ReadManifest();

        var layer = Assert.Single(manifest.Layers);
        Assert.Equal(LegacyAttestationTag.EnvelopeMediaType, layer.MediaType);
        Assert.Equal(PredicateTypes.VerificationSummary, layer.Annotations!["predicateType"]);
    }

    [Fact]
    public async Task A_promotion_has_a_signature_of_Notation_when_certificates_are_declared()
    {
        using var certificates = new SampleCertificates();
        using var signer = certificates.CreateSigner();
        var chain = CertificateChain.Parse(string.Join('\n', certificates.Create()), "the certificates");
        var trusted = new TrustedKey(await signer.GetPublicKeyAsync(default), "keys/dev/notation.pub");
        _house.DevKeys = _ => [trusted];
        var release = await _house.PublishAsync();

        await _house.PromoteAsync(await _house.ToDevAsync(release) with
        {
            Signer = signer, ExtraSignatures = new() { Notation = chain },
        });

        var signature = await NotationReferrer.FindAsync(
            _house.Open("dev"), release.Images[0].Digest, chain, _house.Time.GetUtcNow(), default);
        Assert.Equal(release.Images[0].Digest, signature?.Target.Digest);
    }

    private async Task<IReadOnlyList<string>> RenewAsync(bool isDryRun = false) =>
        await new AttestationRenewer(_house.Client, _house.Time) { IsDryRun = isDryRun }.RenewPromotionsAsync(
            await _house.DevTargetAsync(), ["app", "worker"], _next, default);
}
