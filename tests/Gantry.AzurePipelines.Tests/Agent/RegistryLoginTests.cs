using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Tests.Fixtures;
using Gantry.Environments;
using Gantry.PipelineAgent;
using Gantry.Registries;

namespace Gantry.AzurePipelines.Tests.Agent;

/// <summary>What the generated logins leave for the call of the build, run like by an agent.</summary>
public class RegistryLoginTests
{
    // Copies what the build would read to a place that outlives the job.
    private const string Save = """
        mkdir -p "$STORY_FOLDER/seen"
        cp "$DOCKER_CONFIG/config.json" "$STORY_FOLDER/seen/$SYSTEM_STAGENAME.json"
        """;

    private static readonly PromotionEnvironment Dev = new("dev");
    private static readonly PipelineDeclaration Declared = new PipelineDeclaration
    {
        Images = [new("app")],
        Environments = [new(Dev), new(new PromotionEnvironment("test") { After = Dev })],
        Tools = new() { InstallSdk = false, NuGetCacheKeys = [] },
    }
        .WithRegistry("BaseRegistry", found => found with { Login = RegistryLogin.Docker("base") })
        .WithRegistry("DevRegistry", dev => dev with
        {
            Login = RegistryLogin.Docker("harbor"),
            ReadLogin = RegistryLogin.Docker("reader"),
        });

    private static readonly Dictionary<string, RegistryConnection> Connections = new()
    {
        ["base"] = new("https://index.docker.io/v1/", "hub", "hub-token"),
        ["harbor"] = new("https://harbor.contoso.com", "robot$dev", "pushes"),
        ["reader"] = new("https://harbor.contoso.com", "robot$reader", "reads"),
    };

    [Fact]
    public async Task The_build_finds_the_credentials_of_its_job_and_none_of_another()
    {
        using var fixture = await PipelineFixture.CreateAsync(Declared
            .WithStage("PromoteDev", dev => dev with { StepsBefore = [Step.Script(Save)] })
            .WithStage("PromoteTest", test => test with { StepsBefore = [Step.Script(Save)], StepsAfter = [Step.Script("exit 1")] }));
        fixture.RegistryConnections = Connections;

        var run = await fixture.RunAsync(new RunRequest());

        Assert.Equal("Build=Succeeded Publish=Succeeded PromoteDev=Succeeded PromoteTest=Failed", run.ToString());
        var dev = new DockerConfigCredentials(fixture.Seen("PromoteDev.json"));
        Assert.Equal(new PasswordCredential("hub", "hub-token"), await dev.FindAsync("docker.io", default));
        Assert.Equal(new PasswordCredential("robot$dev", "pushes"), await dev.FindAsync("harbor.contoso.com", default));
        var test = new DockerConfigCredentials(fixture.Seen("PromoteTest.json"));
        Assert.Equal(new PasswordCredential("robot$reader", "reads"), await test.FindAsync("harbor.contoso.com", default));

        // The logout ran after the failure, too.
        Assert.Empty(fixture.FilesCalled("config.json"));
        Assert.DoesNotContain(fixture.Log, line => line.Contains("pushes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_password_reaches_the_call_of_the_build()
    {
        using var fixture = await PipelineFixture.CreateAsync(
            (Declared with
            {
                Commands = new()
                {
                    Script = "echo \"login ${DevRegistryUser-none} ${DevRegistryPassword:+with}\" >> $STORY_FILE; ./build.sh",
                },
            })
            .WithRegistry("BaseRegistry", found => found with { Login = null })
            .WithRegistry("DevRegistry", dev => dev with { Login = RegistryLogin.Password("robot$dev", "HarborToken"), ReadLogin = null }));
        fixture.Secrets["HarborToken"] = "very-secret";

        await fixture.RunAsync(new RunRequest());

        Assert.Equal(
            ["login none ", "login none ", "login none ", "login robot$dev with", "login robot$dev with"],
            fixture.BuildCalls.Where(line => line.StartsWith("login", StringComparison.Ordinal)));
        Assert.DoesNotContain(fixture.Log, line => line.Contains("very-secret", StringComparison.Ordinal));
    }
}
