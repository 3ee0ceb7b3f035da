using Gantry.Azure.SignIn;
using Gantry.Environments;
using Gantry.Nuke.Environments;

namespace Gantry.Nuke.Tests.Environments;

public sealed class AzureParametersTests
{
    private const string Client = "11111111-0000-0000-0000-000000000001";
    private const string Tenant = "72f988bf-0000-0000-0000-2d7cd011db47";
    private static readonly PromotionEnvironment Prod = new("prod")
    {
        Regions = ["west-europe", "east-us"],
        Identity = new AzureIdentity { ClientId = Client, TenantId = Tenant },
    };

    [Fact]
    public void Every_environment_and_the_base_registry_have_their_own_parameters() =>
        Assert.Equal(
            [
                "BaseAzureClientId", "BaseAzureTenantId", "BaseAzureServiceConnectionId", "BaseAzureCloud", "BaseRegistryId",
                "ProdAzureClientId", "ProdAzureTenantId", "ProdAzureServiceConnectionId", "ProdAzureCloud", "ProdWestEuropeRegistryId",
                "ProdEastUsRegistryId",
            ],
            AzureParameters.Names([Prod]));

    [Fact]
    public void Without_parameters_the_declared_identity_is_used() =>
        Assert.Equal(Prod.Identity, AzureParameters.ReadIdentity(Prod, _ => null));

    [Fact]
    public void Without_a_declaration_the_default_sign_in_is_used()
    {
        Assert.Null(AzureParameters.ReadIdentity(null, _ => null));
        Assert.Null(AzureParameters.ReadIdentity(new PromotionEnvironment("dev"), _ => null));
    }

    [Fact]
    public void Each_parameter_overrides_one_part_of_the_declaration()
    {
        var values = new Dictionary<string, string> { ["ProdAzureTenantId"] = "contoso.example", ["ProdAzureCloud"] = "azureusgovernment" };

        var identity = AzureParameters.ReadIdentity(Prod, values.GetValueOrDefault);

        Assert.Equal(new AzureIdentity { ClientId = Client, TenantId = "contoso.example", Cloud = AzureCloud.USGovernment }, identity);
    }

    [Theory]
    [InlineData("BaseAzureClientId", "web", "GAN9010")]
    [InlineData("BaseAzureCloud", "AzureMoon", "GAN9009")]
    public void An_invalid_value_is_refused(string parameter, string value, string code)
    {
        var error = Assert.Throws<GantryException>(() => AzureParameters.ReadIdentity(null, name => name == parameter ? value : null));

        Assert.Equal(code, error.Code);
    }
}
