using Gantry.Azure.Tests.Fakes;
using Gantry.Deployments;
using Gantry.Environments;

namespace Gantry.Azure.Tests.Deployments;

/// <summary>What hosts run, as they say themselves.</summary>
public sealed partial class AzureDeployerTests
{
    private const string Promoted = "contosoprod.azurecr.io/app@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Theory]
    [InlineData(null, "")]
    [InlineData("staging", "/slots/staging")]
    public async Task A_site_is_read_without_a_release(string? slot, string path)
    {
        _azure.Sites[path] = "DOCKER|" + Promoted;

        var image = Assert.Single((await Sites.ReadAsync(
            Query(Deployment.AppService(FakeAppResourceManager.Site, slot)), CancellationToken.None)).Images);

        Assert.Equal((Promoted, "contosoprod.azurecr.io/app"), (image.Reference, image.Repository));
        Assert.NotNull(image.Digest);
        Assert.Empty(_azure.Changes);
    }

    [Fact]
    public async Task A_site_that_is_set_to_a_tag_has_no_digest()
    {
        var image = Assert.Single((await Sites.ReadAsync(
            Query(Deployment.AppService(FakeAppResourceManager.Site)), CancellationToken.None)).Images);

        Assert.Equal(("old.azurecr.io/app:1.4.1", "old.azurecr.io/app"), (image.Reference, image.Repository));
        Assert.Null(image.Digest);
        Assert.Null(image.Since);
    }

    [Fact]
    public async Task A_site_without_an_image_runs_none()
    {
        _azure.Sites[""] = "DOCKER|";

        Assert.Empty((await Sites.ReadAsync(Query(Deployment.AppService(FakeAppResourceManager.Site)), CancellationToken.None)).Images);
    }

    [Fact]
    public async Task A_site_that_is_not_there_is_reported() => await FailAsync("GAN9014", () =>
        Sites.ReadAsync(Query(Deployment.AppService(FakeAppResourceManager.Site, "blue")), CancellationToken.None));

    [Fact]
    public async Task The_revisions_of_an_app_with_traffic_are_read_from_all_pages()
    {
        _azure.RevisionPages.Add([
            FakeAppResourceManager.Listed("contoso--1", "old.azurecr.io/app:1.4.0", weight: 0),
            FakeAppResourceManager.Listed("contoso--2", "old.azurecr.io/app:1.4.1", weight: 20, created: "2026-01-01T00:00:00Z"),
        ]);
        _azure.RevisionPages.Add([
            FakeAppResourceManager.Listed("contoso--3", Promoted, weight: 80),
            FakeAppResourceManager.Listed("contoso--4", "old.azurecr.io/app:1.4.3", weight: 0, active: false),
        ]);

        var reading = await Apps.ReadAsync(
            Query(Deployment.ContainerApp(FakeAppResourceManager.App, "web")), CancellationToken.None);

        Assert.Equal(
            [
                ("old.azurecr.io/app:1.4.1", "revision contoso--2", new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)),
                (Promoted, "revision contoso--3", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)),
            ],
            reading.Images.Select(image => (image.Reference, image.Part!, image.Since!.Value)));
        Assert.Null(reading.Unsettled);
        Assert.Empty(_azure.Changes);
    }

    [Fact]
    public async Task All_active_revisions_of_an_app_without_traffic_are_read()
    {
        _azure.RevisionPages.Add([
            FakeAppResourceManager.Listed("contoso--1", Promoted, weight: null),
            FakeAppResourceManager.Listed("contoso--2", "old.azurecr.io/app:1.4.1", weight: null, active: false),
        ]);

        var reading = await Apps.ReadAsync(
            Query(Deployment.ContainerApp(FakeAppResourceManager.App, "web")), CancellationToken.None);

        Assert.Equal([Promoted], reading.Images.Select(image => image.Reference));
    }

    [Theory]
    [InlineData("InProgress", "a change is in progress", false)]
    [InlineData("Failed", "the app's provisioning state is Failed", true)]
    public async Task A_change_that_has_not_come_to_its_end_is_reported(string state, string told, bool hasFailed)
    {
        _azure.ContainerApp["properties"]!["provisioningState"] = state;

        var reading = await Apps.ReadAsync(
            Query(Deployment.ContainerApp(FakeAppResourceManager.App, "web")), CancellationToken.None);

        Assert.Equal((told, hasFailed), (reading.Unsettled, reading.HasFailed));
    }

    [Fact]
    public Task A_container_that_is_not_named_is_reported() => FailAsync("GAN9072", () =>
        Apps.ReadAsync(Query(Deployment.ContainerApp(FakeAppResourceManager.App)), CancellationToken.None));

    [Fact]
    public async Task A_list_of_revisions_without_an_end_is_reported()
    {
        for (var page = 0; page < 30; page++)
            _azure.RevisionPages.Add([FakeAppResourceManager.Listed($"contoso--{page}", Promoted, weight: 0)]);

        await FailAsync("GAN9078", () =>
            Apps.ReadAsync(Query(Deployment.ContainerApp(FakeAppResourceManager.App, "web")), CancellationToken.None));
    }

    private static HostQuery Query(Deployment deployment)
    {
        var order = Order(deployment);
        return new HostQuery(deployment, order.Target, order.Image.Name);
    }
}
