using Gantry.Releases;

namespace Gantry.Nuke.Tests.Promoting;

public sealed class RollbackRunTests : IDisposable
{
    private readonly RunFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task An_environment_goes_back_to_the_release_before_and_is_held_there()
    {
        await PromoteToDevAsync("1.0.0", "1.1.0", "1.2.0");

        await _fixture.Rollback(_fixture.Promotion(RunFixture.Dev)).RunAsync(version: null, "it loses orders", CancellationToken.None);

        Assert.Equal([("1.1.0", "1.1.0")], await _fixture.ReadAsync(RunFixture.Dev));
    }

    [Fact]
    public async Task A_person_may_name_the_version_to_go_back_to()
    {
        await PromoteToDevAsync("1.0.0", "1.1.0", "1.2.0");

        await _fixture.Rollback(_fixture.Promotion(RunFixture.Dev)).RunAsync("1.0.0", "it loses orders", CancellationToken.None);

        Assert.Equal([("1.0.0", "1.0.0")], await _fixture.ReadAsync(RunFixture.Dev));
    }

    [Fact]
    public async Task Where_no_approval_lets_it_go_back_a_reason_is_required()
    {
        await PromoteToDevAsync("1.0.0", "1.1.0");

        var refused = await Assert.ThrowsAsync<GantryException>(() =>
            _fixture.Rollback(_fixture.Promotion(RunFixture.Dev)).RunAsync(version: null, reason: null, CancellationToken.None));

        Assert.Equal("GAN4613", refused.Code);
        Assert.Equal([("1.1.0", null)], await _fixture.ReadAsync(RunFixture.Dev));
    }

    [Fact]
    public async Task An_approval_lets_an_environment_go_back_without_a_reason()
    {
        var releases = await PromoteToDevAsync("1.0.0", "1.1.0");
        for (var i = 0; i < releases.Count; i++)
            await _fixture.PromoteAsync(releases[i], RunFixture.Test, hoursAgo: 5 - i);

        await _fixture.Rollback(_fixture.Promotion(RunFixture.Test) with { Approve = "the shop is down" }).RunAsync(
            version: null, reason: null, CancellationToken.None);

        Assert.Equal([("1.0.0", "1.0.0")], await _fixture.ReadAsync(RunFixture.Test));
    }

    [Fact]
    public async Task Without_a_release_before_nothing_changes()
    {
        await PromoteToDevAsync("1.0.0");

        var refused = await Assert.ThrowsAsync<GantryException>(() =>
            _fixture.Rollback(_fixture.Promotion(RunFixture.Dev)).RunAsync(version: null, "it loses orders", CancellationToken.None));

        Assert.Equal("GAN4608", refused.Code);
        Assert.Equal([("1.0.0", null)], await _fixture.ReadAsync(RunFixture.Dev));
    }

    [Fact]
    public async Task One_region_goes_back_alone_and_an_unknown_one_is_refused()
    {
        var releases = await PromoteToDevAsync("1.0.0", "1.1.0");
        for (var i = 0; i < releases.Count; i++)
        {
            await _fixture.PromoteAsync(releases[i], RunFixture.Test, hoursAgo: 7 - i);
            await _fixture.PromoteAsync(releases[i], RunFixture.Prod, hoursAgo: 4 - i);
        }

        var run = _fixture.Promotion(RunFixture.Prod);
        await _fixture.Rollback(run with { Region = "West" }).RunAsync(version: null, "it loses orders", CancellationToken.None);
        var refused = await Assert.ThrowsAsync<GantryException>(() =>
            _fixture.Rollback(run with { Region = "moon" }).RunAsync(version: null, "it loses orders", CancellationToken.None));

        Assert.Equal("GAN4047", refused.Code);
        Assert.Equal([("1.0.0", "1.0.0"), ("1.1.0", null)], await _fixture.ReadAsync(RunFixture.Prod));
    }

    // The first of them the longest time ago.
    private async Task<IReadOnlyList<Release>> PromoteToDevAsync(params string[] versions)
    {
        var releases = new List<Release>();
        foreach (var version in versions)
        {
            releases.Add(await _fixture.PublishAsync(version));
            await _fixture.PromoteAsync(releases[^1], RunFixture.Dev, hoursAgo: 11 - releases.Count);
        }

        return releases;
    }
}
