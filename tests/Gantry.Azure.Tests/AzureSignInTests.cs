using Azure.Identity;

namespace Gantry.Azure.Tests;

public sealed class AzureSignInTests
{
    private static readonly Dictionary<string, string> Task = new()
    {
        ["AZURESUBSCRIPTION_TENANT_ID"] = "72f988bf-0000-0000-0000-2d7cd011db47",
        ["AZURESUBSCRIPTION_CLIENT_ID"] = "11111111-0000-0000-0000-000000000000",
        ["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"] = "22222222-0000-0000-0000-000000000000",
        ["SYSTEM_ACCESSTOKEN"] = "not a token",
        ["SYSTEM_OIDCREQUESTURI"] = "https://dev.azure.example/oidctoken",
    };

    [Fact]
    public void Inside_of_a_task_its_service_connection_signs_in() =>
        Assert.IsType<AzurePipelinesCredential>(AzureSignIn.PipelineTask(Task.GetValueOrDefault));

    [Theory]
    [InlineData("AZURESUBSCRIPTION_TENANT_ID")]
    [InlineData("AZURESUBSCRIPTION_CLIENT_ID")]
    [InlineData("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID")]
    [InlineData("SYSTEM_ACCESSTOKEN")]
    [InlineData("SYSTEM_OIDCREQUESTURI")]
    public void Without_one_of_the_variables_it_does_not(string missing) =>
        Assert.Null(AzureSignIn.PipelineTask(name => name == missing ? "" : Task.GetValueOrDefault(name)));

    [Fact]
    public void The_chain_can_be_made_without_asking_anybody()
    {
        Assert.IsType<ChainedTokenCredential>(AzureSignIn.Find(Task.GetValueOrDefault));
        Assert.IsType<ChainedTokenCredential>(AzureSignIn.Find());
    }
}
