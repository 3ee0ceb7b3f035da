using System.Text;
using System.Text.Json.Nodes;
using Gantry.Attestations;
using Gantry.Copying;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Pruning;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Signing;
using Gantry.Testing;
using Gantry.Testing.Azure;
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

    [Fact]
    public async Task What_a_missing_manifest_needs_is_not_collected()
    {
        var store = $"oci:{_folder.Combine("store")}";
        var repository = _session.Open(RegistryAddress.Parse(store), "app");
        var image = SampleImage.Create(1, 100);
        await image.PushAsync(repository);
        await repository.PutTagAsync("1.0.0", image.Root, default);
        var files = Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories);
        foreach (var file in files)
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow - TimeSpan.FromHours(2));
        File.Delete(files.Single(file => Path.GetFileName(file) == image.Root.Descriptor.Digest.Hex));

        (await CommandRunner.RunAsync("gc", store, "--apply")).AssertError("GAN4719");

        Assert.Equal(files.Length - 1, Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Length);
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

    [StraceFact]
    public async Task A_deletion_in_a_folder_can_be_killed_at_any_system_call()
    {
        var (store, template) = ($"oci:{_folder.Combine("store")}", _folder.Combine("template"));
        var kept = await PrepareAsync(store, count: 3);
        CopyFolder(_folder.Combine("store"), template);
        var digest = await DigestOfListAsync();
        var calls = await SystemCallTrace.RecordAsync(_folder.Combine("store"), _folder, Arguments("--apply", digest));
        Assert.Contains(calls, call => call.Name.StartsWith("unlink", StringComparison.Ordinal));
        Assert.Equal(0, (await ListAsync()).Code);

        var killed = 0;
        var chosen = Choose(calls, count: 6);
        foreach (var call in chosen)
        {
            CopyFolder(template, _folder.Combine("store"));
            killed += await SystemCallTrace.KillAsync(call, Arguments("--apply", digest)) ? 1 : 0;

            await AssertCompleteAsync(kept, store);
            (await ApplyAsync()).EnsureSuccess();
            await AssertCompleteAsync(kept, store);
            Assert.Equal(0, (await ListAsync()).Code);
            foreach (var registry in new[] { "base", "dev" })
            {
                var tags = await TagsAsync(store, registry);
                Assert.True(
                    tags.SequenceEqual(["1.1.0", "1.2.0", "gantry-pruned"]), $"{registry} has {string.Join(", ", tags)}: {call.Text}");
            }

            // What the killed process has left half written is collected when nothing writes to it any more.
            await CollectAsync(store);
            await AssertCompleteAsync(kept, store);
        }

        Assert.True(killed >= chosen.Count * 3 / 4, $"only {killed} of {chosen.Count} were killed before they were done");
    }

    [StraceFact]
    public async Task A_collection_of_a_folder_can_be_killed_at_any_system_call()
    {
        var (store, template) = ($"oci:{_folder.Combine("store")}", _folder.Combine("template"));
        var repository = _session.Open(RegistryAddress.Parse(store), "app");
        var kept = SampleImage.Create(1, 100, 50);
        await kept.PushAsync(repository);
        await repository.PutTagAsync("kept", kept.Root, default);
        for (var number = 2; number <= 4; number++)
            await SampleImage.Create(number, 100, 50).PushAsync(repository);
        Age(_folder.Combine("store"));
        CopyFolder(_folder.Combine("store"), template);
        var calls = await SystemCallTrace.RecordAsync(_folder.Combine("store"), _folder, "gc", store, "--apply");
        Assert.True(calls.Count(call => call.Name.StartsWith("unlink", StringComparison.Ordinal)) >= 9, $"{calls.Count} calls");

        var killed = 0;
        var chosen = Choose(calls, count: 4);
        foreach (var call in chosen)
        {
            CopyFolder(template, _folder.Combine("store"));
            killed += await SystemCallTrace.KillAsync(call, "gc", store, "--apply") ? 1 : 0;

            await CollectAsync(store);

            var report = await new ImageVerifier(new CopyOptions(), new CopyProgress()).VerifyAsync(repository, "kept", default);
            Assert.Empty(report.Faults);
        }

        Assert.True(killed >= chosen.Count * 3 / 4, $"only {killed} of {chosen.Count} were killed before they were done");
    }

    [Fact]
    public async Task A_deletion_is_recorded_with_a_key_in_Azure_Key_Vault()
    {
        await using var vault = await FakeKeyVault.StartAsync();
        await using var hosts = await NamedHosts.StartAsync((host, _) => host == vault.Host ? vault.Address : null);
        var store = $"oci:{_folder.Combine("store")}";
        await PrepareAsync(store, count: 3);
        var trust = new TrustPolicy { Keys = [TrustedKey.Parse(vault.Add("base").PublicKeyPem, "keys/base/1.pub")] };
        await ChangePolicyAsync(policy => policy with { BaseTrust = trust });
        var apply = Arguments("--apply", await DigestOfListAsync());

        (await CommandRunner.RunAsync(apply)).AssertError("GAN4706");
        (await GantryProcess.RunAsync(SignedIn(hosts), [.. apply, "--signing-key", $"https://{vault.Host}/keys/{{environment}}"]))
            .EnsureSuccess();

        Assert.Empty(vault.Violations);
        Assert.Equal(["GET", "POST"], vault.Requests.Select(request => request.Split(' ')[0]));
        var address = RegistryAddress.Parse($"{store}/base");
        var record = Assert.Single(await PruningRecords.FindAsync(
            _session.Open(address, "app"), ResourceUri.For(address, "app", "base"), trust, default));
        Assert.Equal("1.0.0", Assert.Single(Assert.Single(record.Items).Versions));
    }

    [Fact]
    public async Task Nothing_is_deleted_while_hosts_are_not_asked()
    {
        await PrepareAsync($"oci:{_folder.Combine("store")}", count: 3);
        await ChangePolicyAsync(policy => policy with
        {
            Targets = Gantry.Environments.PromotionTarget.Of(
                new Gantry.Environments.PromotionEnvironment("dev")
                {
                    Deployments = [Gantry.Environments.Deployment.Kubectl("context", "shop", "app", "app")],
                },
                RegistryAddress.Parse("localhost:5000/dev")),
        });

        (await RunAsync()).AssertError("GAN4716");
        (await RunAsync("--apply", "sha256:" + new string('0', 64))).AssertError("GAN4716");
        Assert.DoesNotContain("GAN4716", (await RunAsync("--ignore-hosts")).Error, StringComparison.Ordinal);
    }

    // All of them in the night; otherwise some, from the first to the last.
    private static IReadOnlyList<SystemCall> Choose(IReadOnlyList<SystemCall> calls, int count) =>
        Environment.GetEnvironmentVariable("GANTRY_KILLS") is { Length: > 0 } and not "0"
            ? calls
            : [.. Enumerable.Range(0, count).Select(number => calls[number * (calls.Count - 1) / (count - 1)])];

    private static void CopyFolder(string from, string to)
    {
        if (Directory.Exists(to))
            Directory.Delete(to, recursive: true);
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.GetDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
        Age(to);
    }

    private static void Age(string folder)
    {
        foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow - TimeSpan.FromDays(2));
    }

    /// <summary>Collects a folder two days later. Nothing is left to be collected then.</summary>
    private static async Task CollectAsync(string store)
    {
        Age(store["oci:".Length..]);
        (await CommandRunner.RunAsync("gc", store, "--apply")).EnsureSuccess();
        Assert.Equal(0, (await CommandRunner.RunAsync("gc", store)).Code);
    }

    private async Task ChangePolicyAsync(Func<VerificationPolicy, VerificationPolicy> change)
    {
        var policy = (await PolicyDocument.ReadFileAsync(Environments, default)).ToPolicy("the policy of the test");
        await File.WriteAllBytesAsync(Environments, PolicyDocument.Of(change(policy)).ToJson());
    }

    // The Azure CLI comes first in a task of a pipeline.
    private Dictionary<string, string> SignedIn(NamedHosts hosts)
    {
        var answer = $$"""{"accessToken":"{{FakeKeyVault.Token}}","expiresOn":"2099-01-01 00:00:00.000000","tokenType":"Bearer"}""";
        var program = _folder.Write("bin/az", Encoding.UTF8.GetBytes($"#!/bin/sh\necho '{answer}'\n"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new(hosts.Environment)
        {
            ["PATH"] = $"{Path.GetDirectoryName(program)}:/usr/bin:/bin",
            ["HOME"] = _folder.Combine("home"),
            ["http_proxy"] = hosts.Environment["https_proxy"],
            ["AZURESUBSCRIPTION_CLIENT_ID"] = "11111111-0000-0000-0000-000000000001",
        };
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
