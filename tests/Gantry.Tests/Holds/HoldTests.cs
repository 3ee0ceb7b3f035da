using System.Text.Json.Nodes;
using Gantry.Attestations;
using Gantry.Environments;
using Gantry.Holds;
using Gantry.Oci;
using Gantry.Signing;
using Gantry.Testing;
using Gantry.Tests.Promotion.Signed;

namespace Gantry.Tests.Holds;

/// <summary>Holds of an environment with a key, in a folder, in a registry without the referrers API and in one with it.</summary>
public sealed class HoldTests(Stores stores) : IClassFixture<Stores>
{
    private static readonly HoldDecision Freeze = new() { By = "Anna", Reason = "1.4.2 loses orders", Version = "1.4.1" };

    public static TheoryData<string> AllStores => [Stores.Folder, Stores.WithoutApi, Stores.WithApi];

    [RegistryTheory, MemberData(nameof(AllStores))]
    public async Task A_hold_is_found_until_it_is_ended(string store)
    {
        using var house = stores.Open(store);
        var target = await house.DevTargetAsync();
        Assert.Null((await ReadAsync(house, target)).Open);

        await Writer(house).SetAsync(target, house.Images, Freeze, house.DevKey, default);
        var state = await ReadAsync(house, target);
        Assert.Equal(("Anna", "1.4.2 loses orders", "1.4.1"), (state.Open!.By, state.Open.Reason, state.Open.Version));
        Assert.True(state.KeepsOut("1.4.3"));
        Assert.False(state.KeepsOut("1.4.1"));

        await Writer(house).ReleaseAsync(target, house.Images, Freeze with { Reason = "fixed" }, house.DevKey, default);
        state = await ReadAsync(house, target);
        Assert.Null(state.Open);
        Assert.Equal([false, true], state.Statements.Select(statement => statement.Held));
        Assert.Empty(state.Ignored);
    }

    [RegistryTheory, MemberData(nameof(AllStores))]
    public async Task The_key_of_another_neither_sets_nor_ends_a_hold(string store)
    {
        using var house = stores.Open(store);
        var target = await house.DevTargetAsync();
        var forged = target with { Trust = await house.TrustAsync(house.AttackerKey, "other") };
        await Writer(house).SetAsync(forged, house.Images, Freeze, house.AttackerKey, default);
        await Writer(house).SetAsync(target with { Trust = null }, house.Images, Freeze, signer: null, default);

        var state = await ReadAsync(house, target);
        Assert.Empty(state.Statements);
        Assert.Equal(["GAN4204", "GAN4607"], state.Ignored.Select(fault => fault.Code).Distinct().Order());

        await Writer(house).SetAsync(target, house.Images, Freeze, house.DevKey, default);
        house.Time.Advance(TimeSpan.FromHours(1));
        await Writer(house).ReleaseAsync(forged, house.Images, Freeze, house.AttackerKey, default);
        await Writer(house).ReleaseAsync(target with { Trust = null }, house.Images, Freeze, signer: null, default);
        Assert.NotNull((await ReadAsync(house, target)).Open);
    }

    [Fact]
    public async Task A_signed_statement_does_not_count_for_another_environment_or_place()
    {
        using var house = new SignedHouse(new MemoryRegistries(), RegistryAddress.Parse("registry.test:5000"));
        var target = await house.DevTargetAsync();
        await Writer(house).SetAsync(target, ["app"], Freeze, house.DevKey, default);
        var worker = await ReadAsync(house, target, "worker");
        Assert.Empty(worker.Statements);

        // The same key and registry, another environment: what is beside its own artifact, and moved there.
        var test = PromotionTarget.Of(house.Test, target.Address)[0] with { Trust = target.Trust };
        var repository = house.Open("dev");
        var own = (await AttestationReferrer.FindAsync(
            repository, HoldAnchor.DigestOf("dev", null), PredicateTypes.Hold, default)).Attestations[0];
        await Writer(house).SetAsync(test, ["app"], Freeze with { Reason = "other" }, house.DevKey, default);
        var anchor = (await repository.FindManifestAsync(HoldAnchor.DigestOf("test", null), default))!.Descriptor;
        await AttestationReferrer.PutAsync(
            repository, AttestationReferrer.Create(own.Bundle, anchor, PredicateTypes.Hold, house.Time.GetUtcNow()), own.Bundle, default);

        var state = await ReadAsync(house, test, "app");
        Assert.Equal("other", Assert.Single(state.Statements).Reason);
        Assert.Equal("GAN4202", Assert.Single(state.Ignored).Code);
    }

    [Fact]
    public async Task A_hold_outlasts_promotions_and_a_new_key()
    {
        using var house = new SignedHouse(new MemoryRegistries(), RegistryAddress.Parse("registry.test:5000"));
        var target = await house.DevTargetAsync();
        await Writer(house).SetAsync(target, house.Images, Freeze, house.DevKey, default);
        house.Time.Advance(TimeSpan.FromDays(90));

        target = target with { Trust = target.Trust! with { MaximumAge = TimeSpan.FromDays(1) } };

        Assert.NotNull((await ReadAsync(house, target)).Open);
    }

    [Fact]
    public async Task What_a_key_of_the_environment_signed_and_cannot_be_read_fails_closed()
    {
        using var house = new SignedHouse(new MemoryRegistries(), RegistryAddress.Parse("registry.test:5000"));
        var target = await house.DevTargetAsync();
        var hold = await Writer(house).SetAsync(target, ["app"], Freeze, house.DevKey, default);
        await PutAsync(house, house.AttackerKey, hold, json => json["schema"] = 2);
        Assert.NotNull((await ReadAsync(house, target, "app")).Open);

        await PutAsync(house, house.DevKey, hold, json => json["schema"] = 2);

        var thrown = await Assert.ThrowsAsync<GantryException>(() => ReadAsync(house, target, "app"));
        Assert.Equal("GAN4604", thrown.Code);
    }

    [Fact]
    public async Task A_hold_of_the_future_fails_closed_and_its_end_does_not_count()
    {
        using var house = new SignedHouse(new MemoryRegistries(), RegistryAddress.Parse("registry.test:5000"));
        var target = await house.DevTargetAsync();
        var hold = await Writer(house).SetAsync(target, ["app"], Freeze, house.DevKey, default);
        await PutAsync(house, house.DevKey, hold, json => (json["held"], json["time"]) = (false, "9999-12-31T23:59:59Z"));
        var state = await ReadAsync(house, target, "app");
        Assert.NotNull(state.Open);
        Assert.Equal("GAN4207", Assert.Single(state.Ignored).Code);

        await PutAsync(house, house.DevKey, hold, json => json["time"] = "9999-12-31T23:59:59Z");

        Assert.Equal("GAN4604", (await Assert.ThrowsAsync<GantryException>(() => ReadAsync(house, target, "app"))).Code);
    }

    [Fact]
    public async Task A_hold_whose_bytes_were_changed_fails_closed()
    {
        using var house = stores.Open(Stores.Folder);
        var target = await house.DevTargetAsync();
        await Writer(house).SetAsync(target, ["app"], Freeze, house.DevKey, default);
        var found = await AttestationReferrer.FindAsync(
            house.Open("dev"), HoldAnchor.DigestOf("dev", null), PredicateTypes.Hold, default);
        stores.Damage(house.Open("dev"), Digest.Of(found.Attestations[0].Bundle.Bytes.Span));

        Assert.Equal("GAN4604", (await Assert.ThrowsAsync<GantryException>(() => ReadAsync(house, target, "app"))).Code);
    }

    [Fact]
    public async Task Without_a_key_a_record_that_cannot_be_read_fails_closed()
    {
        var registries = new MemoryRegistries();
        var target = PromotionTarget.Of(new PromotionEnvironment("dev"), RegistryAddress.Parse("registry.test:5000"))[0];
        await new HoldWriter(registries).SetAsync(target, ["app"], Freeze, signer: null, default);
        Assert.NotNull((await new HoldReader(registries).ReadAsync(target, ["app"], default)).Open);
        var repository = registries.Open(target.Address, "app");
        var anchor = (await repository.FindManifestAsync(HoldAnchor.DigestOf("dev", null), default))!.Descriptor;
        var bytes = "{}"u8.ToArray();
        await DocumentArtifact.PutAsync(
            repository, DocumentArtifact.Create(HoldArtifact.ArtifactType, bytes, anchor, new(StringComparer.Ordinal)), bytes, default);

        var thrown = await Assert.ThrowsAsync<GantryException>(() => new HoldReader(registries).ReadAsync(target, ["app"], default));

        Assert.Equal("GAN4604", thrown.Code);
    }

    [Theory]
    [InlineData("reason", "")]
    [InlineData("by", "")]
    [InlineData("version", "no tag!")]
    [InlineData("cause", "other")]
    [InlineData("x", "y")]
    public void A_statement_is_read_strictly(string property, string value)
    {
        var statement = Freeze.ToStatement(
            PromotionTarget.Of(new PromotionEnvironment("dev"), RegistryAddress.Parse("r.test"))[0], "app", held: true,
            DateTimeOffset.UnixEpoch);
        Assert.Equal(statement, HoldStatement.Read(statement.ToJson(), "x"));
        var json = JsonNode.Parse(statement.ToJson())!;
        json[property] = value;

        Assert.Throws<GantryException>(() => HoldStatement.Read(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()), "x"));
    }

    [Fact]
    public async Task Setting_the_same_hold_again_and_ending_none_writes_nothing()
    {
        using var house = new SignedHouse(new MemoryRegistries(), RegistryAddress.Parse("registry.test:5000"));
        var target = await house.DevTargetAsync();
        Assert.Null(await Writer(house).ReleaseAsync(target, house.Images, Freeze, house.DevKey, default));
        var first = await Writer(house).SetAsync(target, house.Images, Freeze, house.DevKey, default);
        house.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(first, await Writer(house).SetAsync(target, house.Images, Freeze, house.DevKey, default));
        await Writer(house).SetAsync(target, house.Images, Freeze with { Reason = "and more" }, house.DevKey, default);

        var state = await ReadAsync(house, target);
        Assert.Equal(2, state.Statements.Count);
        Assert.Equal(first.Time, state.Since);
    }

    [Fact]
    public async Task A_hold_without_the_key_of_the_environment_is_refused()
    {
        using var house = new SignedHouse(new MemoryRegistries(), RegistryAddress.Parse("registry.test:5000"));
        var target = await house.DevTargetAsync();

        Assert.Equal("GAN4606", await CodeAsync(target, signer: null));
        Assert.Equal("GAN4228", await CodeAsync(target, house.TestKey));
        var mustBeSigned = target with { Trust = null, Environment = target.Environment with { RequireSigned = true } };
        Assert.Equal("GAN4606", await CodeAsync(mustBeSigned, house.DevKey));
        Assert.Equal("GAN4605", (await Assert.ThrowsAsync<GantryException>(() =>
            Writer(house).SetAsync(target, ["app"], Freeze with { Reason = " " }, house.DevKey, default))).Code);
        Assert.Empty(await house.Open("dev").ListTagsAsync(default));

        async Task<string> CodeAsync(PromotionTarget place, ISigner? signer) =>
            (await Assert.ThrowsAsync<GantryException>(() => Writer(house).SetAsync(place, ["app"], Freeze, signer, default))).Code;
    }

    private static HoldWriter Writer(SignedHouse house) => new(house.Client, house.Time);

    private static Task<HoldState> ReadAsync(SignedHouse house, PromotionTarget target, params string[] images) =>
        new HoldReader(house.Client, house.Time).ReadAsync(target, images.Length == 0 ? house.Images : images, default);

    // Signs a changed statement beside the artifact of dev.
    private static async Task PutAsync(SignedHouse house, PemSigner signer, HoldStatement statement, Action<JsonObject> change)
    {
        var json = JsonNode.Parse(statement.ToJson())!.AsObject();
        change(json);
        var repository = house.Open("dev");
        var anchor = (await repository.FindManifestAsync(HoldAnchor.DigestOf("dev", null), default))!.Descriptor;
        var bundle = await SigstoreBundle.SignAsync(
            Statement.Write(
                new StatementSubject("x", anchor.Digest), PredicateTypes.Hold, System.Text.Encoding.UTF8.GetBytes(json.ToJsonString())),
            signer,
            default);
        await AttestationReferrer.PutAsync(
            repository, AttestationReferrer.Create(bundle, anchor, PredicateTypes.Hold, house.Time.GetUtcNow()), bundle, default);
    }
}
