using System.Text.Json.Nodes;
using Gantry.Attestations;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Signing;
using Gantry.Status;
using Gantry.Testing;
using Gantry.Verification;

namespace Gantry.Tests.Promotion.Signed;

public sealed class SignedPromotionTests : IDisposable
{
    private readonly SignedHouse _house = new(new MemoryRegistries(), RegistryAddress.Parse("registry.test:5000"));

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task A_promotion_is_a_verification_summary_about_the_place()
    {
        var release = await _house.PromotedToDevAsync();
        var image = release.Images[0];

        var promotion = Assert.Single(await _house.PromotionsAsync("dev", image.Digest));

        Assert.True(promotion.Bundle.IsSignedBy(await _house.DevKey.GetPublicKeyAsync(default)));
        Assert.Equal(image.Digest, Assert.Single(promotion.Statement.Subjects).Digest);
        var predicate = JsonNode.Parse(promotion.Statement.Predicate.GetRawText())!;
        Assert.Equal($"oci://{_house.AddressOf("dev").Describe("app")}", (string?)predicate["resourceUri"]);
        Assert.Equal(PredicateTypes.Verifier, (string?)predicate["verifier"]!["id"]);
        Assert.Equal("2026-11-02T03:04:05Z", (string?)predicate["timeVerified"]);
        Assert.Equal("PASSED", (string?)predicate["verificationResult"]);
        Assert.Equal(["GANTRY_PROMOTED", "SLSA_BUILD_LEVEL_1"], predicate["verifiedLevels"]!.AsArray().Select(level => (string?)level));
        Assert.Equal("1.0.0", (string?)predicate[PredicateTypes.Promotion]!["version"]);
        var provenance = Assert.Single((await AttestationReferrer.FindAsync(
            _house.Open("base"), image.Digest, PredicateTypes.Provenance, default)).Attestations);
        Assert.Equal(provenance.Digest.Hex, (string?)Assert.Single(predicate["inputAttestations"]!.AsArray())!["digest"]!["sha256"]);
    }

    // Verified by what others wrote: .ci/proof-check.
    [Fact]
    public async Task Promotions_and_provenance_are_samples_for_other_verifiers()
    {
        var release = await _house.PromotedToDevAsync();
        await _house.PromoteAsync(await _house.ToTestAsync(release));
        foreach (var image in release.Images)
        {
            await WriteAsync("base", image, PredicateTypes.Provenance, _house.BuildKey);
            await WriteAsync("dev", image, PredicateTypes.VerificationSummary, _house.DevKey);
            await WriteAsync("test", image, PredicateTypes.VerificationSummary, _house.TestKey);
        }

        async Task WriteAsync(string registry, ReleaseImage image, string predicateType, PemSigner signer)
        {
            var found = await AttestationReferrer.FindAsync(_house.Open(registry, image.Name), image.Digest, predicateType, default);
            var bundle = Assert.Single(found.Attestations).Bundle;
            var key = await signer.GetPublicKeyAsync(default);
            Assert.True(bundle.IsSignedBy(key));
            ProofSamples.WriteBundle($"{registry}-{image.Name}", bundle.Bytes, key.ToPem());
        }
    }

    [Fact]
    public async Task There_is_no_record_besides_the_attestation()
    {
        var release = await _house.PromotedToDevAsync();

        var referrers = await _house.Open("dev").ListReferrersAsync(release.Images[0].Digest, knownTags: null, default);

        Assert.DoesNotContain(referrers, referrer => referrer.ArtifactType == PromotionReferrer.ArtifactType);
    }

    [Fact]
    public async Task The_next_environment_names_the_promotion_before_as_its_evidence()
    {
        var release = await _house.PromotedToDevAsync();
        await _house.PromoteAsync(await _house.ToTestAsync(release));
        var dev = Assert.Single(await _house.PromotionsAsync("dev", release.Images[0].Digest));

        var test = VerificationSummary.Read(Assert.Single(await _house.PromotionsAsync("test", release.Images[0].Digest)));

        var input = Assert.Single(test.InputAttestations!);
        Assert.Equal(dev.Digest.Hex, input.Digest!["sha256"]);
        Assert.Equal($"oci://{_house.AddressOf("dev").Describe("app")}@{dev.Digest}", input.Uri);
        Assert.Equal(["GANTRY_PROMOTED", "SLSA_BUILD_LEVEL_1"], test.VerifiedLevels);
    }

    [Fact]
    public async Task A_promotion_names_the_one_before_it()
    {
        var first = await _house.PromotedToDevAsync("1.0.0");
        _house.Time.Advance(TimeSpan.FromHours(1));
        var second = await _house.PromotedToDevAsync("1.1.0");
        _house.Time.Advance(TimeSpan.FromHours(1));
        await _house.PromoteAsync(await _house.ToDevAsync(first) with { GoBackReason = "1.1.0 is slow" });

        var promotions = await _house.PromotionsAsync("dev", first.Images[0].Digest);
        var newest = VerificationSummary.Read(promotions[0]).Record;
        var ofSecond = Assert.Single(await _house.PromotionsAsync("dev", second.Images[0].Digest));

        Assert.Null(VerificationSummary.Read(promotions[1]).Record.Previous);
        Assert.Equal(promotions[1].Digest, VerificationSummary.Read(ofSecond).Record.Previous);
        Assert.Equal(ofSecond.Digest, newest.Previous);
    }

    [Fact]
    public async Task A_promotion_that_changes_nothing_signs_nothing()
    {
        var release = await _house.PromotedToDevAsync();

        var again = await _house.PlanAsync(await _house.ToDevAsync(release));

        Assert.True(again.WritesNothing);
    }

    [Fact]
    public async Task Publishing_again_signs_nothing_again()
    {
        var release = await _house.PublishAsync();
        _house.Time.Advance(TimeSpan.FromDays(1));
        await _house.PublishAsync();

        Assert.Single((await AttestationReferrer.FindAsync(
            _house.Open("base"), release.Images[0].Digest, PredicateTypes.Provenance, default)).Attestations);
    }

    [Fact]
    public async Task The_definition_of_a_build_is_deterministic()
    {
        var first = await ProvenanceOfAsync(_house);
        using var other = new SignedHouse(new MemoryRegistries(), RegistryAddress.Parse("other.test:5000"));
        other.Time.Advance(TimeSpan.FromDays(3));

        Assert.True(first.HasSameDefinition(await ProvenanceOfAsync(other)));

        static async Task<Provenance> ProvenanceOfAsync(SignedHouse house)
        {
            var release = await house.PublishAsync();
            var found = await AttestationReferrer.FindAsync(
                house.Open("base"), release.Images[0].Digest, PredicateTypes.Provenance, default);
            return Provenance.Read(Assert.Single(found.Attestations));
        }
    }

    [Fact]
    public async Task A_release_without_provenance_comes_to_no_environment()
    {
        var release = await _house.PublishAsync();
        var image = release.Images[0];
        foreach (var (_, repository) in Repositories("base"))
            repository.Remove(manifest => manifest.ArtifactType == SigstoreBundle.MediaType);

        var thrown = await Assert.ThrowsAsync<GantryException>(async () => await _house.PlanAsync(await _house.ToDevAsync(release)));

        Assert.Equal("GAN4201", thrown.Code);
        Assert.Contains("provenance", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(image.Digest.ToString(), thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Provenance_of_another_key_does_not_count()
    {
        var release = await _house.PublishAsync(signer: _house.AttackerKey);

        var thrown = await Assert.ThrowsAsync<GantryException>(async () => await _house.PlanAsync(await _house.ToDevAsync(release)));

        Assert.Equal("GAN4204", thrown.Code);
    }

    [Fact]
    public async Task Provenance_of_another_version_does_not_count()
    {
        var release = await _house.PublishAsync();

        var thrown = await Assert.ThrowsAsync<GantryException>(async () => await _house.PlanAsync(
            await _house.ToDevAsync(release with { Commit = "fedcba98" + release.Commit[8..] })));

        Assert.Equal("GAN4202", thrown.Code);
    }

    [Fact]
    public async Task A_signed_environment_needs_its_key()
    {
        var release = await _house.PublishAsync();

        var thrown = await Assert.ThrowsAsync<GantryException>(async () =>
            await _house.PlanAsync(await _house.ToDevAsync(release) with { Signer = null }));

        Assert.Equal("GAN4229", thrown.Code);
    }

    [Fact]
    public async Task Another_key_than_that_of_the_environment_signs_nothing()
    {
        var release = await _house.PublishAsync();

        var thrown = await Assert.ThrowsAsync<GantryException>(async () =>
            await _house.PlanAsync(await _house.ToDevAsync(release) with { Signer = _house.TestKey }));

        Assert.Equal("GAN4228", thrown.Code);
        Assert.Contains("keys/dev/1.pub", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_environment_that_must_be_signed_takes_nothing_without_a_key()
    {
        using var house = new SignedHouse(new MemoryRegistries(), RegistryAddress.Parse("registry.test:5000"))
        {
            Dev = new PromotionEnvironment("dev") { RequireSigned = true },
        };
        var release = await house.PublishAsync();
        var request = await house.ToDevAsync(release);

        var thrown = await Assert.ThrowsAsync<GantryException>(() =>
            house.PlanAsync(request with { Targets = [request.Targets[0] with { Trust = null }] }));

        Assert.Equal("GAN4230", thrown.Code);
    }

    [Fact]
    public async Task An_environment_without_a_key_keeps_its_records_and_says_so()
    {
        var release = await _house.PublishAsync();
        var request = await _house.ToDevAsync(release);
        var plan = await _house.PromoteAsync(request with { Targets = [request.Targets[0] with { Trust = null }], Signer = null });

        Assert.Contains("  not signed: there is no key for dev", Formatting.PromotionFormatter.Describe(plan));
        Assert.Single(await PromotionReferrer.FindAsync(
            _house.Open("dev"), release.Images[0].Digest, "dev", region: null, version: null, default));
    }

    [Fact]
    public async Task A_rotated_key_counts_for_what_it_signed_in_its_time()
    {
        var release = await _house.PromotedToDevAsync();
        using var next = SignedHouse.NewKey("the next key");
        var nextKey = new TrustedKey(await next.GetPublicKeyAsync(default), "keys/dev/2.pub")
        {
            From = _house.Time.GetUtcNow().AddHours(1),
        };
        _house.DevKeys = key => [key with { Until = _house.Time.GetUtcNow() }, nextKey];
        _house.Time.Advance(TimeSpan.FromHours(2));
        _house.DevKeys = key => [key with { Until = new DateTimeOffset(2026, 11, 2, 4, 0, 0, TimeSpan.Zero) }, nextKey];

        var plan = await _house.PlanAsync(await _house.ToTestAsync(release));

        Assert.Single(plan.EvidenceByImage["app"].Inputs);
    }

    [Fact]
    public async Task An_old_promotion_counts_no_longer_than_its_environment_says()
    {
        var release = await _house.PromotedToDevAsync();
        _house.Time.Advance(TimeSpan.FromDays(31));
        var request = await _house.ToTestAsync(release);
        var before = request.Before[0];

        var thrown = await Assert.ThrowsAsync<GantryException>(() => _house.PlanAsync(request with
        {
            Before = [before with { Trust = before.Trust! with { MaximumAge = TimeSpan.FromDays(30) } }],
        }));

        Assert.Equal("GAN4206", thrown.Code);
    }

    [Fact]
    public async Task Break_glass_is_signed_in_place_of_the_normal_level()
    {
        var release = await _house.PublishAsync();
        var plan = await _house.PromoteAsync(await _house.ToTestAsync(release) with { BreakGlassReason = "prod is down" });

        Assert.StartsWith("GAN4024: ", Assert.Single(plan.BreakGlass!.Skipped), StringComparison.Ordinal);
        var summary = VerificationSummary.Read((await _house.PromotionsAsync("test", release.Images[0].Digest))[0]);
        Assert.Equal(["GANTRY_BREAK_GLASS"], summary.VerifiedLevels);
        Assert.Equal("PASSED", summary.VerificationResult);
        Assert.Equal("prod is down", summary.Record.BreakGlass!.Reason);
    }

    [Fact]
    public async Task Break_glass_that_skips_nothing_is_a_normal_promotion()
    {
        var release = await _house.PromotedToDevAsync();
        var plan = await _house.PromoteAsync(await _house.ToTestAsync(release) with { BreakGlassReason = "just in case" });

        Assert.Null(plan.BreakGlass);
        var summary = VerificationSummary.Read((await _house.PromotionsAsync("test", release.Images[0].Digest))[0]);
        Assert.Equal("GANTRY_PROMOTED", summary.VerifiedLevels[0]);
    }

    [Fact]
    public async Task A_bypass_is_reported_until_the_normal_way_has_caught_up()
    {
        var release = await _house.PublishAsync();
        await _house.PromoteAsync(await _house.ToTestAsync(release) with { BreakGlassReason = "prod is down" });
        Assert.Contains("with skipped checks", await NotesOfTestAsync(), StringComparison.Ordinal);

        _house.Time.Advance(TimeSpan.FromMinutes(5));
        var tooEarly = await _house.PlanAsync(await _house.ToTestAsync(release));
        Assert.True(tooEarly.WritesNothing);

        await _house.PromoteAsync(await _house.ToDevAsync(release));
        _house.Time.Advance(TimeSpan.FromMinutes(5));
        var normal = await _house.PromoteAsync(await _house.ToTestAsync(release));

        Assert.True(normal.CatchesUp);
        Assert.DoesNotContain("with skipped checks", await NotesOfTestAsync(), StringComparison.Ordinal);
        Assert.True((await _house.PlanAsync(await _house.ToTestAsync(release))).WritesNothing);
    }

    [Fact]
    public async Task The_status_of_a_signed_environment_believes_signatures_only()
    {
        var release = await _house.PromotedToDevAsync();
        var image = release.Images[0];
        var summary = await _house.SummaryAsync(release);
        await _house.Open("dev").PutAsync(
            summary with
            {
                Record = summary.Record with
                {
                    By = new PromotionActor { Name = "an attacker" }, Promoted = _house.Time.GetUtcNow(),
                },
            },
            image.Descriptor,
            _house.AttackerKey);

        var status = await StatusAsync(await _house.DevTargetAsync());

        Assert.Equal("1.0.0", status.Release?.Version);
        Assert.NotEqual("an attacker", status.Release!.Record!.By.Name);
        Assert.Equal("keys/dev/1.pub", status.Release.Record.Signature!.Key.Name);
        Assert.Contains(status.Problems, problem => problem.Code == "GAN4204");
    }

    [Fact]
    public async Task Images_of_another_tool_are_not_promoted_by_their_tags()
    {
        var release = await _house.PublishAsync();
        await new Gantry.Copying.ImageCopier().CopyAsync(
            [.. release.Images.Select(image => new Gantry.Copying.CopyRequest
            {
                Source = _house.Open("base", image.Name),
                Tag = release.Tag,
                Targets = [new Gantry.Copying.CopyTarget(_house.Open("dev", image.Name), release.Tag)],
            })],
            default);

        var thrown = await Assert.ThrowsAsync<GantryException>(async () => await _house.PlanAsync(await _house.ToTestAsync(release)));

        Assert.Equal("GAN4201", thrown.Code);
    }

    private async Task<string> NotesOfTestAsync()
    {
        var policy = new VerificationPolicy
        {
            Base = _house.AddressOf("base"),
            BaseTrust = await _house.TrustAsync(_house.BuildKey, "keys/base/1.pub"),
            Images = ["app", "worker"],
            Targets = [await _house.DevTargetAsync(), await _house.TestTargetAsync()],
        };
        var status = await new StatusReader(_house.Client, policy, _house.Time).ReadAsync(version: null, default);
        return string.Join('\n', Seeing.ShownStatus.Of(status).Lines);
    }

    private Task<EnvironmentStatus> StatusAsync(PromotionTarget target) =>
        new EnvironmentReader(_house.Client, _house.Time)
        {
            Base = new BaseReleases(_house.Client, _house.AddressOf("base"), ["app", "worker"], _house.Time),
        }.ReadAsync(target, ["app", "worker"], version: null, default);

    private IEnumerable<(string Name, MemoryRepository Repository)> Repositories(string registry) =>
        ((string[])["app", "worker"]).Select(name => (name, (MemoryRepository)_house.Open(registry, name)));
}
