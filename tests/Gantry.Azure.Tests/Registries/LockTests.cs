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
public sealed class LockTests : IAsyncLifetime
{
    private AzureRegistryFixture _registries = null!;

    public async Task InitializeAsync()
    {
        if (RequiredProgram.FindSkipReason(RequiredProgram.DockerRegistry) is null)
            _registries = await AzureRegistryFixture.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_registries is not null)
            await _registries.DisposeAsync();
    }

    [RegistryTheory]
    [InlineData(ImageLock.Tag, 1)]
    [InlineData(ImageLock.TagAndManifest, 2)]
    public async Task A_promotion_locks_what_the_environment_declares_once(ImageLock wanted, int changes)
    {
        var release = await _registries.PublishAsync("1.0.0", seed: 1);

        var outcome = await _registries.PromoteAsync(_registries.Request(release, wanted));

        Assert.Contains("locked", Assert.Single(PromotionFormatter.Describe(outcome)), StringComparison.Ordinal);
        var expected = new List<string> { "live/app/_tags/1.0.0 writeEnabled=false deleteEnabled=false" };
        if (wanted == ImageLock.TagAndManifest)
            expected.Add($"live/app/_manifests/{release.Images[0].Digest} writeEnabled=false deleteEnabled=false");
        Assert.Equal(expected, _registries.Locking.Changes);

        // The locked tag points to this very image: there is nothing to do, and no request is sent.
        var again = await _registries.PlanAsync(_registries.Request(release, wanted));
        Assert.True(again.NothingMoves);
        Assert.Equal(changes, _registries.Locking.Changes.Count);
        Assert.Empty(_registries.Locking.Violations);
    }

    [RegistryFact]
    public async Task A_missing_lock_is_added_by_the_next_promotion()
    {
        var release = await _registries.PublishAsync("1.0.0", seed: 1);
        await _registries.PromoteAsync(_registries.Request(release));
        Assert.Empty(_registries.Locking.Changes);

        var plan = await _registries.PlanAsync(_registries.Request(release, ImageLock.Tag));

        Assert.False(plan.NothingMoves);
        Assert.Contains(PromotionFormatter.Describe(plan), line => line.Contains("tag to lock", StringComparison.Ordinal));
        (await _registries.ApplyAsync(plan)).ThrowIfFailed();
        Assert.Single(_registries.Locking.Changes);
    }

    [RegistryFact]
    public async Task The_plan_refuses_to_move_a_locked_tag()
    {
        var (first, second) = await PromoteAndPublishAnotherAsync();

        var error = await Assert.ThrowsAsync<GantryException>(() =>
            _registries.PlanAsync(_registries.Request(second, ImageLock.Tag) with { MoveTagReason = "a test" }));

        Assert.Equal("GAN4025", error.Code);
        Assert.Contains("contosoprod.azurecr.io/live/app:1.0.0", error.Problem, StringComparison.Ordinal);
        Assert.Equal([RemedyAction.UnlockTag], error.Actions);
        Assert.Single(_registries.Locking.Changes);
        await _registries.AssertCompleteAsync(first);
    }

    [RegistryFact]
    public async Task With_UnlocksTags_a_locked_tag_is_unlocked_moved_and_locked_again()
    {
        var (_, second) = await PromoteAndPublishAnotherAsync();

        var outcome = await _registries.PromoteAsync(
            _registries.Request(second, ImageLock.Tag) with { MoveTagReason = "a test", UnlocksTags = true });

        await _registries.AssertCompleteAsync(second);
        Assert.Equal(
            [
                "live/app/_tags/1.0.0 writeEnabled=false deleteEnabled=false",
                "live/app/_tags/1.0.0 writeEnabled=true deleteEnabled=true",
                "live/app/_tags/1.0.0 writeEnabled=false deleteEnabled=false",
            ],
            _registries.Locking.Changes);
        Assert.Contains("unlocked", Assert.Single(PromotionFormatter.Describe(outcome)), StringComparison.Ordinal);
    }

    [RegistryFact]
    public async Task A_tag_locked_by_others_is_not_moved()
    {
        var (_, second) = await PromoteAndPublishAnotherAsync();

        var error = await Assert.ThrowsAsync<GantryException>(() =>
            _registries.PlanAsync(_registries.Request(second) with { MoveTagReason = "a test" }));

        Assert.Equal("GAN4025", error.Code);
    }

    [RegistryTheory]
    [InlineData(403, "GAN9024")]
    [InlineData(400, "GAN9024")]
    public async Task A_refused_lock_names_the_role_that_is_needed(int status, string code)
    {
        _registries.Locking.RefusesChanges = status;
        var release = await _registries.PublishAsync("1.0.0", seed: 1);

        var error = await Assert.ThrowsAsync<GantryException>(() => _registries.PromoteAsync(_registries.Request(release, ImageLock.Tag)));

        Assert.Equal(code, error.Code);
        Assert.Contains("Container Registry Repository Writer", error.Remedy, StringComparison.Ordinal);

        // The release is in place; only its lock is missing, and the next promotion adds it.
        _registries.Locking.RefusesChanges = null;
        await _registries.PromoteAsync(_registries.Request(release, ImageLock.Tag));
        Assert.Single(_registries.Locking.Changes);
    }

    [RegistryFact]
    public async Task A_lock_that_does_not_hold_is_an_error()
    {
        _registries.Locking.IgnoresChanges = true;
        var release = await _registries.PublishAsync("1.0.0", seed: 1);

        var error = await Assert.ThrowsAsync<GantryException>(() => _registries.PromoteAsync(_registries.Request(release, ImageLock.Tag)));

        Assert.Equal("GAN9023", error.Code);
    }

    [RegistryFact]
    public async Task A_registry_that_does_not_report_locks_is_refused_before_anything_is_written()
    {
        _registries.Locking.HidesAttributes = true;
        var release = await _registries.PublishAsync("1.0.0", seed: 1);

        var error = await Assert.ThrowsAsync<GantryException>(() => _registries.PlanAsync(_registries.Request(release, ImageLock.Tag)));

        Assert.Equal("GAN9022", error.Code);
        Assert.False((await _registries.PlanAsync(_registries.Request(release))).NothingMoves);
    }

    [RegistryFact]
    public async Task A_registry_without_locks_is_refused_and_a_folder_is_not_locked()
    {
        await using var other = await RealRegistry.StartAsync();
        using var folder = new TempFolder();
        var release = await _registries.PublishAsync("1.0.0", seed: 1);
        var request = _registries.Request(release, ImageLock.Tag);

        var error = await Assert.ThrowsAsync<GantryException>(() =>
            _registries.PlanAsync(request with { Targets = PromotionTarget.Of(request.Environment, other.Address) }));
        var plan = await _registries.PlanAsync(
            request with { Targets = PromotionTarget.Of(request.Environment, RegistryAddress.Parse($"oci:{folder.Path}")) });

        Assert.Equal("GAN4026", error.Code);
        Assert.Contains("'prod'", error.Problem, StringComparison.Ordinal);
        Assert.Contains(
            PromotionFormatter.Describe(plan), line => line.Contains("not locked: there are no locks here", StringComparison.Ordinal));
    }

    [RegistryFact]
    public async Task A_missing_tag_is_not_locked()
    {
        var state = await new AcrLocks(_registries.Session).FindAsync(
            _registries.Prod, "absent", "1.0.0", Digest.Of("nothing"u8), CancellationToken.None);

        Assert.Equal((false, false), (state!.Tag, state.Manifest));
    }

    private async Task<(Release First, Release Second)> PromoteAndPublishAnotherAsync()
    {
        var first = await _registries.PublishAsync("1.0.0", seed: 1);
        await _registries.PromoteAsync(_registries.Request(first, ImageLock.Tag));
        return (first, await _registries.PublishAsync("1.0.0", seed: 2, moves: true));
    }
}
