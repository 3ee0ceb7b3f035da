using Gantry.Oci;

namespace Gantry.Tests.Oci;

public sealed class AcrHostTests
{
    [Theory]
    [InlineData("contoso.azurecr.io", "contoso", "azurecr.io")]
    [InlineData("contoso.azurecr.cn", "contoso", "azurecr.cn")]
    [InlineData("contoso.azurecr.us", "contoso", "azurecr.us")]
    [InlineData("Contoso.AzureCR.io:443", "Contoso", "azurecr.io")]
    [InlineData("azurecr.io", null, null)]
    [InlineData(".azurecr.io", null, null)]
    [InlineData("contosoazurecr.io", null, null)]
    [InlineData("contoso.azurecr.io.example.com", null, null)]
    [InlineData("contoso.azurecr.de", null, null)]
    [InlineData("localhost:5000", null, null)]
    public void Registries_are_recognized_in_all_clouds(string host, string? name, string? domain) =>
        Assert.Equal((name, domain), (AcrHost.FindName(host), AcrHost.FindDomain(host)));
}
