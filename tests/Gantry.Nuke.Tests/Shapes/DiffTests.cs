using System.Text.Json.Nodes;
using Gantry.Testing.Builds;

namespace Gantry.Nuke.Tests.Shapes;

/// <summary>A build compares what is in an environment with what comes next, in the plan and by itself.</summary>
public sealed class DiffTests : IAsyncLifetime
{
    private BuildRepository _repository = null!;

    public async Task InitializeAsync() => _repository = await ShapeRepository.CreateAsync("Signing");

    public Task DisposeAsync()
    {
        _repository.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Commits_and_packages_are_shown_by_the_target_and_in_the_plan()
    {
        var first = await SucceedAsync("PromoteDev", "--release-version", "1.2.0");
        Assert.Contains("dev: the first release there", first.Output, StringComparison.Ordinal);
        await _repository.WriteAsync("src/App/Change.txt", "a change");
        await _repository.CommitAsync();
        await SucceedAsync("PushBase", "--release-version", "1.3.0");

        var diff = await SucceedAsync("Diff", "--from", "dev", "--to", "1.3.0", "--files", "--output", "artifacts/difference.json");
        Assert.Contains("1 commit", diff.Output, StringComparison.Ordinal);
        var document = JsonNode.Parse(await File.ReadAllTextAsync(_repository.PathOf("artifacts/difference.json")))!;
        Assert.Equal(("1.2.0", "dev"), ((string?)document["from"]!["name"], (string?)document["from"]!["place"]));
        Assert.Equal("all", (string?)document["commits"]![0]!["subject"]);
        Assert.NotEmpty(document["images"]![0]!["layers"]!.AsArray());

        var plan = await SucceedAsync("PromoteDev", "--release", "1.3.0");
        Assert.Matches("dev: 1 commit.* since 1.2.0", plan.Output);
    }

    [Theory]
    [InlineData("GAN4812", "Diff", "--from", "dev")]
    [InlineData("GAN4809", "Diff", "--from", "dev", "--to", "production")]
    public async Task A_side_that_is_missing_or_unknown_is_an_error(string code, params string[] arguments)
    {
        if (code == "GAN4809")
            await SucceedAsync("PromoteDev", "--release-version", "1.2.0");

        var run = await _repository.BuildAsync(arguments);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(code, run.Output, StringComparison.Ordinal);
    }

    private async Task<BuildRun> SucceedAsync(params string[] arguments)
    {
        var run = await _repository.BuildAsync(arguments);
        Assert.True(run.ExitCode == 0, run.Output);
        return run;
    }
}
