using Gantry.Copying;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Testing;

namespace Gantry.Tests.Promotion;

/// <summary>Publications and promotions between folders, archives and real registries.</summary>
public sealed class PromotionBetweenRegistriesTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly List<RealRegistry> _registries = [];
    private readonly SampleImage _image = SampleImage.Create(1, 100_000, 5_000);
    private RegistrySession _session = null!;

    public Task InitializeAsync()
    {
        _session = new RegistrySession(new RegistrySessionOptions { RootFolder = _folder.Path });
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _session.DisposeAsync();
        foreach (var registry in _registries)
            await registry.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public Task From_folder_to_folder() => PublishAndPromoteAsync("oci:base", "oci:dev", "oci:test");

    [Fact]
    public Task Within_one_folder() => PublishAndPromoteAsync("oci:all/base", "oci:all/dev", "oci:all/test");

    [RegistryFact]
    public async Task From_registry_to_registries() =>
        await PublishAndPromoteAsync(await StartAsync(), await StartAsync(), await StartAsync());

    [RegistryFact]
    public async Task From_registry_to_folder() => await PublishAndPromoteAsync(await StartAsync(), "oci:dev", "oci:test");

    [RegistryFact]
    public async Task From_folder_to_registry() => await PublishAndPromoteAsync("oci:base", await StartAsync(), "oci:test");

    [Fact]
    public Task From_archive_to_folder_and_archive() =>
        PublishAndPromoteAsync("oci-archive:release.tar", "oci:dev", "oci-archive:carried/test.tar");

    [RegistryFact]
    public async Task From_archive_to_registry() => await PublishAndPromoteAsync("oci-archive:release.tar", await StartAsync(), "oci:test");

    [RegistryFact]
    public async Task Concurrent_promotions_of_two_releases_all_arrive()
    {
        var (from, to) = (await StartAsync(), await StartAsync());
        var other = SampleImage.Create(2, 60_000, 5_000);
        Release[] releases = [await PublishAsync(from, "1.0.0", _image), await PublishAsync(from, "2.0.0", other)];

        // Each with its own session, as on another machine, and to its own environment: one would refuse the older release.
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async number =>
        {
            await using var session = new RegistrySession(new RegistrySessionOptions { RootFolder = _folder.Path });
            await ApplyAsync(session, await RequestAsync(session, releases[number % 3 / 2], from, to));
        }));

        // This registry has no referrers API, so two concurrent additions may overwrite each other's entry (docs/promises.md).
        foreach (var release in releases)
            await PromoteAsync(_session, release, from, to);

        var repository = _session.Open(RegistryAddress.Parse(to), "team/app");
        foreach (var (tag, image) in new[] { ("1.0.0", _image), ("2.0.0", other) })
        {
            var report =
                await new ImageVerifier(new CopyOptions(), new CopyProgress()).VerifyAsync(repository, tag, CancellationToken.None);
            Assert.Equal((image.Root.Descriptor.Digest, 0), (report.Root.Digest, report.Faults.Count));
            Assert.NotEmpty(await PromotionReferrer.FindAsync(
                repository, image.Root.Descriptor.Digest, EnvironmentOf(tag), null, tag, CancellationToken.None));
        }
    }

    [RegistryFact]
    public async Task Within_one_registry_nothing_is_uploaded()
    {
        var registry = await StartAsync();
        var outcome = await PublishAndPromoteAsync($"{registry}/base", $"{registry}/dev", $"{registry}/test");

        Assert.Equal(0, outcome.Targets[0].Images[0].BlobsUploaded);
        Assert.NotEqual(0, outcome.Targets[0].Images[0].BlobsMounted);
    }

    [SkopeoRegistryFact]
    public async Task Skopeo_reads_a_promoted_image()
    {
        var dev = await StartAsync();
        await PublishAndPromoteAsync(await StartAsync(), dev, "oci:test");

        Assert.Equal(
            System.Text.Encoding.UTF8.GetString(_image.Root.Bytes.Span),
            await Skopeo.InspectRawAsync($"docker://{dev}/team/app:1.0.0"));
        await Skopeo.CopyAsync($"docker://{dev}/team/app:1.0.0", $"oci:{_folder.Combine("read")}:1.0.0");
        await Skopeo.CopyAsync($"oci:{_folder.Combine("test", "team", "app")}:1.0.0", $"oci:{_folder.Combine("read")}:again");
    }

    private async Task<string> StartAsync()
    {
        var registry = await RealRegistry.StartAsync();
        _registries.Add(registry);
        return registry.Host;
    }

    private async Task<PromotionOutcome> PublishAndPromoteAsync(string baseRegistry, string dev, string test)
    {
        var release = await PublishAsync(baseRegistry, "1.0.0", _image);
        var first = await PromoteAsync(_session, release, baseRegistry, dev);
        await PromoteAsync(_session, release, baseRegistry, test);
        foreach (var place in new[] { dev, test })
        {
            var repository = _session.Open(RegistryAddress.Parse(place), "team/app");
            var report = await new ImageVerifier(new CopyOptions(), new CopyProgress()).VerifyAsync(
                repository, "1.0.0", CancellationToken.None);
            // The record of the release, and the one of the promotion.
            Assert.Equal((_image.Root.Descriptor.Digest, 2, 0), (report.Root.Digest, report.Attachments, report.Faults.Count));
            var found = await new ReleaseFinder(_session).FindAsync(
                RegistryAddress.Parse(place), ["team/app"], "1.0.0", digest: null, CancellationToken.None);
            Assert.True(found.HasSameContent(release));
            var record = Assert.Single(
                await PromotionReferrer.FindAsync(repository, _image.Root.Descriptor.Digest, "dev", null, "1.0.0", CancellationToken.None));
            Assert.Equal(repository.Location, record.To);
            var status = await new EnvironmentReader(_session).ReadAsync(
                new PromotionTarget(new("dev"), Region: null, RegistryAddress.Parse(place)), ["team/app"], version: null,
                CancellationToken.None);
            Assert.Equal(("1.0.0", record.Promoted, 0), (status.Release!.Version, status.Release.Since, status.Problems.Count));
            Assert.Empty(await PromotionReferrer.FindAsync(
                repository, _image.Root.Descriptor.Digest, "prod", null, "1.0.0", CancellationToken.None));
        }

        return first;
    }

    private async Task<Release> PublishAsync(string baseRegistry, string version, SampleImage image)
    {
        var workshop = _session.Open(RegistryAddress.Parse("oci:workshop"), "team/app");
        await image.PushAsync(workshop);
        var publish = new PublishRequest
        {
            Version = version,
            Commit = "0123456789abcdef0123456789abcdef01234567",
            Base = RegistryAddress.Parse(baseRegistry),
            Images = [new ImageToPublish("team/app", workshop, new BuiltImage(image.Root, [Platform.LinuxAmd64], null, standIn: false))],
        };
        var release = (await new Publisher(_session, TimeProvider.System).PublishAsync(publish, CancellationToken.None)).Release;
        Assert.True((await new Publisher(_session, TimeProvider.System).PublishAsync(publish, CancellationToken.None)).Images.All(outcome =>
            outcome.NothingMoved));
        return release;
    }

    private static async Task<PromotionOutcome> PromoteAsync(RegistrySession session, Release release, string baseRegistry, string target)
    {
        var request = await RequestAsync(session, release, baseRegistry, target);
        var outcome = await ApplyAsync(session, request);

        Assert.True((await new PromotionPlanner(session).PlanAsync(request, CancellationToken.None)).NothingMoves);
        return outcome;
    }

    private static async Task<PromotionOutcome> ApplyAsync(RegistrySession session, PromotionRequest request)
    {
        var plan = await new PromotionPlanner(session).PlanAsync(request, CancellationToken.None);
        var outcome = await new Promoter().ApplyAsync(plan, CancellationToken.None);
        outcome.ThrowIfFailed();
        return outcome;
    }

    private static async Task<PromotionRequest> RequestAsync(
        RegistrySession session, Release release, string baseRegistry, string target) => new()
    {
        Release = await new ReleaseFinder(session).FindAsync(
            RegistryAddress.Parse(baseRegistry), ["team/app"], release.Version, digest: null, CancellationToken.None),
        Base = RegistryAddress.Parse(baseRegistry),
        Targets = PromotionTarget.Of(new(EnvironmentOf(release.Version)), RegistryAddress.Parse(target)),
    };

    private static string EnvironmentOf(string version) => version == "1.0.0" ? "dev" : "qa";
}
