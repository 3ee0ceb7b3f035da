using Gantry.Differences;
using Gantry.Differences.Selection;
using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Testing;
using Gantry.Tests.Promotion;

namespace Gantry.Tests.Differences;

/// <summary>What the plan of a promotion says about what it changes.</summary>
public sealed class PlanDifferenceTests
{
    private readonly PromotionFixture _fixture = new();

    [Fact]
    public async Task A_plan_says_how_many_commits_and_images_change()
    {
        using var clone = await ScratchClone.CreateAsync();
        var first = await PublishAsync("1.0.0", await clone.CommitAsync("one"));
        await _fixture.PromoteAsync(_fixture.Request(first));
        await clone.CommitAsync("two");
        var second = await PublishAsync("1.1.0", await clone.CommitAsync("three"));

        var plan = await PlanAsync(_fixture.Request(second), clone);

        Assert.Equal("dev: 2 commits since 1.0.0", Lines(plan)[0]);
        Assert.Contains("GAN4804", Lines(plan)[1], StringComparison.Ordinal);
        Assert.Contains("  " + Lines(plan)[0], PromotionFormatter.Describe(plan));
    }

    [Fact]
    public async Task Going_back_names_the_commits_that_are_lost()
    {
        using var clone = await ScratchClone.CreateAsync();
        var first = await PublishAsync("1.0.0", await clone.CommitAsync("one"));
        var lost = await clone.CommitAsync("loses orders \u001b[2J");
        var second = await PublishAsync("1.1.0", lost);
        await _fixture.PromoteAsync(_fixture.Request(first));
        _fixture.Time.Advance(TimeSpan.FromHours(1));
        await _fixture.PromoteAsync(_fixture.Request(second));

        var plan = await PlanAsync(_fixture.Request(first) with { GoBackReason = "orders" }, clone);

        Assert.Equal("dev: 1 commit lost since 1.1.0", Lines(plan)[0]);
        Assert.Equal($"dev loses {lost[..12]} loses orders \\x1b[2J", Lines(plan)[1]);
    }

    [Fact]
    public async Task The_first_release_has_nothing_to_be_compared_with()
    {
        var plan = await PlanAsync(_fixture.Request(await _fixture.PublishAsync("1.0.0", "app")), clone: null);

        Assert.Equal(["dev: the first release there"], Lines(plan));
    }

    [Fact]
    public async Task An_image_that_is_added_was_not_missing_before()
    {
        await _fixture.PromoteAsync(_fixture.Request(await _fixture.PublishAsync("1.0.0", "app")));

        var plan = await PlanAsync(_fixture.Request(await _fixture.PublishAsync("1.1.0", "app", "worker")), clone: null);

        Assert.Contains("worker is new since 1.0.0", Lines(plan)[0], StringComparison.Ordinal);
        Assert.DoesNotContain(Lines(plan), line => line.Contains("GAN4057", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_plan_that_changes_nothing_asks_nothing()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app");
        await _fixture.PromoteAsync(_fixture.Request(release));
        var plan = await _fixture.PlanAsync(_fixture.Request(release));
        _fixture.Dev.Calls.Clear();
        _fixture.Base.Calls.Clear();

        var shown = await new PlanDifferenceReader(_fixture.Repositories, _fixture.Time).AddToAsync(plan, default);

        Assert.Empty(shown.Differences);
        Assert.Empty(_fixture.Dev.Calls.Concat(_fixture.Base.Calls));
    }

    [Fact]
    public async Task Each_region_is_compared_with_what_it_has()
    {
        var first = await _fixture.PublishAsync("1.0.0", "app");
        var second = await _fixture.PublishAsync("1.1.0", "app");
        var environment = new PromotionEnvironment("dev") { Regions = ["west", "north"] };
        var request = _fixture.Request(second, null, PromotionFixture.DevAddress, PromotionFixture.TestAddress).To(environment);
        await _fixture.PromoteAsync(_fixture.Request(first, null, PromotionFixture.DevAddress, PromotionFixture.TestAddress)
            .To(environment) with
        {
            Targets = [request.Targets[0]],
        });

        var plan = await PlanAsync(request, clone: null);

        Assert.Equal(
            [("dev, west", "1.0.0"), ("dev, north", null)],
            plan.Differences.Select(each => (each.Target.DisplayName, each.Difference?.From)));
    }

    [Fact]
    public async Task A_registry_that_fails_does_not_fail_the_plan()
    {
        var plan = await ChangedPlanAsync();
        _fixture.Dev.Before = (_, _) => throw new GantryException("GAN2005", "dev.test:5000 answers 500", "try again later");

        var shown = await new PlanDifferenceReader(_fixture.Repositories, _fixture.Time).AddToAsync(plan, default);

        Assert.Equal(["dev: differences unknown: GAN2005: dev.test:5000 answers 500; try again later"], Lines(shown));
    }

    [Fact]
    public async Task A_client_that_breaks_does_not_fail_the_plan()
    {
        var plan = await ChangedPlanAsync();
        _fixture.Dev.Before = (_, _) => throw new InvalidOperationException("broken\nclient");

        var shown = await new PlanDifferenceReader(_fixture.Repositories, _fixture.Time).AddToAsync(plan, default);

        Assert.Equal(["dev: differences unknown: InvalidOperationException: broken\\nclient"], Lines(shown));
    }

    [Fact]
    public async Task A_registry_that_does_not_answer_does_not_hold_up_the_plan()
    {
        var plan = await ChangedPlanAsync();
        var asked = new TaskCompletionSource();
        _fixture.Dev.Before = async (_, token) =>
        {
            asked.TrySetResult();
            await Task.Delay(System.Threading.Timeout.Infinite, token);
        };

        var reading = new PlanDifferenceReader(_fixture.Repositories, _fixture.Time).AddToAsync(plan, default);
        await asked.Task;
        _fixture.Time.Advance(Limits.PlanDifferences);

        Assert.Equal(["dev: differences unknown: they were not read within 15 seconds"], Lines(await reading));
    }

    [Fact]
    public async Task Who_stops_a_run_stops_the_comparison()
    {
        var plan = await ChangedPlanAsync();
        using var stop = new CancellationTokenSource();
        _fixture.Dev.Before = async (_, _) => await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new PlanDifferenceReader(_fixture.Repositories, _fixture.Time).AddToAsync(plan, stop.Token));
    }

    // The tags, two for each of the ten highest versions, and for each side a manifest and the referrers of the image and of its SBOM.
    [Fact]
    public async Task It_costs_a_bounded_number_of_requests_however_many_versions_there_are()
    {
        for (var minor = 0; minor < 30; minor++)
        {
            await _fixture.PromoteAsync(_fixture.Request(await _fixture.PublishAsync($"1.{minor}.0", "app")));
            _fixture.Time.Advance(TimeSpan.FromHours(1));
        }

        var plan = await _fixture.PlanAsync(_fixture.Request(await _fixture.PublishAsync("2.0.0", "app")));
        _fixture.Dev.Calls.Clear();
        _fixture.Base.Calls.Clear();

        var shown = await new PlanDifferenceReader(_fixture.Repositories, _fixture.Time).AddToAsync(plan, default);

        Assert.Equal("1.29.0", shown.Differences[0].Difference!.From);
        Assert.InRange(_fixture.Dev.Calls.Count, 1, 1 + (2 * Limits.ReplacedVersions) + 12);
        Assert.InRange(_fixture.Base.Calls.Count, 1, 4);
        Assert.DoesNotContain(
            _fixture.Dev.Calls.Concat(_fixture.Base.Calls), call => call.StartsWith("Put", StringComparison.Ordinal));
    }

    private async Task<PromotionPlan> ChangedPlanAsync()
    {
        await _fixture.PromoteAsync(_fixture.Request(await _fixture.PublishAsync("1.0.0", "app")));
        return await _fixture.PlanAsync(_fixture.Request(await _fixture.PublishAsync("1.1.0", "app")));
    }

    private Task<Release> PublishAsync(string version, string commit) =>
        _fixture.PublishAsync(_fixture.Build(version, "app") with { Commit = commit });

    private async Task<PromotionPlan> PlanAsync(PromotionRequest request, ScratchClone? clone) =>
        await new PlanDifferenceReader(_fixture.Repositories, _fixture.Time)
        {
            Commits = clone is null ? null : new GitCommitLog(clone.Path),
        }.AddToAsync(await _fixture.PlanAsync(request), default);

    private static IReadOnlyList<string> Lines(PromotionPlan plan) => [.. PromotionFormatter.Differences(plan)];
}
