using Gantry.Environments;
using Gantry.Oci;
using Gantry.Pruning;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Testing;
using Gantry.Tests.Promotion.Signed;

namespace Gantry.Tests.Pruning;

public sealed class PruningTests : IDisposable
{
    private readonly PrunedHouse _house = new(new MemoryRegistries(), RegistryAddress.Parse("registry.test:5000"));

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task What_nothing_keeps_is_listed_with_its_reason_and_deleted()
    {
        // The last of dev is 1.4.0, and it would go back to 1.3.0. Test runs 1.2.0 and would go back to 1.0.0.
        var releases = await _house.PromoteAsync(5, toTest: [0, 2]);

        var plan = await _house.PlanAsync();

        Assert.Equal(["1.1.0"], plan.Items.SelectMany(item => item.Versions).Distinct());
        Assert.All(plan.Items, item => Assert.Equal(PruningItemKind.Image, item.Kind));
        Assert.Equal(["dev", "the base registry"], plan.Items.Select(item => item.Place).Distinct());
        var outcome = await _house.ApplyAsync(plan);
        Assert.True(outcome.Succeeded);
        Assert.Empty(outcome.Kept);
        Assert.Equal(plan.Items, outcome.Deleted);
        Assert.False(await _house.IsThereAsync(releases[1], "dev"));
        Assert.False(await _house.IsThereAsync(releases[1], "base"));
        await _house.AssertVerifiesAsync(releases[0], "base", "dev", "test");
        await _house.AssertVerifiesAsync(releases[2], "base", "dev", "test");
        await _house.AssertVerifiesAsync(releases[3], "base", "dev");
        await _house.AssertVerifiesAsync(releases[4], "base", "dev");
        Assert.Empty((await _house.PlanAsync()).Items);
    }

    [Fact]
    public async Task A_rollback_to_what_was_kept_works()
    {
        var releases = await _house.PromoteAsync(6, toTest: [0, 2, 4]);
        await _house.ApplyAsync();

        // By the base registry and dev: what test keeps is kept in those before it.
        await _house.House.PromoteAsync(await _house.House.ToTestAsync(releases[2]) with { GoBackReason = "a test" });

        await _house.AssertVerifiesAsync(releases[2], "base", "dev", "test");
    }

    [Fact]
    public async Task The_record_of_a_deletion_stays_and_is_signed()
    {
        var releases = await _house.PromoteAsync(4);
        var plan = await _house.PlanAsync();
        await _house.ApplyAsync(plan);

        var target = await _house.House.DevTargetAsync();
        var record = Assert.Single(await PruningRecords.FindAsync(
            _house.House.Open("dev"), target.ResourceUriOf("app"), target.Trust, default));

        Assert.Equal(plan.Digest, record.List);
        Assert.Equal(("dev", "app", "anna"), (record.Environment, record.Image, record.By.Name));
        Assert.Equal(["1.0.0", "1.1.0"], record.Items.SelectMany(item => item.Versions));
        Assert.Contains(releases[0].Images.Single(image => image.Name == "app").Digest, record.Items.Select(item => item.Digest));
        var other = target.Trust! with { Keys = [new(await _house.House.AttackerKey.GetPublicKeyAsync(default), "other")] };
        Assert.Empty(await PruningRecords.FindAsync(_house.House.Open("dev"), target.ResourceUriOf("app"), other, default));
    }

    [Fact]
    public async Task Nothing_is_deleted_while_anything_is_unreadable()
    {
        var releases = await _house.PromoteAsync(4);
        var repository = _house.House.Open("test", "worker");
        var image = SampleImage.Create(9, 10);
        await image.PushAsync(repository);
        await repository.PutTagAsync("9.9.9", image.Root, default);
        await SampleImage.CreateReferrer(image.Root.Descriptor, "{}", "application/vnd.gantry.promotion.v1+json").PushAsync(repository);

        var error = await Assert.ThrowsAsync<GantryException>(() => _house.PlanAsync());

        Assert.Equal("GAN4702", error.Code);
        Assert.Contains("GAN4045", error.Problem, StringComparison.Ordinal);
        Assert.True(await _house.IsThereAsync(releases[0], "dev"));
    }

    [Fact]
    public async Task An_environment_without_any_promotion_is_an_error_until_it_is_said_to_be_empty()
    {
        await _house.PromoteAsync(4);
        _house.Rules = _house.Rules with { MayBeEmpty = [] };

        var error = await Assert.ThrowsAsync<GantryException>(() => _house.PlanAsync());
        _house.Rules = _house.Rules with { MayBeEmpty = ["TEST"] };

        Assert.Equal("GAN4703", error.Code);
        Assert.NotEmpty((await _house.PlanAsync()).Items);
    }
}
