using System.Text.Json.Nodes;
using Gantry.Copying;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Testing;
using Gantry.Verification;

namespace Gantry.Cli.Tests;

public sealed class PruneCommandTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly RegistrySession _session = new();

    private string Environments => _folder.Combine("environments.json");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _session.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_list_deletes_nothing_and_its_digest_deletes_exactly_it()
    {
        var store = $"oci:{_folder.Combine("store")}";
        await PrepareAsync(store, count: 4);

        var listed = await ListAsync();
        Assert.Equal(3, listed.Code);
        var document = JsonNode.Parse(listed.Output)!;
        Assert.Equal((1, false), ((int)document["schema"]!, (bool)document["applied"]!));
        Assert.Equal(["1.0.0", "1.1.0"], document["items"]!.AsArray().SelectMany(Versions).Distinct());
        Assert.All(document["kept"]!.AsArray(), kept => Assert.NotEmpty(kept!["reasons"]!.AsArray()));
        Assert.Equal(["1.0.0", "1.1.0", "1.2.0", "1.3.0"], await TagsAsync(store, "dev"));

        var digest = (string)document["list"]!;
        (await RunAsync("--apply", "sha256:" + new string('0', 64))).AssertError("GAN4704");
        (await RunAsync("--apply", "yes")).AssertError("GAN4709");
        var applied = (await RunAsync("--apply", digest)).EnsureSuccess();

        Assert.Contains("4 deletions of 4 done", applied.Output, StringComparison.Ordinal);
        Assert.Equal(["1.2.0", "1.3.0", "gantry-pruned"], await TagsAsync(store, "dev"));
        Assert.Equal(["1.2.0", "1.3.0", "gantry-pruned"], await TagsAsync(store, "base"));
        Assert.Equal(0, (await ListAsync()).Code);
    }

    [Fact]
    public async Task A_table_names_each_image_with_its_reason()
    {
        await PrepareAsync($"oci:{_folder.Combine("store")}", count: 3);

        var listed = await RunAsync();
        var markdown = await RunAsync("--format", "markdown");

        Assert.Equal((3, 3), (listed.Code, markdown.Code));
        Assert.Contains("\n| delete | 1.0.0 (", markdown.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("delete   1.0.0 (", listed.Output, StringComparison.Ordinal);
        Assert.Contains("1.2.0", listed.Output, StringComparison.Ordinal);
        Assert.Contains("it is the release of dev", listed.Output, StringComparison.Ordinal);
        Assert.Matches("the list is\n    sha256:[0-9a-f]{64}\n", listed.Output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_folder_is_collected_on_request_only()
    {
        var store = $"oci:{_folder.Combine("store")}";
        var repository = _session.Open(RegistryAddress.Parse(store), "app");
        await SampleImage.Create(1, 100).PushAsync(repository);
        foreach (var file in Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow - TimeSpan.FromHours(2));

        var listed = await CommandRunner.RunAsync("gc", store);
        var dry = await CommandRunner.RunAsync("gc", store, "--dry-run", "--format", "json");
        var applied = await CommandRunner.RunAsync("gc", store, "--apply");
        var again = await CommandRunner.RunAsync("gc", store);

        Assert.Equal((3, 3, 0, 0), (listed.Code, dry.Code, applied.Code, again.Code));
        Assert.Contains("would be removed", listed.Output, StringComparison.Ordinal);
        Assert.False((bool)JsonNode.Parse(dry.Output)!["removed"]!);
        Assert.Contains("3 unused blobs and 0 partial files removed", applied.Output, StringComparison.Ordinal);
        (await CommandRunner.RunAsync("gc", "localhost:5000")).AssertError("GAN4715");
        (await CommandRunner.RunAsync("gc", $"oci:{_folder.Combine("absent")}")).AssertError("GAN4713");
        Assert.Equal(2, (await CommandRunner.RunAsync("gc", store, "--apply", "--dry-run")).Code);
    }

    [RegistryFact]
    public async Task A_killed_deletion_leaves_what_is_kept_complete_and_the_next_one_does_the_rest()
    {
        await using var registry = await RealRegistry.StartAsync();
        await using var proxy = await RegistryProxy.StartAsync(registry.Port);
        var whole = await PrepareAsync($"localhost:{proxy.Port}/whole", count: 3);
        Assert.NotEmpty(whole);
        var before = proxy.Writes.Count;
        (await ApplyAsync()).EnsureSuccess();
        var writes = proxy.Writes.Skip(before).ToList();
        Assert.Contains("DELETE manifest", writes);

        foreach (var (point, round) in KillPoint.Choose(writes, 0, new Random(1)).Select((point, round) => (point, round)))
        {
            var kept = await PrepareAsync($"localhost:{proxy.Port}/round-{round}", count: 3);
            var digest = await DigestOfListAsync();
            var reached = proxy.HoldAt(point, RequestMoment.After);
            using (var process = GantryProcess.Start(Arguments("--apply", digest)))
            {
                var first = await Task.WhenAny(reached, process.WaitForExitAsync());
                Assert.True(first == reached, $"{point} was not reached");
                process.Kill();
                await process.WaitForExitAsync();
            }

            await proxy.CloseAsync();
            await AssertCompleteAsync(kept, $"localhost:{registry.Port}/round-{round}");

            // The proxy is closed until it has a new point, or none.
            _ = proxy.HoldAt(point: null, RequestMoment.After);
            (await ApplyAsync()).EnsureSuccess();
            await AssertCompleteAsync(kept, $"localhost:{registry.Port}/round-{round}");
            Assert.Equal(0, (await ListAsync()).Code);
        }
    }

    private static IEnumerable<string> Versions(JsonNode? item) => item!["versions"]!.AsArray().Select(version => (string)version!);

    private string[] Arguments(params string[] more) =>
        ["prune", "--environments", Environments, "--keep", "1", "--min-age", "0", .. more];

    private Task<CommandRunner.CommandResult> RunAsync(params string[] more) => CommandRunner.RunAsync(Arguments(more));

    private Task<CommandRunner.CommandResult> ListAsync() => RunAsync("--format", "json");

    private async Task<CommandRunner.CommandResult> ApplyAsync() => await RunAsync("--apply", await DigestOfListAsync());

    private async Task<string> DigestOfListAsync()
    {
        var listed = await ListAsync();
        Assert.True(listed.Code is 0 or 3, listed.Error);
        return (string)JsonNode.Parse(listed.Output)!["list"]!;
    }

    private async Task<IReadOnlyList<string>> TagsAsync(string store, string registry) =>
        await _session.Open(RegistryAddress.Parse($"{store}/{registry}"), "app").ListTagsAsync(default);

    /// <summary>Publishes releases and promotes them to dev, two days ago and before; returns the versions that are kept.</summary>
    private async Task<IReadOnlyList<string>> PrepareAsync(string store, int count)
    {
        var (from, to) = (RegistryAddress.Parse($"{store}/base"), RegistryAddress.Parse($"{store}/dev"));
        var environment = new Gantry.Environments.PromotionEnvironment("dev");
        var policy = new VerificationPolicy
        {
            Base = from,
            Images = ["app"],
            Targets = Gantry.Environments.PromotionTarget.Of(environment, to),
        };
        await File.WriteAllBytesAsync(Environments, PolicyDocument.Of(policy).ToJson());
        for (var number = 0; number < count; number++)
        {
            var time = new StoppedClock(DateTimeOffset.UtcNow - TimeSpan.FromDays(2 + count - number));
            var image = SampleImage.Create(number + 1, 100, 50);
            var workshop = _session.Open(RegistryAddress.Parse($"oci:{_folder.Combine("workshop")}"), "app");
            await image.PushAsync(workshop);
            var request = new PublishRequest
            {
                Version = $"1.{number}.0",
                Commit = "0123456789abcdef0123456789abcdef01234567",
                Base = from,
                Images =
                [
                    new ImageToPublish(
                        "app", workshop, new BuiltImage(image.Root, [Platform.LinuxAmd64], baseImage: null, standIn: false)),
                ],
            };
            var release = (await new Publisher(_session, time).PublishAsync(request, default)).Release;
            var plan = await new PromotionPlanner(_session, time).PlanAsync(
                new PromotionRequest { Release = release, Base = from, Targets = policy.Targets }, default);
            (await new Promoter { Time = time }.ApplyAsync(plan, default)).ThrowIfFailed();
        }

        foreach (var file in store.StartsWith("oci:", StringComparison.Ordinal)
            ? Directory.GetFiles(store["oci:".Length..], "*", SearchOption.AllDirectories)
            : [])
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow - TimeSpan.FromDays(1));
        return [$"1.{count - 2}.0", $"1.{count - 1}.0"];
    }

    private async Task AssertCompleteAsync(IReadOnlyList<string> versions, string store)
    {
        foreach (var registry in new[] { "base", "dev" })
        {
            foreach (var version in versions)
            {
                await using var session = new RegistrySession();
                var report = await new ImageVerifier(new CopyOptions(), new CopyProgress()).VerifyAsync(
                    session.Open(RegistryAddress.Parse($"{store}/{registry}"), "app"), version, default);
                Assert.True(report.Faults.Count == 0 && report.Attachments > 0, $"{store}/{registry}:{version}");
            }
        }
    }

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
