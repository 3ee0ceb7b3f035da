using Gantry.Attestations;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Status;
using Gantry.Testing;
using Gantry.Tests.Promotion.Signed;
using Gantry.Verification;

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
