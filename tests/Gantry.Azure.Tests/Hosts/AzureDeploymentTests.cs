using Gantry.Environments;

namespace Gantry.Azure.Tests.Hosts;

/// <summary>Declarations of deployments to Azure.</summary>
public sealed class AzureDeploymentTests
{
    private const string Group = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/contoso-rg";
    private const string Site = Group + "/providers/Microsoft.Web/sites/contoso-prod";
    private const string App = Group + "/providers/Microsoft.App/containerApps/contoso";

    public static TheoryData<string, Deployment> Valid => new()
    {
        { "App Service contoso-prod", Deployment.AppService(Site) },
        { "App Service contoso-prod, slot staging", Deployment.AppService(Site, "staging") },
        { "Container App contoso, container web", Deployment.ContainerApp(App, "web") },
    };

    [Theory]
    [MemberData(nameof(Valid))]
    public void A_deployment_is_described_by_its_name(string description, Deployment deployment)
    {
        EnvironmentSet.Create([new("prod") { Deployments = [deployment] }]);

        Assert.Equal(description, deployment.Description);
    }

    public static TheoryData<string, Deployment> Invalid => new()
    {
        { "the id of something else", Deployment.AppService(App) },
        { "an id that is cut off", Deployment.AppService(Group) },
        { "an id with a slash behind it", Deployment.AppService(Site + "/") },
        { "a name for an id", Deployment.ContainerApp("contoso") },
        { "a way out of an id", Deployment.AppService(Site + "/../other") },
        { "a way up for a name", Deployment.AppService(Group + "/providers/Microsoft.Web/sites/..") },
        { "a slot that is none", Deployment.AppService(Site, "a/b") },
        { "a container without a name", Deployment.ContainerApp(App, "") },
        { "no time for a revision", Deployment.ContainerApp(App) with { Timeout = TimeSpan.Zero } },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void An_invalid_deployment_is_refused(string fault, Deployment deployment)
    {
        var error = Assert.Throws<GantryException>(() => EnvironmentSet.Create([new("prod") { Deployments = [deployment] }]));

        Assert.True(error.Code == "GAN4070", $"{fault}: {error.Message}");
    }
}
