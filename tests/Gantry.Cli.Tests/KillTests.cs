using System.Globalization;
using Gantry.Copying;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;

namespace Gantry.Cli.Tests;

/// <summary>
/// Kills the process in the middle of a copy to a registry, at the first and the last request of each kind. After every kill, all tags
/// point to complete images, and the same command completes the copy.
/// </summary>
/// <remarks>GANTRY_KILLS is the number of additional random kill points. They follow from a seed that a failed test reports.</remarks>
public sealed class KillTests : IAsyncLifetime
{
    private static readonly int MoreKills =
        int.TryParse(Environment.GetEnvironmentVariable("GANTRY_KILLS"), CultureInfo.InvariantCulture, out var kills) ? kills : 0;
    private readonly int _seed = Environment.TickCount;
    private readonly TempFolder _folder = new();
    private readonly RegistrySession _session = new();
    private readonly SignedSampleIndex _image = SignedSampleIndex.Create(platforms: 3, layerSize: 150_000);

    private string Source => $"oci:{_folder.Combine("source")}/app:v1";

    public Task InitializeAsync() =>
        _image.PushAsync(_session.Open(RegistryAddress.Parse($"oci:{_folder.Combine("source")}"), "app"), "v1");

    public async Task DisposeAsync()
    {
        await _session.DisposeAsync();
        _folder.Dispose();
    }

    [RegistryFact]
    public async Task A_killed_copy_to_a_registry_tags_nothing_incomplete_and_the_next_run_completes_it()
    {
        await using var registry = await RealRegistry.StartAsync();
        await using var proxy = await RegistryProxy.StartAsync(registry.Port);
        var random = new Random(_seed);

        var whole = await GantryProcess.RunAsync("copy", Source, $"localhost:{proxy.Port}/app:v1");
        Assert.True(whole.ExitCode == 0, whole.Error);
        Assert.Equal(
            ["POST upload", "PUT manifest", "PUT tag", "PUT tag that is named after a digest", "PUT upload"],
            proxy.Writes.Distinct().Order(StringComparer.Ordinal));

        // A request without a body is never half received.
        var points = KillPoint.Choose(proxy.Writes, MoreKills, random)
            .SelectMany(point => point.Kind is null ? [Any(random)] : Enum.GetValues<RequestMoment>(), (point, moment) => (point, moment))
            .Where(at => at.moment != RequestMoment.Half || at.point.Kind != "POST upload");
        foreach (var ((point, moment), round) in points.Select((at, round) => (at, round)))
        {
            var repository = $"app-{round}";
            var where = $"{moment} {point}, seed {_seed}";
            var reached = proxy.HoldAt(point, moment);
            using (var process = GantryProcess.Start("copy", Source, $"localhost:{proxy.Port}/{repository}:v1"))
            {
                await Task.WhenAny(reached, process.WaitForExitAsync());
                process.Kill();
                Assert.True((await process.WaitForExitAsync()).ExitCode != 0, $"{where}: it was done before");
            }

            await proxy.CloseAsync();
            await AssertCompletesAsync(registry.Address, repository, $"localhost:{registry.Port}/{repository}:v1", where);
        }
    }

    [RegistryFact]
    public async Task Concurrent_copies_to_one_repository_all_arrive()
    {
        await using var registry = await RealRegistry.StartAsync();
        var other = SignedSampleIndex.Create(platforms: 2, layerSize: 100_000);
        await other.PushAsync(_session.Open(RegistryAddress.Parse($"oci:{_folder.Combine("source")}"), "app"), "v2");

        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(number =>
            GantryProcess.RunAsync(
                "copy",
                number % 3 == 2 ? Source.Replace(":v1", ":v2", StringComparison.Ordinal) : Source,
                $"localhost:{registry.Port}/app")));

        Assert.All(results, result => Assert.True(result.ExitCode == 0, result.Error));
        var repository = _session.Open(registry.Address, "app");
        await AssertTagsAreCompleteAsync(repository, "two releases at once");
        Assert.Equal(_image.Root.Descriptor.Digest, (await repository.FindTagAsync("v1", default))!.Digest);
        Assert.Equal(other.Root.Descriptor.Digest, (await repository.FindTagAsync("v2", default))!.Digest);
    }

    private async Task AssertCompletesAsync(RegistryAddress address, string name, string target, string where)
    {
        await AssertTagsAreCompleteAsync(_session.Open(address, name), where);

        var again = await GantryProcess.RunAsync("copy", Source, target);
        Assert.True(again.ExitCode == 0, $"{where}: {again.Error}");

        var repository = _session.Open(address, name);
        await AssertTagsAreCompleteAsync(repository, where);
        var report = await new ImageVerifier(new CopyOptions(), new CopyProgress()).VerifyAsync(repository, "v1", default);
        Assert.Equal((_image.Root.Descriptor.Digest, _image.AttachmentCount), (report.Root.Digest, report.Attachments));
    }

    private static async Task AssertTagsAreCompleteAsync(IImageRepository repository, string where)
    {
        foreach (var tag in await repository.ListTagsAsync(default))
        {
            var report = await new ImageVerifier(new CopyOptions { Referrers = false, CosignTags = false }, new CopyProgress()).VerifyAsync(
                repository, tag, default);
            Assert.True(report.Faults.Count == 0, $"{where}: {tag} lacks {string.Join("; ", report.Faults)}");
        }
    }

    private static RequestMoment Any(Random random) => Enum.GetValues<RequestMoment>()[random.Next(Enum.GetValues<RequestMoment>().Length)];
}
