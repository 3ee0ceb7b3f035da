using Gantry.Azure.Registries;
using Gantry.Azure.Tests.Fakes;
using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Testing;

namespace Gantry.Azure.Tests.Registries;

/// <summary>Promotions with locks: the attributes of an Azure registry are imitated, the registry behind them is real.</summary>
public sealed class LockTests : AzureRegistryTestBase
{
    [RegistryTheory]
    [InlineData(ImageLock.Tag, 1)]
    [InlineData(ImageLock.TagAndManifest, 2)]
    public async Task A_promotion_locks_what_the_environment_declares_once(ImageLock wanted, int changes)
    {
        var release = await Registries.PublishAsync("1.0.0", seed: 1);

        var outcome = await Registries.PromoteAsync(Registries.Request(release, wanted));

        Assert.Contains("locked", Assert.Single(PromotionFormatter.Describe(outcome)), StringComparison.Ordinal);
        var expected = new List<string> { "live/app/_tags/1.0.0 writeEnabled=false deleteEnabled=false" };
        if (wanted == ImageLock.TagAndManifest)
            expected.Add($"live/app/_manifests/{release.Images[0].Digest} writeEnabled=false deleteEnabled=false");
        Assert.Equal(expected, Registries.Locking.Changes);

        // The locked tag points to this very image: there is nothing to do, and no request is sent.
        var again = await Registries.PlanAsync(Registries.Request(release, wanted));
        Assert.True(again.NothingMoves);
        Assert.Equal(changes, Registries.Locking.Changes.Count);
        Assert.Empty(Registries.Locking.Violations);
    }

    [RegistryFact]
    public async Task A_missing_lock_is_added_by_the_next_promotion()
    {
        var release = await Registries.PublishAsync("1.0.0", seed: 1);
        await Registries.PromoteAsync(Registries.Request(release));
        Assert.Empty(Registries.Locking.Changes);

        var plan = await Registries.PlanAsync(Registries.Request(release, ImageLock.Tag));

        Assert.False(plan.NothingMoves);
        Assert.Contains(PromotionFormatter.Describe(plan), line => line.Contains("tag to lock", StringComparison.Ordinal));
        (await Registries.ApplyAsync(plan)).ThrowIfFailed();
        Assert.Single(Registries.Locking.Changes);
    }

    [RegistryFact]
    public async Task The_plan_refuses_to_move_a_locked_tag()
    {
        var (first, second) = await PromoteAndPublishAnotherAsync();

        var error = await Assert.ThrowsAsync<GantryException>(() =>
            Registries.PlanAsync(Registries.Request(second, ImageLock.Tag) with { MoveTagReason = "a test" }));

        Assert.Equal("GAN4025", error.Code);
        Assert.Contains("contosoprod.azurecr.io/live/app:1.0.0", error.Problem, StringComparison.Ordinal);
        Assert.Equal([RemedyAction.UnlockTag], error.Actions);
        Assert.Single(Registries.Locking.Changes);
        await Registries.AssertCompleteAsync(first);
    }

    [RegistryFact]
    public async Task With_UnlocksTags_a_locked_tag_is_unlocked_moved_and_locked_again()
    {
        var (_, second) = await PromoteAndPublishAnotherAsync();

        var outcome = await Registries.PromoteAsync(
            Registries.Request(second, ImageLock.Tag) with { MoveTagReason = "a test", UnlocksTags = true });

        await Registries.AssertCompleteAsync(second);
        Assert.Equal(
            [
                "live/app/_tags/1.0.0 writeEnabled=false deleteEnabled=false",
                "live/app/_tags/1.0.0 writeEnabled=true deleteEnabled=true",
                "live/app/_tags/1.0.0 writeEnabled=false deleteEnabled=false",
            ],
            Registries.Locking.Changes);
        Assert.Contains("unlocked", Assert.Single(PromotionFormatter.Describe(outcome)), StringComparison.Ordinal);
    }

    [RegistryFact]
    public async Task A_tag_locked_by_others_is_not_moved()
    {
        var (_, second) = await PromoteAndPublishAnotherAsync();

        var error = await Assert.ThrowsAsync<GantryException>(() =>
            Registries.PlanAsync(Registries.Request(second) with { MoveTagReason = "a test" }));

        Assert.Equal("GAN4025", error.Code);
    }

    [RegistryTheory]
    [InlineData(403, "GAN9024")]
    [InlineData(400, "GAN9024")]
    public async Task A_refused_lock_names_the_role_that_is_needed(int status, string code)
    {
        Registries.Locking.RefusesChanges = status;
        var release = await Registries.PublishAsync("1.0.0", seed: 1);

        var error = await Assert.ThrowsAsync<GantryException>(() => Registries.PromoteAsync(Registries.Request(release, ImageLock.Tag)));

        Assert.Equal(code, error.Code);
        Assert.Contains("Container Registry Repository Writer", error.Remedy, StringComparison.Ordinal);

        // The release is in place; only its lock is missing, and the next promotion adds it.
        Registries.Locking.RefusesChanges = null;
        await Registries.PromoteAsync(Registries.Request(release, ImageLock.Tag));
        Assert.Single(Registries.Locking.Changes);
    }

    [RegistryFact]
    public async Task A_lock_that_does_not_hold_is_an_error()
    {
        Registries.Locking.IgnoresChanges = true;
        var release = await Registries.PublishAsync("1.0.0", seed: 1);

        var error = await Assert.ThrowsAsync<GantryException>(() => Registries.PromoteAsync(Registries.Request(release, ImageLock.Tag)));

        Assert.Equal("GAN9023", error.Code);
    }

    [RegistryFact]
    public async Task A_registry_that_does_not_report_locks_is_refused_before_anything_is_written()
    {
        Registries.Locking.HidesAttributes = true;
        var release = await Registries.PublishAsync("1.0.0", seed: 1);

        var error = await Assert.ThrowsAsync<GantryException>(() => Registries.PlanAsync(Registries.Request(release, ImageLock.Tag)));

        Assert.Equal("GAN9022", error.Code);
        Assert.False((await Registries.PlanAsync(Registries.Request(release))).NothingMoves);
    }

    [RegistryFact]
    public async Task A_registry_without_locks_is_refused_and_a_folder_is_not_locked()
    {
        await using var other = await RealRegistry.StartAsync();
        using var folder = new TempFolder();
        var release = await Registries.PublishAsync("1.0.0", seed: 1);
        var request = Registries.Request(release, ImageLock.Tag);

        var error = await Assert.ThrowsAsync<GantryException>(() =>
            Registries.PlanAsync(request with { Targets = PromotionTarget.Of(request.Environment, other.Address) }));
        var plan = await Registries.PlanAsync(
            request with { Targets = PromotionTarget.Of(request.Environment, RegistryAddress.Parse($"oci:{folder.Path}")) });

        Assert.Equal("GAN4026", error.Code);
        Assert.Contains("'prod'", error.Problem, StringComparison.Ordinal);
        Assert.Contains(
            PromotionFormatter.Describe(plan), line => line.Contains("not locked: there are no locks here", StringComparison.Ordinal));
    }

    [RegistryFact]
    public async Task A_missing_tag_is_not_locked()
    {
        var state = await new AcrLocks(Registries.Session).FindAsync(
            Registries.Prod, "absent", "1.0.0", Digest.Of("nothing"u8), CancellationToken.None);

        Assert.Equal((false, false), (state!.Tag, state.Manifest));
    }

    private async Task<(Release First, Release Second)> PromoteAndPublishAnotherAsync()
    {
        var first = await Registries.PublishAsync("1.0.0", seed: 1);
        await Registries.PromoteAsync(Registries.Request(first, ImageLock.Tag));
        return (first, await Registries.PublishAsync("1.0.0", seed: 2, moves: true));
    }
}
