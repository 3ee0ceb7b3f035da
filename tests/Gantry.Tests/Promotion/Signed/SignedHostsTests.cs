using Gantry.Deployments;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Testing;
using Gantry.Testing.Faults;
using Gantry.Tests.Deployments;
using Gantry.Verification;

namespace Gantry.Tests.Promotion.Signed;

/// <summary>Promotions to environments with hosts are signed twice: when the images are in place, and when the hosts run them.</summary>
public sealed class SignedHostsTests : IDisposable
{
    private readonly RecordingDeployer _deployer = new();

    private readonly SignedHouse _house = new(new MemoryRegistries(), RegistryAddress.Parse("registry.test:5000"))
    {
        Dev = new PromotionEnvironment("dev") { Deployments = [new OwnDeployment("here") { Image = "app" }] },
    };

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task Hosts_that_are_done_are_signed_in_a_second_promotion()
    {
        var release = await _house.PublishAsync();
        await PromoteAsync(release);

        var promotions = (await _house.PromotionsAsync("dev", release.Images[0].Digest)).Select(VerificationSummary.Read).ToList();

        var hosts = Assert.Single(promotions, promotion => promotion.Record.Hosts is not null);
        var images = Assert.Single(promotions, promotion => promotion.Record.Hosts is null);
        Assert.Equal(images.InputAttestations!.Select(input => input.Uri), hosts.InputAttestations!.Select(input => input.Uri));
        Assert.NotNull(hosts.Record.Previous);
        Assert.Empty((await ReadChainAsync(release)).Findings);
    }

    [Fact]
    public async Task A_promotion_whose_hosts_failed_is_completed_under_its_own_evidence()
    {
        var release = await _house.PublishAsync();
        _deployer.FailingHost = "copy to here";
        await Assert.ThrowsAsync<GantryException>(() => PromoteAsync(release));
        _deployer.FailingHost = null;
        _house.Time.Advance(TimeSpan.FromMinutes(1));

        await PromoteAsync(release);

        Assert.Empty((await ReadChainAsync(release)).Findings);
        var plan = await _house.PlanAsync(await _house.ToTestAsync(release));
        Assert.Single(plan.EvidenceByImage["app"].Inputs);
    }

    [Fact]
    public async Task Without_its_key_not_even_the_hosts_are_recorded()
    {
        var release = await _house.PublishAsync();
        _deployer.FailingHost = "copy to here";
        await Assert.ThrowsAsync<GantryException>(() => PromoteAsync(release));

        var thrown = await Assert.ThrowsAsync<GantryException>(() => PlanAsync(release, signs: false));

        Assert.Equal("GAN4229", thrown.Code);
    }

    private async Task PromoteAsync(Release release) => (await new Promoter { Time = _house.Time }.ApplyAsync(
        await PlanAsync(release, signs: true), default)).ThrowIfFailed();

    private async Task<PromotionPlan> PlanAsync(Release release, bool signs)
    {
        var request = await _house.ToDevAsync(release);
        var planner = new PromotionPlanner(_house.Client, _house.Time)
        {
            Deployments = new DeploymentPlanner([_deployer], new HealthProbe(new AutoAdvancingTime(), _ => null), _ => "a key"),
        };
        return await planner.PlanAsync(signs ? request : request with { Signer = null }, default);
    }

    private async Task<ReleaseChain> ReadChainAsync(Release release) => await new ReleaseChainReader(
        _house.Client,
        new VerificationPolicy
        {
            Base = _house.AddressOf("base"),
            BaseTrust = await _house.TrustAsync(_house.BuildKey, "keys/base/1.pub"),
            Images = ["app", "worker"],
            Targets = [await _house.DevTargetAsync()],
        },
        _house.Time).ReadAsync("app", release.Images[0].Digest, release.Version, default);
}
