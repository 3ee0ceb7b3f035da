using Gantry.Attestations;
using Gantry.Attestations.Notation;
using Gantry.Holds;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Signing;
using Gantry.Status;
using Gantry.Testing;
using Gantry.Tests.Attestations.Notation;
using Gantry.Tests.Promotion.Signed;
using Gantry.Verification;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Tests.Seeing;

/// <summary>Everything that is known about a digest, in the order of time, and whether it counts.</summary>
public sealed class AuditReaderTests : IDisposable
{
    private readonly MemoryRegistries _registries = new();
    private readonly SignedHouse _house;

    public AuditReaderTests() => _house = new SignedHouse(_registries, RegistryAddress.Parse("registry.test:5000"));

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task The_way_of_an_image_is_listed_in_the_order_of_time_and_verified()
    {
        var digest = await PromoteAsync();

        var audit = await ReadAsync(digest);

        Assert.Empty(audit.Problems);
        Assert.Equal("1.0.0", audit.Version);
        Assert.Equal(
            [
                (AuditKind.Build, "base", AuditState.Verified), (AuditKind.Release, "base", AuditState.Unsigned),
                (AuditKind.Promotion, "dev", AuditState.Verified), (AuditKind.Promotion, "test", AuditState.Verified),
            ],
            audit.WayOnly().Entries.Select(entry => (entry.Kind, entry.Place, entry.State)));
        Assert.Equal([true, true, true], audit.Places.Select(place => place.IsThere!.Value));

        // The provenance was copied with the image.
        Assert.Equal(["dev", "test"], audit.Entries[0].Copies);
        Assert.Contains(SignedHouse.Commit, audit.Entries[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_another_key_has_signed_is_listed_with_the_reason_why_it_does_not_count()
    {
        var digest = await PromoteAsync();
        var subject = (await _house.Open("dev").FindManifestAsync(digest, default))!.Descriptor;
        var summary = VerificationSummary.Read((await _house.PromotionsAsync("dev", digest))[0]);
        await _house.Open("dev").PutAsync(summary with { TimeVerified = _house.Time.GetUtcNow() }, subject, _house.AttackerKey);

        var audit = await ReadAsync(digest);

        var ignored = Assert.Single(audit.Entries, entry => entry.State == AuditState.Ignored);
        Assert.Equal(("dev", "GAN4204", AuditKind.Promotion), (ignored.Place, ignored.Error!.Code, ignored.Kind));
        Assert.DoesNotContain(ignored, audit.WayOnly().Entries);
    }

    [Fact]
    public async Task A_withdrawal_ends_what_was_promoted_before_it()
    {
        var digest = await PromoteAsync();
        var subject = (await _house.Open("dev").FindManifestAsync(digest, default))!.Descriptor;
        var summary = VerificationSummary.Read((await _house.PromotionsAsync("dev", digest))[0]);
        _house.Time.Advance(TimeSpan.FromMinutes(1));
        await _house.Open("dev").PutAsync(
            summary with
            {
                VerificationResult = VerificationSummary.Failed,
                VerifiedLevels = [VerificationSummary.Failed],
                TimeVerified = _house.Time.GetUtcNow(),
            },
            subject,
            _house.DevKey);

        var audit = await ReadAsync(digest);

        Assert.Equal(AuditState.Verified, Assert.Single(audit.Entries, entry => entry.Kind == AuditKind.Withdrawal).State);
        var promotion = Assert.Single(audit.Entries, entry => entry is { Kind: AuditKind.Promotion, Place: "dev" });
        Assert.Equal((AuditState.Ignored, "GAN4208"), (promotion.State, promotion.Error!.Code));
    }

    [Fact]
    public async Task A_foreign_document_is_listed_and_not_verified()
    {
        var digest = await PromoteAsync();
        var subject = (await _house.Open("base").FindManifestAsync(digest, default))!.Descriptor;
        await DocumentArtifact.PutAsync(
            _house.Open("base"), DocumentArtifact.Create("application/vnd.example", "{}"u8, subject, new()), "{}"u8.ToArray(), default);

        var entry = Assert.Single((await ReadAsync(digest)).Entries, entry => entry.Kind == AuditKind.Other);

        Assert.Equal(
            (AuditState.Unverified, null, "application/vnd.example"), (entry.State, entry.Time, entry.Text));
    }

    [Fact]
    public async Task The_holds_that_name_the_release_or_were_set_while_it_was_there_are_listed()
    {
        var digest = await PromoteAsync();
        var target = await _house.DevTargetAsync();
        var writer = new HoldWriter(_registries, _house.Time);
        await HoldAsync("while it was there", version: null);
        await ReleaseAsync("fixed");
        _house.Time.Advance(TimeSpan.FromHours(1));
        await _house.PromotedToDevAsync("1.1.0");
        _house.Time.Advance(TimeSpan.FromHours(1));
        await HoldAsync("of another release", version: "1.1.0");
        await ReleaseAsync("of another release");
        await HoldAsync("names it", version: "1.0.0");
        await ReleaseAsync("no longer");

        var audit = await ReadAsync(digest);

        Assert.Empty(audit.Problems);
        Assert.Equal("1.0.0", audit.Version);
        Assert.Equal(
            [
                (AuditKind.Hold, "dev held, because: while it was there"),
                (AuditKind.HoldReleased, "the hold of dev ended, because: fixed"),
                (AuditKind.Hold, "dev held at 1.0.0, because: names it"),
                (AuditKind.HoldReleased, "the hold of dev ended, because: no longer"),
            ],
            audit.Entries.Where(IsHold).Select(entry => (entry.Kind, entry.Text)));
        Assert.All(audit.Entries.Where(IsHold), entry => Assert.Equal(
            ("dev", "Anna", AuditState.Verified, "keys/dev/1.pub"), (entry.Place, entry.By, entry.State, entry.Key)));
        Assert.DoesNotContain(audit.WayOnly().Entries, IsHold);

        async Task HoldAsync(string reason, string? version)
        {
            _house.Time.Advance(TimeSpan.FromMinutes(1));
            await writer.SetAsync(target, _house.Images, Decision(reason) with { Version = version }, _house.DevKey, default);
        }

        async Task ReleaseAsync(string reason)
        {
            _house.Time.Advance(TimeSpan.FromMinutes(1));
            await writer.ReleaseAsync(target, _house.Images, Decision(reason), _house.DevKey, default);
        }
    }

    [Fact]
    public async Task A_hold_that_cannot_be_read_is_a_problem_and_hides_nothing_else()
    {
        var digest = await PromoteAsync();
        var target = await _house.DevTargetAsync();
        var ahead = new FakeTimeProvider(_house.Time.GetUtcNow() + TimeSpan.FromDays(1));
        await new HoldWriter(_registries, ahead).SetAsync(target, ["app"], Decision("frozen"), _house.DevKey, default);

        var audit = await ReadAsync(digest);

        Assert.Equal(("dev", "GAN4604"), (Assert.Single(audit.Problems).Place, audit.Problems[0].Error.Code));
        Assert.Contains(audit.Entries, entry => entry is { Place: "dev", Kind: AuditKind.Promotion, State: AuditState.Verified });
    }

    [Fact]
    public async Task What_cosign_has_signed_under_its_tags_is_verified_with_the_declared_keys()
    {
        var digest = await PromoteAsync();
        var repository = _house.Open("dev");
        await CosignSamples.PutAsync(
            repository, digest,
            [
                await CosignSamples.SignAsync(digest, _house.DevKey),
                await CosignSamples.SignAsync(digest, _house.AttackerKey),
                await CosignSamples.SignAsync(Digest.Of("another"u8), _house.DevKey),
                await CosignSamples.SignAsync(digest, _house.AttackerKey, certificate: "-----BEGIN CERTIFICATE-----"),
                await CosignSamples.SignAsync(digest, _house.DevKey, ofSignature: signature => [.. signature.Reverse()]),
            ]);
        var tag = $"sha256-{digest.Hex}.sig";

        var signatures = (await ReadAsync(digest)).Entries.Where(entry => entry.Kind == AuditKind.Signature).ToList();

        Assert.Equal(
            [
                ($"a signature under the tag {tag}, 1 of 5", AuditState.Verified, "keys/dev/1.pub", null),
                ($"a signature under the tag {tag}, 2 of 5", AuditState.Unverified, null, "GAN4407"),
                ($"a signature under the tag {tag}, 3 of 5", AuditState.Ignored, null, "GAN4202"),
                ($"a signature under the tag {tag}, 4 of 5", AuditState.Unverified, null, "GAN4407"),
                ($"a signature under the tag {tag}, 5 of 5", AuditState.Unverified, null, "GAN4407"),
            ],
            signatures.Select(entry => (entry.Text, entry.State, entry.Key, entry.Error?.Code)));
        Assert.EndsWith("not verified: it is signed with a certificate", signatures[3].Error!.Problem, StringComparison.Ordinal);
        Assert.All(signatures, entry => Assert.Equal("dev", entry.Place));
    }

    [Fact]
    public async Task What_cosign_has_attested_under_its_tag_is_verified_with_the_declared_keys()
    {
        var digest = await PromoteAsync();
        var statement = Statement.Write(new StatementSubject("app", digest), "https://example.com/tested/v1", "{}"u8.ToArray());
        foreach (var key in (PemSigner[])[_house.TestKey, _house.AttackerKey])
            await LegacyAttestationTag.AddAsync(
                _house.Open("base"), digest, await SigstoreBundle.SignAsync(statement, key, default), default);

        var attestations = (await ReadAsync(digest)).Entries.Where(entry => entry.Kind == AuditKind.Signature).ToList();

        Assert.Equal(
            [(AuditState.Verified, "keys/test/1.pub", null), (AuditState.Unverified, null, "GAN4407")],
            attestations.Select(entry => (entry.State, entry.Key, entry.Error?.Code)));
        Assert.Equal(
            $"an attestation under the tag {LegacyAttestationTag.For(digest)}, 1 of 2: https://example.com/tested/v1", attestations[0].Text);
    }

    [Fact]
    public async Task What_is_no_signature_under_a_tag_of_cosign_is_named()
    {
        var digest = await PromoteAsync();
        await CosignSamples.PutAsync(
            _house.Open("dev"), digest,
            [
                new CosignSamples.Layer("{}"u8.ToArray(), "c2ln"),
                new CosignSamples.Layer("{}"u8.ToArray(), Signature: null),
                new CosignSamples.Layer("{}"u8.ToArray(), "c2ln") { MediaType = "application/vnd.example" },
            ]);

        var signatures = (await ReadAsync(digest)).Entries.Where(entry => entry.Kind == AuditKind.Signature);

        Assert.Equal(
            [(AuditState.Ignored, "GAN4209"), (AuditState.Ignored, "GAN4209"), (AuditState.Unverified, "GAN4407")],
            signatures.Select(entry => (entry.State, entry.Error!.Code)));
    }

    [Fact]
    public async Task A_signature_of_Notation_is_verified_by_a_declared_key_or_listed_as_not_verified()
    {
        var digest = await PromoteAsync();
        var image = (await _house.Open("dev").FindManifestAsync(digest, default))!.Descriptor;
        using var declared = new SampleCertificates();
        using var other = new SampleCertificates();
        foreach (var (registry, certificates) in ((string, SampleCertificates)[])[("dev", declared), ("test", other)])
        {
            using var signer = certificates.CreateSigner();
            var chain = CertificateChain.Parse(string.Join('\n', certificates.Create()), "a certificate");
            var options = new NotationSignatureOptions { Time = _house.Time.GetUtcNow() };
            await NotationReferrer.PutAsync(
                _house.Open(registry), await NotationSignature.SignAsync(image, chain, signer, options, default), default);
        }

        using var key = declared.CreateSigner();
        var trusted = new TrustedKey(await key.GetPublicKeyAsync(default), "keys/dev/notation.pub");
        _house.DevKeys = dev => [dev, trusted];
        var audit = await ReadAsync(digest);

        Assert.Equal(
            [("dev", AuditState.Verified, "keys/dev/notation.pub", null), ("test", AuditState.Unverified, null, "GAN4407")],
            audit.Entries.Where(entry => entry.Kind == AuditKind.Signature)
                .Select(entry => (entry.Place, entry.State, entry.Key, entry.Error?.Code)));
        Assert.EndsWith(
            "is listed, and not verified: no key of the declaration has signed it",
            Assert.Single(audit.Entries, entry => entry.Error?.Code == "GAN4407").Error!.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_that_cannot_be_read_hides_nothing_else()
    {
        var digest = await PromoteAsync();

        var audit = await new AuditReader(_registries, await PolicyAsync(), _house.Time)
        {
            ClientOf = environment => environment.Name == "dev" ? new ClosedRegistries() : _registries,
        }.ReadAsync("app", digest, default);

        Assert.Equal(("dev", "GAN2003"), (Assert.Single(audit.Problems).Place, audit.Problems[0].Error.Code));
        Assert.Contains(audit.Entries, entry => entry is { Place: "test", Kind: AuditKind.Promotion, State: AuditState.Verified });
    }

    [Fact]
    public async Task A_declaration_beside_an_image_is_found_and_can_be_pinned()
    {
        var digest = await PromoteAsync();
        var repository = _house.Open("base");
        var image = (await repository.FindManifestAsync(digest, default))!.Descriptor;
        var document = PolicyDocument.Of(await PolicyAsync());
        await PolicyReferrer.PutAsync(repository, image, document with { Images = ["other"] }, _house.Time.GetUtcNow(), default);
        var stored = await PolicyReferrer.PutAsync(
            repository, image, document, _house.Time.GetUtcNow() + TimeSpan.FromSeconds(1), default);

        var found = await PolicyReferrer.FindAsync(repository, "1.0.0", digest: null, default);
        var pinned = await PolicyReferrer.FindAsync(repository, tag: null, stored, default);

        Assert.Equal((false, $"{repository.Location}@{stored}"), (found.IsPinned, found.Pinned));
        Assert.True(pinned.IsPinned);
        Assert.Equal(document.ToJson(), found.Document.ToJson());
        Assert.Equal(document.ToJson(), pinned.Document.ToJson());
        var missing = await Assert.ThrowsAsync<GantryException>(
            () => PolicyReferrer.FindAsync(_house.Open("dev"), "9.9.9", digest: null, default));
        Assert.Equal("GAN4215", missing.Code);
    }

    [Theory]
    [InlineData("prod; rm -rf /")]
    [InlineData("$(id)")]
    public async Task A_declaration_cannot_put_a_command_into_the_commands_that_mend(string name)
    {
        var document = PolicyDocument.Of(await PolicyAsync());
        var hostile = document with { Environments = [document.Environments[0] with { Name = name }] };

        Assert.Equal("GAN4215", Assert.Throws<GantryException>(() => hostile.ToPolicy("a file")).Code);
    }

    private static bool IsHold(AuditEntry entry) => entry.Kind is AuditKind.Hold or AuditKind.HoldReleased;

    private static HoldDecision Decision(string reason) => new() { By = "Anna", Reason = reason };

    private async Task<Digest> PromoteAsync()
    {
        var release = await _house.PublishAsync();
        _house.Time.Advance(TimeSpan.FromMinutes(1));
        await _house.PromoteAsync(await _house.ToDevAsync(release));
        _house.Time.Advance(TimeSpan.FromMinutes(1));
        await _house.PromoteAsync(await _house.ToTestAsync(release));
        return release.Images.Single(image => image.Name == "app").Digest;
    }

    private async Task<DigestAudit> ReadAsync(Digest digest) =>
        await new AuditReader(_registries, await PolicyAsync(), _house.Time).ReadAsync("app", digest, default);

    private async Task<VerificationPolicy> PolicyAsync() => new()
    {
        Base = _house.AddressOf("base"),
        BaseTrust = await _house.TrustAsync(_house.BuildKey, "keys/base/1.pub"),
        Images = ["app", "worker"],
        Targets = [await _house.DevTargetAsync(), await _house.TestTargetAsync()],
    };
}
