using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gantry.Testing;
using Gantry.Testing.Builds;
using Pipeline.Tests.Fixtures;

namespace Pipeline.Tests;

/// <summary>
/// What was promoted is shown, verified, reported and pruned by the build, with a real registry. Each test leaves the release 1.2.0 where
/// it was, so their order does not matter.
/// </summary>
[Collection(nameof(RepositoryClone))]
public sealed partial class HistoryTests(PromotedHistory history) : IClassFixture<PromotedHistory>, IAsyncLifetime
{
    private static readonly TimeSpan s_hangs = TimeSpan.FromMinutes(5);

    public Task InitializeAsync() => history.PromoteAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [RegistryFact]
    public async Task The_history_of_an_environment_names_the_promotion()
    {
        var run = await history.SucceedAsync("ShowHistory", "--environment", "dev", "--output", "artifacts/history.json");

        Assert.Matches($@"UTC\s+promoted\s+1\.2\.0\s+{Environment.UserName}\s", run.Output);
        var document = await ReadJsonAsync("artifacts/history.json");
        var promotion = Assert.Single(Assert.Single(document["targets"]!.AsArray())!["events"]!.AsArray())!;
        Assert.Equal(("promotion", "1.2.0"), ((string?)promotion["kind"], (string?)promotion["version"]));
    }

    [RegistryFact]
    public async Task The_way_of_a_release_goes_from_its_build_to_the_last_environment()
    {
        await history.SucceedAsync("ShowHistory", "--release", "1.2.0", "--output", "artifacts/way.json");

        var way = await ReadJsonAsync("artifacts/way.json");
        Assert.Equal(history.Released.ToString(), (string?)way["digest"]);
        Assert.Equal(
            ["base True", "dev True", "test True", "prod False"],
            way["places"]!.AsArray().Select(place => $"{place!["name"]} {(bool?)place["isThere"]}"));
        Assert.Equal(
            ["build base", "release base", "promotion dev", "promotion test"],
            way["entries"]!.AsArray().Take(4).Select(entry => $"{entry!["kind"]} {entry["place"]}"));
    }

    [RegistryFact]
    public async Task An_audit_of_a_release_verifies_every_promotion_of_its_digest()
    {
        var digest = history.Released.ToString();

        var run = await history.SucceedAsync("Audit", "--release-digest", digest, "--output", "artifacts/audit.md");

        Assert.Contains($"app@{digest}", run.Output, StringComparison.Ordinal);
        Assert.Contains(" 0 without effect", run.Output, StringComparison.Ordinal);
        var audit = await history.ReadAsync("artifacts/audit.md");
        Assert.StartsWith("## Audit of app 1.2.0\n", audit, StringComparison.Ordinal);
        foreach (var environment in new[] { "dev", "test" })
            Assert.Contains(
                $"| {environment} | promoted 1.2.0 | {Environment.UserName} | yes | the development key | sha256:",
                audit,
                StringComparison.Ordinal);
    }

    [RegistryFact]
    public async Task The_page_shows_the_release_and_loads_nothing()
    {
        await history.SucceedAsync("Report");

        AssertShowsRelease(await history.ReadAsync("artifacts/report/index.html"));
    }

    [RegistryFact]
    public async Task On_an_agent_the_page_is_an_artifact_of_the_run_and_its_matrix_is_in_the_summary()
    {
        var run = await history.BuildAsync(
            new Dictionary<string, string>
            {
                ["TF_BUILD"] = "True",
                ["BUILD_BUILDID"] = "812",
                ["SYSTEM_STAGENAME"] = "Report",
                ["SYSTEM_STAGEATTEMPT"] = "2",
                ["SYSTEM_COLLECTIONURI"] = "https://dev.azure.com/contoso/",
                ["SYSTEM_TEAMPROJECT"] = "Shop",
            },
            "Report");

        Assert.True(run.ExitCode == 0, run.Output);
        var page = CommandFile(run, "##vso[artifact.upload containerfolder=report-Report-2;artifactname=report-Report-2]");
        AssertShowsRelease(await File.ReadAllTextAsync(page));
        var summary = await File.ReadAllTextAsync(CommandFile(run, "##vso[task.uploadsummary]"));
        Assert.Contains("Nothing is in prod", summary, StringComparison.Ordinal);
        Assert.Contains("1.2.0", summary, StringComparison.Ordinal);
    }

    [RegistryFact]
    public async Task A_watched_page_is_served_until_the_key_that_ends_it()
    {
        using var patience = new CancellationTokenSource(s_hangs);
        using var build = history.Start("Report", "--watch");
        var errors = build.StandardError.ReadToEndAsync(patience.Token);
        try
        {
            Uri? address = null;
            while (address is null && await build.StandardOutput.ReadLineAsync(patience.Token) is { } line)
                address = AddressOfPage().Match(line) is { Success: true } match ? new Uri(match.Value) : null;
            Assert.True(address is not null, "The page was not served.");

            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
            AssertShowsRelease(await client.GetStringAsync(address, patience.Token));
            (await ChildProcess.RunAsync("kill", ["-s", "INT", $"{build.Id}"])).EnsureSuccess();

            var output = await build.StandardOutput.ReadToEndAsync(patience.Token) + await errors;
            await build.WaitForExitAsync(patience.Token);
            Assert.True(build.ExitCode == 0, output);
            Assert.Matches(@"Report\s+Succeeded", output);
            Assert.DoesNotContain("GAN", output, StringComparison.Ordinal);
            await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(address, patience.Token));
        }
        finally
        {
            if (!build.HasExited)
                build.Kill(entireProcessTree: true);
        }
    }

    [RegistryFact]
    public async Task Environments_that_are_as_promoted_are_settled()
    {
        await history.SucceedAsync("VerifyEnvironments");

        var report = await ReadJsonAsync("artifacts/drift.json");
        Assert.Equal(("settled", ""), ((string?)report["state"], (string?)report["fingerprint"]));
        Assert.Empty(report["findings"]!.AsArray());
        Assert.Equal(
            ["dev 1.2.0", "test 1.2.0", "prod "],
            report["places"]!.AsArray().Select(place => $"{place!["environment"]} {place["version"]}"));
    }

    [RegistryFact]
    public async Task A_moved_tag_is_reported_to_the_webhook_and_so_is_its_end()
    {
        await using var webhook = await LoopbackServer.StartAsync(new LoopbackResponse(202));
        var secret = new Dictionary<string, string> { ["DRIFT_WEBHOOK"] = $"{webhook.Address}hook?key=secret-of-the-hook" };
        var foreign = SampleImage.Create(1, 1000);
        await foreign.PushAsync(history.Open("test"));
        await history.Open("test").PutTagAsync("1.2.0", foreign.Root, CancellationToken.None);

        var drifted = await history.BuildAsync(secret, "VerifyEnvironments", "ReportDrift");
        var report = await ReadJsonAsync("artifacts/drift.json");
        var mended = await RunCommandAsync((string)Assert.Single(report["findings"]!.AsArray())!["command"]!);
        var settled = await history.BuildAsync(secret, "ReportDrift");

        Assert.True(drifted.ExitCode == 21, drifted.Output);
        Assert.Contains("GAN4056: ", drifted.Output, StringComparison.Ordinal);
        var finding = report["findings"]![0]!;
        Assert.Equal(("movedTag", "GAN4056", "test"), ((string?)finding["kind"], (string?)finding["code"], (string?)finding["place"]));
        Assert.Contains($"{foreign.Root.Descriptor.Digest}", (string?)finding["problem"], StringComparison.Ordinal);
        Assert.True(mended.ExitCode == 0, mended.Output);
        Assert.True(settled.ExitCode == 0, settled.Output);

        Assert.All(webhook.Requests, request => Assert.Equal(("POST", "/hook?key=secret-of-the-hook"), (request.Method, request.Path)));
        var posts = webhook.Requests.Select(request => JsonNode.Parse(request.Body)!).ToList();
        Assert.Equal(["drifted", "settled"], posts.Select(post => (string?)post["state"]));
        Assert.Equal((string?)posts[0]["marker"], (string?)posts[1]["marker"]);
        Assert.Equal(
            [(string?)report["fingerprint"], ""], posts.Select(post => (string?)post["fingerprint"]));
        Assert.True(JsonNode.DeepEquals(report, posts[0]["report"]));
        Assert.All([drifted, settled], run => Assert.DoesNotContain("secret-of-the-hook", run.Output, StringComparison.Ordinal));
    }

    [RegistryFact]
    public async Task What_nothing_keeps_is_deleted_by_the_digest_of_the_list()
    {
        string[] prune = ["Prune", "--keep", "1", "--min-age", "0", "--may-be-empty", "prod"];
        var released = history.Released.ToString();

        await history.SucceedAsync(prune);
        var list = await ReadJsonAsync("artifacts/pruning.json");
        var there = await history.Open("base").FindTagAsync("1.1.0", CancellationToken.None);
        await history.SucceedAsync([.. prune, "--apply", (string)list["list"]!]);
        var outcome = await ReadJsonAsync("artifacts/pruning.json");

        Assert.Equal((false, true), ((bool?)list["applied"], (bool?)outcome["applied"]));
        Assert.NotNull(there);
        var listed = Assert.Single(list["items"]!.AsArray(), item => (string?)item!["repository"] == $"{history.AddressOf("base")}/app")!;
        Assert.Equal((there.Digest.ToString(), "1.1.0"), ((string?)listed["digest"], (string?)listed["versions"]![0]));
        Assert.Equal(3, list["kept"]!.AsArray().Count(kept => (string?)kept!["digest"] == released));

        Assert.Null(await history.Open("base").FindTagAsync("1.1.0", CancellationToken.None));
        Assert.False(await history.Open("base").HasManifestAsync(there.Digest, CancellationToken.None));
        foreach (var place in new[] { "base", "dev", "test" })
            Assert.Equal(history.Released, (await history.Open(place).FindTagAsync("1.2.0", CancellationToken.None))?.Digest);
    }

    [RegistryFact]
    public async Task Base_images_of_what_is_in_environments_are_checked()
    {
        var run = await history.SucceedAsync("CheckBase");

        Assert.Contains("base image", run.Output, StringComparison.Ordinal);
        var report = await ReadJsonAsync("artifacts/base-images.json");
        Assert.Empty(report["moved"]!.AsArray());
        Assert.Equal(
            [$"dev 1.2.0 {history.Released}", $"test 1.2.0 {history.Released}"],
            report["images"]!.AsArray().Select(image => $"{image!["environment"]} {image["version"]} {image["digest"]}"));
    }

    [RegistryFact]
    public async Task An_environment_goes_back_is_held_there_and_goes_on_when_its_hold_ends()
    {
        const string Dev = "going-back";
        await history.SucceedInAsync(Dev, "PromoteDev", "--skip", "--release", "1.2.0");
        await history.SucceedInAsync(Dev, "PromoteDev", "--release-version", "1.3.0");

        await history.SucceedInAsync(Dev, "RollbackDev", "--reason", "1.3.0 loses orders");
        var held = await history.SucceedInAsync(Dev, "PromoteDev", "--skip");
        await history.SucceedInAsync(Dev, "ReleaseHold", "--environment", "dev", "--reason", "it is mended");
        await history.SucceedInAsync(Dev, "PromoteDev", "--skip");
        await history.SucceedInAsync(Dev, "Hold", "--environment", "dev", "--reason", "a sale");
        await history.SucceedInAsync(Dev, "ShowHistory", "--environment", "dev", "--output", "artifacts/back.json");

        Assert.Contains("GAN4601: ", held.Output, StringComparison.Ordinal);
        var events = (await ReadJsonAsync("artifacts/back.json"))["targets"]![0]!["events"]!.AsArray();

        // A return and its hold may be of the same second.
        Assert.Equal(
            [
                "hold: 1.3.0 loses orders", "hold: a sale", "holdReleased: it is mended", "promotion of 1.2.0",
                "promotion of 1.3.0 over 1.2.0", "promotion of 1.3.0 over 1.2.0", "return of 1.2.0 over 1.3.0: 1.3.0 loses orders",
            ],
            events.Select(Describe).Order(StringComparer.Ordinal));

        static string Describe(JsonNode? one)
        {
            var version = (string?)one!["kind"] is "promotion" or "return" ? $" of {one["version"]}" : "";
            var before = one["before"] is { } earlier ? $" over {earlier}" : "";
            return $"{one["kind"]}{version}{before}{(one["reason"] is { } reason ? $": {reason}" : "")}";
        }
    }

    private void AssertShowsRelease(string page)
    {
        Assert.Contains("1.2.0", page, StringComparison.Ordinal);
        Assert.Contains(history.Released.ToString(), page, StringComparison.Ordinal);
        Assert.DoesNotMatch(LoadsFromElsewhere(), page);
    }

    // As a person copies it from the report. The gate of the environment is a person's to pass.
    private Task<BuildRun> RunCommandAsync(string command)
    {
        Assert.StartsWith("./build.sh ", command, StringComparison.Ordinal);
        var words = command.Split(' ')[1..].Select(word => word.Trim('"'));
        return history.BuildAsync([.. words, "--approve", "tested"]);
    }

    private async Task<JsonNode> ReadJsonAsync(string file) => JsonNode.Parse(await history.ReadAsync(file))!;

    private static string CommandFile(BuildRun run, string command)
    {
        var lines = run.Output.Split('\n').Select(line => line.TrimEnd('\r'));
        return Assert.Single(lines, line => line.StartsWith(command, StringComparison.Ordinal))[command.Length..];
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/")]
    private static partial Regex AddressOfPage();

    [GeneratedRegex(
        @"(?:src|href|action|data)\s*=\s*[""']?(?:\w+:)?//|url\(|@import|<(?:link|iframe|object|embed)\b", RegexOptions.IgnoreCase)]
    private static partial Regex LoadsFromElsewhere();
}
