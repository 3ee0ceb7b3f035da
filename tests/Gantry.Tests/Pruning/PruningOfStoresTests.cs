using CsCheck;
using Gantry.Copying;
using Gantry.Oci;
using Gantry.Pruning;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Testing;
using Gantry.Testing.Faults;
using Gantry.Tests.Promotion.Signed;

namespace Gantry.Tests.Pruning;

/// <summary>Prunes folders and registries, with deletion and without, while others promote.</summary>
public sealed class PruningOfStoresTests(Stores stores) : IClassFixture<Stores>
{
    [Theory]
    [InlineData(Stores.Folder)]
    [InlineData(Stores.WithApi)]
    public Task What_is_kept_verifies_and_can_be_promoted_back(string store) => PruneAsync(store);

    [RegistryFact]
    public Task What_is_kept_verifies_and_can_be_promoted_back_in_docker_registry() => PruneAsync(Stores.WithoutApi);

    private async Task PruneAsync(string store)
    {
        using var house = new PrunedHouse(stores.Session, AddressOf(store));
        var releases = await house.PromoteAsync(5, toTest: [0, 2, 3]);

        var outcome = await house.ApplyAsync();

        Assert.True(outcome.Succeeded);
        Assert.Empty(outcome.Kept);
        Assert.False(await house.IsThereAsync(releases[0], "dev"));
        Assert.False(await house.IsThereAsync(releases[1], "base"));
        await house.AssertVerifiesAsync(releases[2], "base", "dev", "test");
        await house.AssertVerifiesAsync(releases[3], "base", "dev", "test");
        await house.AssertVerifiesAsync(releases[4], "base", "dev");
        await house.House.PromoteAsync(await house.House.ToTestAsync(releases[2]) with { GoBackReason = "a test" });
        await house.AssertVerifiesAsync(releases[2], "base", "dev", "test");

        // What was deleted can be published again.
        Assert.Empty((await house.PlanAsync()).Items);
    }

    [RegistryFact]
    public async Task Where_deletion_is_switched_off_it_is_said_once_and_nothing_is_recorded()
    {
        await using var registry = await RealRegistry.StartAsync(new RealRegistryOptions { Deletes = false });
        using var house = new PrunedHouse(stores.Session, registry.Address);
        var releases = await house.PromoteAsync(4);

        var outcome = await house.ApplyAsync();

        var (name, error) = Assert.Single(outcome.SwitchedOff);
        Assert.Equal((registry.Host, "GAN4710"), (name, error.Code));
        Assert.Equal(outcome.Plan.Items.Count, outcome.Kept.Count);
        Assert.DoesNotContain("gantry-pruned", await house.House.Open("dev").ListTagsAsync(default));
        await house.AssertVerifiesAsync(releases[0], "base", "dev");
    }

    [Theory]
    [InlineData(403, "GAN2003")]
    [InlineData(400, "GAN4710")]
    [InlineData(405, "GAN4710")]
    public async Task A_registry_that_refuses_deletions_is_named_once(int status, string code)
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        await using var session = new RegistrySession(registry.SessionOptions());
        using var house = new PrunedHouse(session, registry.Address);
        await house.PromoteAsync(4);
        registry.FailAlways("DELETE", "/manifests/", RegistryFaults.StatusCode(status));

        var outcome = await house.ApplyAsync();

        Assert.Equal(code, Assert.Single(outcome.SwitchedOff).Value.Code);
        Assert.Equal(1, registry.Count("DELETE"));
        Assert.False(outcome.Succeeded);
    }

    [Theory]
    [InlineData("GET", "/tags/list")]
    [InlineData("GET", "/referrers/")]
    [InlineData("GET", "/manifests/1.0.0")]
    public async Task A_request_that_fails_while_reading_means_that_there_is_no_list(string method, string path)
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        await using var session = new RegistrySession(registry.SessionOptions());
        using var house = new PrunedHouse(session, registry.Address);
        await house.PromoteAsync(4);
        registry.FailAlways(method, path, RegistryFaults.StatusCode(403));

        var error = await Assert.ThrowsAsync<GantryException>(() => house.PlanAsync());

        Assert.Equal("GAN4702", error.Code);
        Assert.Equal(0, registry.Count("DELETE"));
    }

    [Fact]
    public async Task Pages_of_lists_are_read_to_their_end()
    {
        await using var registry = await ScriptedRegistry.StartAsync(new ScriptedRegistryOptions { PageSize = 1 });
        await using var session = new RegistrySession(registry.SessionOptions());
        using var house = new PrunedHouse(session, registry.Address);
        var releases = await house.PromoteAsync(5);

        var outcome = await house.ApplyAsync();

        Assert.True(outcome.Succeeded);
        Assert.Equal(["1.0.0", "1.1.0", "1.2.0"], outcome.Deleted.SelectMany(item => item.Versions).Distinct().Order());
        await house.AssertVerifiesAsync(releases[3], "base", "dev");
        Assert.Empty(registry.Store.FindDamage());
    }

    [Theory]
    [InlineData(Stores.Folder)]
    [InlineData(Stores.WithApi)]
    [InlineData(Stores.WithoutApi)]
    [InlineData(InMemory)]
    public async Task A_deletion_stopped_at_any_call_keeps_what_is_kept_and_the_next_comes_to_the_same_end(string store)
    {
        var whole = await StopAsync(store, number: 0);
        Assert.True(whole.Calls > 20, $"{whole.Calls} calls");
        Assert.True(whole.AfterDeletions.Count > 10, $"{whole.AfterDeletions.Count} deletions");
        foreach (var number in PointsOf(store, whole))
        {
            var stopped = await StopAsync(store, number);
            Assert.True(whole.End == stopped.End, $"stopped at call {number} of {whole.Calls}: {stopped.End} instead of {whole.End}");
        }
    }

    // In memory and in the night every call. Otherwise those after deletions, without the referrers API all of them: most is deleted one
    // by one there.
    private static IEnumerable<int> PointsOf(string store, Stopped whole) => store switch
    {
        InMemory => Enumerable.Range(1, whole.Calls),
        _ when Step(whole.Calls) == 1 => Enumerable.Range(1, whole.Calls),
        Stores.WithoutApi => whole.AfterDeletions,
        _ => whole.AfterDeletions.Where((_, number) => number % Step(whole.AfterDeletions.Count, runs: 4) == 0),
    };

    /// <summary>A deletion that was stopped, and another one after it.</summary>
    /// <param name="Calls">The number of calls of the first one.</param>
    /// <param name="AfterDeletions">Its calls that came right after a deletion.</param>
    /// <param name="End">What is there after the second one: the tags and the kept images of each repository.</param>
    private sealed record Stopped(int Calls, IReadOnlyList<int> AfterDeletions, string End);

    private const string InMemory = "in memory";

    /// <summary>Stops a deletion at one of its calls, or at none, and deletes again.</summary>
    private async Task<Stopped> StopAsync(string store, int number)
    {
        await using var registry = await ScriptedRegistry.StartAsync(
            new ScriptedRegistryOptions { ReferrersApi = store != Stores.WithoutApi });
        await using var session = new RegistrySession(registry.SessionOptions());
        var client = new InterleavedClient(store switch
        {
            Stores.Folder => stores.Session,
            InMemory => new MemoryRegistries(),
            _ => session,
        });
        using var house = new PrunedHouse(client, store == Stores.Folder ? AddressOf(store) : registry.Address);
        var releases = await house.PromoteAsync(3);
        var plan = await house.PlanAsync();
        (client.Count, client.At) = (0, number);
        client.Then = () => throw new OperationCanceledException();

        if (number > 0)
            await Assert.ThrowsAsync<OperationCanceledException>(() => house.ApplyAsync(plan));
        else
            await house.ApplyAsync(plan);
        var (made, afterDeletions) = (client.Count, client.AfterDeletions.Where(after => after <= client.Count).ToList());

        // The next one is another process.
        client.IsOut = true;
        house.House.Time.Advance(TimeSpan.FromDays(1));
        await house.AssertVerifiesAsync(releases[1], "base", "dev");
        await house.AssertVerifiesAsync(releases[2], "base", "dev");
        var outcome = await house.ApplyAsync();
        Assert.True(outcome.Succeeded && outcome.Kept.Count == 0, $"stopped at call {number}");
        Assert.False(await house.IsThereAsync(releases[0], "dev"), $"stopped at call {number}");
        Assert.False(await house.IsThereAsync(releases[0], "base"), $"stopped at call {number}");
        await house.AssertVerifiesAsync(releases[1], "base", "dev");
        await house.AssertVerifiesAsync(releases[2], "base", "dev");
        return new Stopped(made, afterDeletions, await DescribeAsync(house));
    }

    private static async Task<string> DescribeAsync(PrunedHouse house)
    {
        var plan = await house.PlanAsync();
        Assert.Empty(plan.Items);
        var lines = plan.Kept.Select(kept => $"{kept.Place} {kept.Image}: {kept.Digest} as {string.Join(", ", kept.Tags)}").ToList();
        foreach (var registry in new[] { "base", "dev" })
        {
            foreach (var image in house.House.Images)
                lines.Add($"{registry} {image}: {string.Join(", ", await house.House.Open(registry, image).ListTagsAsync(default))}");
        }

        return string.Join("\n", lines);
    }

    [Fact]
    public async Task A_promotion_back_at_any_request_of_a_deletion_ends_complete()
    {
        var count = await CountAsync();
        Assert.True(count > 20, $"{count} requests");
        for (var number = 1; number <= count; number += Step(count))
            await InterleaveAsync(number);
    }

    // Every request in the night, some of them otherwise.
    private static int Step(int count, int runs = 12) =>
        Environment.GetEnvironmentVariable("GANTRY_KILLS") is { Length: > 0 } ? 1 : Math.Max(1, count / runs);

    private static async Task<int> CountAsync()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        await using var session = new RegistrySession(registry.SessionOptions());
        using var house = new PrunedHouse(new InterleavedClient(session), registry.Address);
        await house.PromoteAsync(3);
        var plan = await house.PlanAsync();
        var client = (InterleavedClient)house.House.Client;
        client.Count = 0;
        await house.ApplyAsync(plan);
        return client.Count;
    }

    private static async Task InterleaveAsync(int number)
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        await using var session = new RegistrySession(registry.SessionOptions());
        var client = new InterleavedClient(session);
        using var house = new PrunedHouse(client, registry.Address);
        var releases = await house.PromoteAsync(3);
        var plan = await house.PlanAsync();
        Assert.NotEmpty(plan.Items);
        GantryException? failed = null;
        client.Count = 0;
        client.At = number;
        client.Then = async () =>
        {
            try
            {
                await house.House.PromoteAsync(await house.House.ToDevAsync(releases[0]) with { GoBackReason = "a test" });
            }
            catch (GantryException error)
            {
                // What was deleted before cannot be promoted, and is not half there.
                failed = error;
            }
        };

        await house.ApplyAsync(plan);

        Assert.Empty(registry.Store.FindDamage());
        await house.AssertVerifiesAsync(releases[1], "base", "dev");
        await house.AssertVerifiesAsync(releases[2], "base", "dev");
        var tagged = await house.House.Open("dev").FindTagAsync("1.0.0", default);
        Assert.True(failed is not null || tagged is not null, $"request {number} of the deletion: the promotion is lost");
        if (tagged is not null)
            await AssertCompleteAsync(house, "dev");
    }

    private static async Task AssertCompleteAsync(PrunedHouse house, string registry)
    {
        var report = await new ImageVerifier(new CopyOptions(), new CopyProgress()).VerifyAsync(
            house.House.Open(registry), "1.0.0", default);
        Assert.Empty(report.Faults);
    }

    [Fact]
    public void Whatever_the_history_is_nothing_that_is_kept_is_deleted()
    {
        var step = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 5]);
        Gen.Select(step.Array[1, 10], Gen.Int[1, 3]).Sample(
            (steps, keep) => PruneHistoryAsync(steps, keep).GetAwaiter().GetResult(), iter: 15, threads: 1);
    }

    private static async Task PruneHistoryAsync((int Kind, int Which)[] steps, int keep)
    {
        using var house = new PrunedHouse(new MemoryRegistries(), RegistryAddress.Parse("registry.test:5000"));
        house.Rules = house.Rules with { Keep = keep };
        var (dev, test) = (new List<Release>(), new List<Release>());
        var releases = await house.PromoteAsync(1);
        dev.Add(releases[0]);
        var number = 1;
        foreach (var (kind, which) in steps)
        {
            house.House.Time.Advance(TimeSpan.FromHours(7));
            var known = dev[which % dev.Count];
            switch (kind)
            {
                case 0 or 1:
                    dev.Add(await house.House.PromotedToDevAsync($"1.{number++}.0"));
                    break;
                case 2:
                    await house.House.PromoteAsync(await house.House.ToDevAsync(known) with { GoBackReason = "back" });
                    dev.Add(known);
                    break;
                case 3:
                    await house.House.PromoteAsync(await house.House.ToTestAsync(known) with { GoBackReason = "back" });
                    test.Add(known);
                    break;
                default:
                    // Someone removes the tag of an image.
                    await ((IDeletesImages)house.House.Open("test")).RemoveTagAsync(known.Tag, default);
                    break;
            }
        }

        house.House.Time.Advance(TimeSpan.FromDays(1));
        var outcome = await house.ApplyAsync();

        Assert.True(outcome.Succeeded);
        foreach (var (history, registries) in new[] { (dev, new[] { "base", "dev" }), (test, ["base", "dev"]) })
        {
            // A model: the last ones, and the one before the last.
            var kept = history.AsEnumerable().Reverse().DistinctBy(release => release.Version).Take(Math.Max(keep, 2)).ToList();
            foreach (var release in kept)
            {
                foreach (var registry in registries)
                    Assert.True(await house.IsThereAsync(release, registry), $"{release.Version} is not in {registry}");
                foreach (var image in release.Images)
                {
                    foreach (var registry in registries)
                    {
                        var report = await new ImageVerifier(new CopyOptions(), new CopyProgress()).VerifyAsync(
                            house.House.Open(registry, image.Name), image.Digest, default);
                        Assert.Empty(report.Faults);
                    }
                }
            }
        }

        if (test.Count > 1)
        {
            var back = test.AsEnumerable().Reverse().DistinctBy(release => release.Version).Take(Math.Max(keep, 2)).Last();
            await house.House.PromoteAsync(await house.House.ToTestAsync(back) with { GoBackReason = "a test" });
            await house.AssertVerifiesAsync(back, "base", "dev", "test");
        }

        Assert.Empty((await house.PlanAsync()).Items);
    }

    private RegistryAddress AddressOf(string store) => store switch
    {
        Stores.Folder => RegistryAddress.Parse("oci:store"),
        Stores.WithApi => stores.Scripted.Address,
        _ => stores.Real,
    };

    /// <summary>Runs something else before one of the requests of repositories.</summary>
    private sealed class InterleavedClient(IRegistryClient inner) : IRegistryClient
    {
        private bool _isRunning;

        public int Count { get; set; }

        public int At { get; set; }

        public Func<Task>? Then { get; set; }

        /// <summary>The calls that come right after a deletion.</summary>
        public List<int> AfterDeletions { get; } = [];

        /// <summary>True when the repositories are those of the inner client from now on.</summary>
        public bool IsOut { get; set; }

        public IImageRepository Open(RegistryAddress address, string repository) =>
            IsOut ? inner.Open(address, repository) : new Repository(this, inner.Open(address, repository));

        private async Task BeforeAsync()
        {
            if (_isRunning)
                return;
            Count++;
            if (Count != At || Then is null)
                return;
            _isRunning = true;
            await Then();
            _isRunning = false;
        }

        private sealed class Repository(InterleavedClient client, IImageRepository inner) : IImageRepository, IDeletesImages
        {
            private readonly IDeletesImages _deletes = (IDeletesImages)inner;

            public string Location => inner.Location;

            public string Registry => inner.Registry;

            public bool DeletesReferrers => _deletes.DeletesReferrers;

            public bool RemovesTags => _deletes.RemovesTags;

            public async Task<Descriptor?> FindTagAsync(string tag, CancellationToken cancellationToken)
            {
                await client.BeforeAsync();
                return await inner.FindTagAsync(tag, cancellationToken);
            }

            public async Task<ManifestContent?> FindManifestAsync(string tag, CancellationToken cancellationToken)
            {
                await client.BeforeAsync();
                return await inner.FindManifestAsync(tag, cancellationToken);
            }

            public async Task<bool> HasManifestAsync(Digest digest, CancellationToken cancellationToken)
            {
                await client.BeforeAsync();
                return await inner.HasManifestAsync(digest, cancellationToken);
            }

            public async Task<ManifestContent?> FindManifestAsync(Digest digest, CancellationToken cancellationToken)
            {
                await client.BeforeAsync();
                return await inner.FindManifestAsync(digest, cancellationToken);
            }

            public Task<bool> HasBlobAsync(Descriptor blob, CancellationToken cancellationToken) =>
                inner.HasBlobAsync(blob, cancellationToken);

            public Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken) =>
                inner.OpenBlobAsync(blob, cancellationToken);

            public async Task<BlobPlacement> PutBlobAsync(
                Descriptor blob, Func<CancellationToken, Task<Stream>> open, IImageRepository? mountFrom,
                CancellationToken cancellationToken)
            {
                await client.BeforeAsync();
                return await inner.PutBlobAsync(blob, open, null, cancellationToken);
            }

            public async Task PutManifestAsync(ManifestContent manifest, CancellationToken cancellationToken)
            {
                await client.BeforeAsync();
                await inner.PutManifestAsync(manifest, cancellationToken);
            }

            public async Task PutTagAsync(string tag, ManifestContent manifest, CancellationToken cancellationToken)
            {
                await client.BeforeAsync();
                await inner.PutTagAsync(tag, manifest, cancellationToken);
            }

            public async Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken)
            {
                await client.BeforeAsync();
                return await inner.ListTagsAsync(cancellationToken);
            }

            public Task<IReadOnlyList<string>?> TryListTagsInOnePageAsync(CancellationToken cancellationToken) =>
                inner.TryListTagsInOnePageAsync(cancellationToken);

            public async Task<IReadOnlyList<Descriptor>> ListReferrersAsync(
                Digest subject, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken)
            {
                await client.BeforeAsync();
                return await inner.ListReferrersAsync(subject, knownTags, cancellationToken);
            }

            public async Task<bool> DeleteManifestAsync(Digest digest, CancellationToken cancellationToken)
            {
                await client.BeforeAsync();
                client.AfterDeletions.Add(client.Count + 1);
                return await _deletes.DeleteManifestAsync(digest, cancellationToken);
            }

            public Task RemoveTagAsync(string tag, CancellationToken cancellationToken) =>
                _deletes.RemoveTagAsync(tag, cancellationToken);

            public Task RemoveFromReferrersAsync(Digest subject, IReadOnlySet<Digest> deleted, CancellationToken cancellationToken) =>
                _deletes.RemoveFromReferrersAsync(subject, deleted, cancellationToken);
        }
    }
}
