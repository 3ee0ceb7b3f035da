using Gantry.Testing.Builds;
using Gantry.Testing.Faults;

namespace Gantry.Nuke.Tests.Shapes;

/// <summary>A dry run evaluates everything and writes to no registry; its exit code says whether anything would change.</summary>
public sealed class DryRunTests : IAsyncLifetime
{
    private ScriptedRegistry _base = null!;
    private ScriptedRegistry _dev = null!;
    private ScriptedRegistry _test = null!;
    private BuildRepository _repository = null!;

    private string[] Registries => ["--base-registry", _base.Host, "--dev-registry", _dev.Host, "--test-registry", _test.Host];

    public async Task InitializeAsync()
    {
        _base = await ScriptedRegistry.StartAsync();
        _dev = await ScriptedRegistry.StartAsync();
        _test = await ScriptedRegistry.StartAsync();
        _repository = await ShapeRepository.CreateAsync("Promoting");
    }

    public async Task DisposeAsync()
    {
        _repository.Dispose();
        await _base.DisposeAsync();
        await _dev.DisposeAsync();
        await _test.DisposeAsync();
    }

    [Fact]
    public async Task Everything_up_to_test_is_planned_and_nothing_is_written()
    {
        var run = await BuildAsync("PromoteTest", "--dry-run");

        Assert.True(run.ExitCode == 3, run.Output);
        Assert.Equal(
            ["PublishImages Succeeded", "BuildImage Succeeded", "PushBase Succeeded", "PromoteDev Succeeded", "PromoteTest Succeeded"],
            run.Summary);
        Assert.Contains("Dry run: PushBase would change something. Nothing was written", run.Output, StringComparison.Ordinal);
        Assert.Contains("Dry run: the promotion to dev would change something", run.Output, StringComparison.Ordinal);
        Assert.Contains("Dry run: the promotion to test would change something", run.Output, StringComparison.Ordinal);
        Assert.Contains(@"Dry run: this needs 2 approvals of [Contoso]\Release, or one person", run.Output, StringComparison.Ordinal);
        Assert.Empty(Writes());
        Assert.False(File.Exists(_repository.PathOf("artifacts/release.json")));
    }

    [Fact]
    public async Task After_the_promotion_nothing_would_change()
    {
        Assert.Equal(0, (await BuildAsync("PromoteDev")).ExitCode);
        var writes = Writes().Count;

        var again = await BuildAsync("PromoteDev", "--dry-run");
        Assert.True(again.ExitCode == 0, again.Output);
        Assert.Contains("Dry run: the promotion to dev would change nothing. Nothing was written", again.Output, StringComparison.Ordinal);

        var further = await BuildAsync("PromoteTest", "--skip", "--release", "1.2.0", "--dry-run", "--approve", "tested");
        Assert.True(further.ExitCode == 3, further.Output);
        Assert.Contains("alone, instead of 2 approvals of", further.Output, StringComparison.Ordinal);
        Assert.Equal(writes, Writes().Count);
    }

    [Fact]
    public async Task An_environment_on_the_way_keeps_a_newer_release_and_the_goal_does_not()
    {
        Assert.Equal(0, (await BuildAsync("PromoteDev")).ExitCode);
        await _repository.CommitAsync();
        await _repository.GitAsync("tag", "1.3.0");
        Assert.Equal(0, (await BuildAsync("PromoteDev")).ExitCode);

        var onTheWay = await BuildAsync("PromoteTest", "--release", "1.2.0", "--dry-run", "--approve", "tested");
        Assert.True(onTheWay.ExitCode == 3, onTheWay.Output);
        Assert.Contains("dev has it, stays on 1.3.0, and is passed unchanged", onTheWay.Output, StringComparison.Ordinal);

        var goal = await BuildAsync("PromoteDev", "--release", "1.2.0", "--dry-run");
        Assert.Equal(255, goal.ExitCode);
        Assert.Contains("GAN4066: ", goal.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_would_fail_fails_the_dry_run()
    {
        Assert.Equal(0, (await BuildAsync("PushBase")).ExitCode);
        var writes = Writes().Count;

        var run = await BuildAsync("PromoteTest", "--skip", "--dry-run");

        Assert.Equal(255, run.ExitCode);
        Assert.Contains("GAN4024: ", run.Output, StringComparison.Ordinal);
        Assert.Equal(writes, Writes().Count);
    }

    [Fact]
    public async Task A_target_of_the_class_runs_when_it_declares_that_it_respects_a_dry_run()
    {
        var refused = await BuildAsync("Announce", "--dry-run");
        Assert.Equal(255, refused.ExitCode);
        Assert.Contains("GAN7056: the target Announce runs with --dry-run", refused.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_repository.PathOf("artifacts")));

        var rehearsed = await BuildAsync("Rehearse", "--dry-run");
        Assert.True(rehearsed.ExitCode == 3, rehearsed.Output);
        Assert.Contains("Rehearsed: True", rehearsed.Output, StringComparison.Ordinal);

        var failed = await BuildAsync("Fail", "--dry-run");
        Assert.Equal(255, failed.ExitCode);
        Assert.Contains("It failed.", failed.Output, StringComparison.Ordinal);
        Assert.Empty(Writes());
    }

    [Fact]
    public async Task Images_are_not_built_into_a_registry()
    {
        var run = await BuildAsync("PromoteDev", "--dry-run", "--image-store", $"{_base.Host}/built");

        Assert.Equal(255, run.ExitCode);
        Assert.Contains("GAN7057: ", run.Output, StringComparison.Ordinal);
        Assert.Empty(Writes());
    }

    private Task<BuildRun> BuildAsync(params string[] arguments) => _repository.BuildAsync([.. arguments, .. Registries]);

    private List<ReceivedRequest> Writes() =>
    [
        .. new[] { _base, _dev, _test }
            .SelectMany(registry => registry.Requests)
            .Where(request => request.Method is not ("GET" or "HEAD")),
    ];
}
