using Gantry.Copying;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Pruning;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Signing;
using Gantry.Tests.Promotion.Signed;
using Gantry.Verification;

namespace Gantry.Tests.Pruning;

/// <summary>Prunes a base registry and two signed environments, and verifies what is left.</summary>
internal sealed class PrunedHouse : IDisposable
{
    public PrunedHouse(IRegistryClient client, RegistryAddress store)
    {
        House = new SignedHouse(client, store);

        // Later than the files of this run.
        House.Time.SetUtcNow(DateTimeOffset.UtcNow.AddYears(1));
    }

    public SignedHouse House { get; }

    public PruningRules Rules { get; set; } = new() { Keep = 1, MinimumAge = TimeSpan.Zero, MayBeEmpty = ["test"] };

    public Func<PruningRequest, PruningRequest> Change { get; set; } = request => request;

    public async Task<PruningRequest> RequestAsync() => Change(new()
    {
        Base = House.AddressOf("base"),
        BaseTrust = await House.TrustAsync(House.BuildKey, "keys/base/1.pub"),
        Images = House.Images,
        Targets = [await House.DevTargetAsync(), await House.TestTargetAsync()],
        Rules = Rules,
    });

    public async Task<PruningPlan> PlanAsync() =>
        await new PruningPlanner(House.Client, House.Time).PlanAsync(await RequestAsync(), default);

    public async Task<PruningOutcome> ApplyAsync(PruningPlan? plan = null) =>
        await Pruner().ApplyAsync(await RequestAsync(), plan ?? await PlanAsync(), default);

    public Pruner Pruner() => new()
    {
        Time = House.Time,
        By = new PromotionActor { Name = "anna" },
        SignerOf = name => name switch { "base" => House.BuildKey, "dev" => House.DevKey, _ => House.TestKey },
    };

    /// <summary>Publishes and promotes releases, one day after the other, to dev, and some of them to test.</summary>
    public async Task<List<Release>> PromoteAsync(int count, params int[] toTest)
    {
        var releases = new List<Release>();
        for (var number = 0; number < count; number++)
        {
            releases.Add(await House.PromotedToDevAsync($"1.{number}.0"));
            House.Time.Advance(TimeSpan.FromHours(1));
            if (toTest.Contains(number))
                await House.PromoteAsync(await House.ToTestAsync(releases[^1]));
            House.Time.Advance(TimeSpan.FromDays(1));
        }

        return releases;
    }

    /// <summary>Asserts that the images of a release are complete at registries.</summary>
    public async Task AssertCompleteAsync(Release release, params string[] registries)
    {
        foreach (var registry in registries)
        {
            foreach (var image in release.Images)
            {
                var report = await new ImageVerifier(new CopyOptions(), new CopyProgress()).VerifyAsync(
                    House.Open(registry, image.Name), release.Tag, default);
                Assert.Equal(image.Digest, report.Root.Digest);
                Assert.Empty(report.Faults);
            }
        }
    }

    /// <summary>Asserts that the images of a release are complete at registries, and its whole way verifies.</summary>
    public async Task AssertVerifiesAsync(Release release, params string[] registries)
    {
        await AssertCompleteAsync(release, registries);
        Assert.Empty(await FindingsAsync(release));
    }

    /// <summary>Returns what is wrong with the way of a release.</summary>
    public async Task<IReadOnlyList<string>> FindingsAsync(Release release)
    {
        var request = await RequestAsync();
        var policy = new VerificationPolicy
        {
            Base = request.Base,
            BaseTrust = request.BaseTrust,
            Images = request.Images,
            Targets = request.Targets,
        };
        var findings = new List<string>();
        foreach (var image in release.Images)
        {
            var chain = await new ReleaseChainReader(House.Client, policy, House.Time).ReadAsync(
                image.Name, image.Digest, release.Version, default);
            findings.AddRange(chain.Findings.Select(finding => finding.Error.Message));
        }

        return findings;
    }

    public async Task<bool> IsThereAsync(Release release, string registry)
    {
        var there = new List<bool>();
        foreach (var image in release.Images)
            there.Add(await House.Open(registry, image.Name).HasManifestAsync(image.Digest, default));
        return Assert.Single(there.Distinct());
    }

    public void Dispose() => House.Dispose();
}
