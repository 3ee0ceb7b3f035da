namespace Gantry.AzurePipelines.Tests;

public class AzureReposRepositoryTests
{
    [Theory]
    [InlineData("https://dev.azure.com/contoso/shop/_git/deploy", "dev.azure.com/contoso", "shop/deploy")]
    [InlineData("https://contoso@dev.azure.com/Contoso/My%20Shop/_git/My%20Deploy", "dev.azure.com/contoso", "My Shop/My Deploy")]
    [InlineData("https://dev.azure.com/contoso/_git/shop", "dev.azure.com/contoso", "shop/shop")]
    [InlineData("https://contoso.visualstudio.com/shop/_git/deploy", "dev.azure.com/contoso", "shop/deploy")]
    [InlineData("https://contoso.visualstudio.com/DefaultCollection/_git/shop", "dev.azure.com/contoso", "shop/shop")]
    [InlineData("https://tfs.contoso.com/tfs/Main/shop/_git/deploy", "tfs.contoso.com/tfs/main", "shop/deploy")]
    public void An_address_in_Azure_Repos_names_a_repository(string address, string organization, string name)
    {
        var found = AzureReposRepository.Find(address);
        Assert.Equal((organization, name), (found?.Organization, found?.FullName));
    }

    [Theory]
    [InlineData("https://github.com/contoso/deploy")]
    [InlineData("https://github.com/contoso/deploy.git")]
    [InlineData("git@ssh.dev.azure.com:v3/contoso/shop/deploy")]
    [InlineData("ssh://git@ssh.dev.azure.com/v3/contoso/shop/deploy")]
    [InlineData("https://dev.azure.com/contoso/shop/team/_git/deploy")]
    [InlineData("https://dev.azure.com/_git/deploy")]
    [InlineData("https://dev.azure.com/contoso/shop/_git")]
    [InlineData("file:///tmp/_git/deploy")]
    [InlineData("")]
    public void Another_address_names_none(string address) => Assert.Null(AzureReposRepository.Find(address));

    [Theory]
    [InlineData("https://dev.azure.com/Contoso/", "dev.azure.com/contoso")]
    [InlineData("https://contoso.visualstudio.com/", "dev.azure.com/contoso")]
    [InlineData("https://tfs.contoso.com/tfs/Main/", "tfs.contoso.com/tfs/main")]
    public void An_organization_has_one_name(string address, string expected) =>
        Assert.Equal(expected, AzureReposRepository.OrganizationOf(new(address)));
}
