using Gantry.Attestations;
using Gantry.Copying;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Signing;
using Gantry.Testing;

namespace Gantry.Tests.Promotion.Signed;

/// <summary>
/// Attacks on a signed chain, each with the code of the error with which the next promotion fails, in a folder, in a registry without the
/// referrers API and in one with it.
/// </summary>
public sealed class AttackTests(Stores stores) : IClassFixture<Stores>
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var store in (string[])[Stores.Folder, Stores.WithoutApi, Stores.WithApi])
            {
                foreach (var attack in Attacks.All.Keys)
                    cases.Add(store, attack);
            }

            return cases;
        }
    }

    [RegistryTheory, MemberData(nameof(Cases))]
    public async Task An_attack_stops_the_next_promotion(string store, string attack)
    {
        using var house = stores.Open(store);
        var release = await house.PromotedToDevAsync();
        var (code, runAsync) = Attacks.All[attack];

        await runAsync(new AttackedRelease(stores, house, release.Images[0]), release);

        var request = await house.ToTestAsync(release);
        var thrown = await Assert.ThrowsAsync<GantryException>(() => house.PlanAsync(request));
        Assert.True(code == thrown.Code, $"{attack}: expected {code}, was {thrown.Message}");
        Assert.Null(await house.Open("test").FindTagAsync(release.Tag, default));
    }

    [RegistryTheory, InlineData(Stores.Folder), InlineData(Stores.WithoutApi), InlineData(Stores.WithApi)]
    public async Task What_is_pushed_beside_a_promotion_hides_nothing(string store)
    {
        using var house = stores.Open(store);
        var release = await house.PromotedToDevAsync();
        var image = release.Images[0];
        var genuine = (await house.PromotionsAsync("dev", image.Digest))[0];
        for (var number = 0; number < 51; number++)
        {
            await house.Open("dev").PutAsync(
                genuine.Bundle.Change(json => json[$"unknown{number}"] = true), image.Descriptor, genuine.Referrer.Annotations!);
        }

        var plan = await house.PlanAsync(await house.ToTestAsync(release));

        Assert.Equal(genuine.Digest.Hex, Assert.Single(plan.EvidenceByImage["app"].Inputs).Digest!["sha256"]);
    }

    [Fact]
    public async Task Thousands_of_attestations_are_refused_and_not_read()
    {
        using var house = stores.Open(Stores.WithApi);
        var release = await house.PromotedToDevAsync();
        var image = release.Images[0];
        var annotations = (await house.PromotionsAsync("dev", image.Digest))[0].Referrer.Annotations!;
        var repository = house.AddressOf("dev").Describe("app")[(stores.Scripted.Host.Length + 1)..];
        for (var number = 0; number < 5000; number++)
        {
            stores.Scripted.Store.Add(repository, DocumentArtifact.Create(
                SigstoreBundle.MediaType, BitConverter.GetBytes(number), image.Descriptor, new(annotations.ToDictionary())));
        }

        var thrown = await Assert.ThrowsAsync<GantryException>(async () => await house.PlanAsync(await house.ToTestAsync(release)));

        Assert.Equal("GAN4209", thrown.Code);
        Assert.Contains("5001 attestations", thrown.Message, StringComparison.Ordinal);
    }

    [RegistryFact]
    public async Task A_list_that_lies_about_the_type_of_another_artifact_is_not_believed()
    {
        using var house = stores.Open(Stores.WithoutApi);
        var release = await house.PromotedToDevAsync();
        var image = release.Images[0];
        var repository = house.Open("dev");
        var genuine = (await house.PromotionsAsync("dev", image.Digest))[0];
        var other = SampleImage.CreateReferrer(image.Descriptor, "something else");
        await other.PushAsync(repository);
        await repository.PutTagAsync(
            Referrer.FallbackTag(image.Digest),
            ManifestContent.Create(new ImageIndex
            {
                MediaType = MediaTypes.OciIndex,
                Manifests =
                [
                    // The list of cosign: the type of the config, and no annotations.
                    genuine.Referrer with { ArtifactType = MediaTypes.OciEmpty, Annotations = null },
                    other.Root.Descriptor with { ArtifactType = SigstoreBundle.MediaType, Annotations = genuine.Referrer.Annotations },
                ],
            }),
            default);

        var plan = await house.PlanAsync(await house.ToTestAsync(release));

        Assert.Equal(genuine.Digest.Hex, Assert.Single(plan.EvidenceByImage["app"].Inputs).Digest!["sha256"]);
    }

    [RegistryTheory, InlineData(Stores.Folder), InlineData(Stores.WithoutApi), InlineData(Stores.WithApi)]
    public async Task A_copy_brings_promotions_that_do_not_count_there(string store)
    {
        using var house = stores.Open(store);
        var release = await house.PromotedToDevAsync();
        var image = release.Images[0];
        var target = new CopyTarget(house.Open("copy"), release.Tag);
        var outcomes = await new ImageCopier().CopyAsync(
            [new CopyRequest { Source = house.Open("dev"), Tag = release.Tag, Targets = [target] }], default);
        Assert.All(outcomes, outcome => Assert.Null(outcome.Error));

        var scope = RecordScope.Of(
            PromotionTarget.Of(house.Dev, house.AddressOf("copy"))[0] with { Trust = await house.TrustAsync(house.DevKey, "dev") },
            house.Time.GetUtcNow());
        var found = await PromotionReferrer.FindAsync(house.Open("copy"), image.Digest, scope, release.Version, default);

        // A folder has the stable name of its environment, wherever it is: a copy of it is the same place.
        if (store == Stores.Folder)
            Assert.Single(found.Records);
        else
            Assert.Equal("GAN4203", found.Nearest?.Code);
    }

    [Fact]
    public async Task An_attestation_that_was_changed_in_a_folder_does_not_count()
    {
        using var house = stores.Open(Stores.Folder);
        var release = await house.PromotedToDevAsync();
        var genuine = (await house.PromotionsAsync("dev", release.Images[0].Digest))[0];
        stores.Damage(house.Open("dev"), Digest.Of(genuine.Bundle.Bytes.Span));

        var thrown = await Assert.ThrowsAsync<GantryException>(async () => await house.PlanAsync(await house.ToTestAsync(release)));

        Assert.Equal("GAN4209", thrown.Code);
    }

    [Fact]
    public async Task An_image_that_was_changed_in_a_folder_is_not_promoted()
    {
        using var house = stores.Open(Stores.Folder);
        var release = await house.PromotedToDevAsync();
        stores.Damage(house.Open("dev"), release.Images[0].Digest);

        var thrown = await Assert.ThrowsAsync<GantryException>(async () => await house.PlanAsync(await house.ToTestAsync(release)));

        Assert.Equal("GAN2005", thrown.Code);
    }

    [RegistryTheory, InlineData(Stores.Folder), InlineData(Stores.WithoutApi), InlineData(Stores.WithApi)]
    public async Task Promotions_stay_in_their_environment(string store)
    {
        using var house = stores.Open(store);
        var release = await house.PromotedToDevAsync();
        await house.PromoteAsync(await house.ToTestAsync(release));

        var promotion = Assert.Single(await house.PromotionsAsync("test", release.Images[0].Digest));

        Assert.Equal("test", VerificationSummary.Read(promotion).Record.Environment);
        Assert.Single((await AttestationReferrer.FindAsync(
            house.Open("test"), release.Images[0].Digest, PredicateTypes.Provenance, default)).Attestations);
    }
}
