using Gantry.Attestations;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Signing;
using Gantry.Testing;
using Gantry.Tests.Promotion.Signed;
using Gantry.Verification;

namespace Gantry.Tests.Verification;

public sealed class ReleaseChainTests : IDisposable
{
    private readonly SignedHouse _house = new(new MemoryRegistries(), RegistryAddress.Parse("registry.test:5000"));

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task A_chain_that_holds_is_a_story()
    {
        var release = await PromotedToTestAsync();

        var chain = await ReadAsync(release);

        Assert.Empty(chain.Findings);
        var lines = ReleaseChainFormatter.Describe(chain).ToList();
        Assert.StartsWith("app 1.0.0 sha256:", lines[0], StringComparison.Ordinal);
        Assert.StartsWith(
            $"  base: built 2026-11-02 03:04 UTC from 0123456789ab by {PredicateTypes.LocalBuilder}", lines[1], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("  dev: promoted 2026-11-02 03:04 UTC by ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("    signed with keys/test/1.pub (", StringComparison.Ordinal));
        Assert.Equal("  Holds: the build and 2 promotions, in order, without a gap.", lines[^1]);
        Assert.True((bool?)ReleaseChainDocument.Of([chain])["holds"]);
    }

    [Fact]
    public async Task A_removed_promotion_breaks_the_chain_behind_it()
    {
        var release = await PromotedToTestAsync();
        Remove("dev", each => each.Annotations?.ContainsKey(PromotionReferrer.EnvironmentAnnotation) == true);

        var chain = await ReadAsync(release);

        Assert.Equal(
            [(ChainFindingKind.Missing, "GAN4201"), (ChainFindingKind.Broken, "GAN4213")],
            chain.Findings.Select(finding => (finding.Kind, finding.Error.Code)));
    }

    [Fact]
    public async Task A_gap_in_the_history_shows()
    {
        await _house.PromotedToDevAsync("1.0.0");
        var first = (await _house.PromotionsAsync("dev", await DigestAsync("1.0.0")))[0];
        _house.Time.Advance(TimeSpan.FromHours(1));
        var release = await _house.PromotedToDevAsync("1.1.0");
        Remove("dev", each => each.Digest == first.Digest);

        var chain = await ReadAsync(release);

        var finding = Assert.Single(chain.Findings);
        Assert.Equal((ChainFindingKind.Broken, "GAN4212"), (finding.Kind, finding.Error.Code));
        Assert.Contains(first.Digest.ToString(), finding.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bypass_is_part_of_the_story()
    {
        var release = await _house.PublishAsync();
        await _house.PromoteAsync(await _house.ToTestAsync(release) with { BreakGlassReason = "prod is down" });

        var chain = await ReadAsync(release);

        Assert.Equal((ChainFindingKind.Bypassed, "GAN4214"), Assert.Single(chain.Findings.Select(each => (each.Kind, each.Error.Code))));
        Assert.Contains(
            ReleaseChainFormatter.Describe(chain),
            line => line.StartsWith("    break-glass because: prod is down", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_promotion_by_another_key_is_invalid()
    {
        var release = await PromotedToTestAsync();
        var trust = new TrustPolicy { Keys = [new TrustedKey(await _house.AttackerKey.GetPublicKeyAsync(default), "another")] };
        var policy = await PolicyAsync();

        var chain = await ReadAsync(
            release, policy with { Targets = [policy.Targets[0], policy.Targets[1] with { Trust = trust }] });

        Assert.Equal((ChainFindingKind.Invalid, "GAN4204"), Assert.Single(chain.Findings.Select(each => (each.Kind, each.Error.Code))));
    }

    [Fact]
    public async Task What_does_not_count_is_named_and_breaks_nothing()
    {
        var release = await PromotedToTestAsync();
        await _house.Open("dev").PutAsync(await _house.SummaryAsync(release), release.Images[0].Descriptor, _house.AttackerKey);

        var chain = await ReadAsync(release);

        Assert.Equal((ChainFindingKind.Ignored, "GAN4204"), Assert.Single(chain.Findings.Select(each => (each.Kind, each.Error.Code))));
        Assert.True((bool?)ReleaseChainDocument.Of([chain])["holds"]);
    }

    [Fact]
    public async Task What_is_signed_for_another_release_with_the_same_image_is_no_finding()
    {
        var first = await PromotedToTestAsync();
        _house.Time.Advance(TimeSpan.FromHours(1));
        var second = await _house.PublishAsync("1.1.0", imagesOf: "1.0.0");
        await _house.PromoteAsync(await _house.ToDevAsync(second));
        await _house.PromoteAsync(await _house.ToTestAsync(second));

        var (ofFirst, ofSecond) = (await ReadAsync(first), await ReadAsync(second));

        Assert.Equal(first.Images[0].Digest, second.Images[0].Digest);
        Assert.Empty(ofFirst.Findings);
        Assert.Empty(ofSecond.Findings);
        Assert.Equal("1.1.0", ofSecond.Build!.Provenance.BuildDefinition.ExternalParameters.Version);
        Assert.All(ofFirst.Places.SelectMany(place => place.Promotions), promotion => Assert.Equal("1.0.0", promotion.Version));
    }

    [Fact]
    public async Task A_forgery_for_a_release_shows_beside_what_is_signed_for_another_one()
    {
        await _house.PublishAsync("1.0.0", _house.AttackerKey);
        var release = await _house.PublishAsync("1.1.0", imagesOf: "1.0.0");
        await _house.PromoteAsync(await _house.ToDevAsync(release));

        var chain = await ReadAsync(release);

        Assert.Equal((ChainFindingKind.Ignored, "GAN4204"), Assert.Single(Of("base", chain)));

        // A provenance of another release proves nothing of this one.
        Remove("base", each => each.Digest == chain.Build!.Attestation);
        await _house.PublishAsync("1.2.0", imagesOf: "1.0.0");
        Assert.Equal((ChainFindingKind.Invalid, "GAN4204"), Assert.Single(Of("base", await ReadAsync(release))));
    }

    [Fact]
    public async Task A_build_that_is_signed_for_another_release_only_does_not_count()
    {
        var release = await PromotedToTestAsync();

        var chain = await new ReleaseChainReader(_house.Client, await PolicyAsync(), _house.Time)
            .ReadAsync("app", release.Images[0].Digest, "9.9.9", default);

        Assert.Equal((ChainFindingKind.Invalid, "GAN4202"), Assert.Single(Of("base", chain)));
        Assert.Null(chain.Build);
    }

    [Fact]
    public async Task An_image_is_verified_by_its_digest_alone()
    {
        var release = await PromotedToTestAsync();

        var chain = await new ReleaseChainReader(_house.Client, await PolicyAsync(), _house.Time)
            .ReadAsync("app", release.Images[0].Digest, version: null, default);

        Assert.Empty(chain.Findings);
        Assert.Equal("1.0.0", chain.Version);
    }

    [Fact]
    public async Task A_policy_is_the_same_after_it_was_a_file()
    {
        using var folder = new TempFolder();
        var file = folder.Combine("environments.json");
        await File.WriteAllBytesAsync(file, PolicyDocument.Of(await PolicyAsync()).ToJson());

        var read = (await PolicyDocument.ReadFileAsync(file, default)).ToPolicy(file);

        Assert.Equal(PolicyDocument.Of(await PolicyAsync()).ToJson(), PolicyDocument.Of(read).ToJson());
        Assert.Empty((await ReadAsync(await PromotedToTestAsync(), read)).Findings);
        Assert.Equal(["dev"], read.For("dev").Targets.Select(target => target.Environment.Name));
    }

    [Theory]
    [InlineData("{}"), InlineData("not JSON")]
    [InlineData("""{"schema":3,"verifier":"","images":[],"base":{"registry":"a.b","keys":[]},"environments":[]}""")]
    public async Task A_policy_that_cannot_be_read_is_refused(string text)
    {
        using var folder = new TempFolder();
        var file = folder.Combine("environments.json");
        await File.WriteAllTextAsync(file, text);

        Assert.Equal("GAN4215", (await Assert.ThrowsAsync<GantryException>(() => PolicyDocument.ReadFileAsync(file, default))).Code);
    }

    private static IEnumerable<(ChainFindingKind Kind, string Code)> Of(string place, ReleaseChain chain) =>
        chain.Findings.Where(finding => finding.Place == place).Select(finding => (finding.Kind, finding.Error.Code));

    private async Task<Release> PromotedToTestAsync()
    {
        var release = await _house.PromotedToDevAsync();
        await _house.PromoteAsync(await _house.ToTestAsync(release));
        return release;
    }

    private async Task<VerificationPolicy> PolicyAsync() => new()
    {
        Base = _house.AddressOf("base"),
        BaseTrust = await _house.TrustAsync(_house.BuildKey, "keys/base/1.pub"),
        Images = ["app", "worker"],
        Targets = [await _house.DevTargetAsync(), await _house.TestTargetAsync()],
    };

    private async Task<ReleaseChain> ReadAsync(Release release, VerificationPolicy? policy = null) =>
        await new ReleaseChainReader(_house.Client, policy ?? await PolicyAsync(), _house.Time)
            .ReadAsync("app", release.Images[0].Digest, release.Version, default);

    private async Task<Digest> DigestAsync(string version) => (await _house.Open("dev").FindTagAsync(version, default))!.Digest;

    private void Remove(string registry, Func<Descriptor, bool> isRemoved) => ((MemoryRepository)_house.Open(registry)).Remove(isRemoved);
}
