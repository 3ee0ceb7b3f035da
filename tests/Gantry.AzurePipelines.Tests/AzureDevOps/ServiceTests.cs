using System.Net;
using System.Text;
using Gantry.AzurePipelines.Provisioning;
using Gantry.AzurePipelines.Service;
using Gantry.Environments;
using Gantry.Testing.Faults;
using Microsoft.AspNetCore.Http;

namespace Gantry.AzurePipelines.Tests.AzureDevOps;

/// <summary>What the service can answer otherwise than one would like.</summary>
public class ServiceTests
{
    private const string SignIn = "<html><body>Sign in to your account</body></html>";

    // Status, type, further header, body; the code, and how often it is asked.
    public static TheoryData<string, int, string, string, string, string, int> Answers => new()
    {
        { "bad token", 401, "application/json", "", """{"message":"TF400813: not authorized","typeKey":"UnauthorizedException"}""", "GAN9043", 1 },
        { "led to sign in", 302, "text/html", "Location: https://spsprodweu1.vssps.visualstudio.com/_signin?realm=dev.azure.com", SignIn, "GAN9043", 1 },
        { "page instead of an answer", 203, "text/html", "", SignIn, "GAN9043", 1 },
        { "page of a proxy", 200, "text/html", "", SignIn, "GAN9048", 1 },
        { "redirect to elsewhere", 302, "text/html", "Location: https://example.com/", "", "GAN9048", 1 },
        { "no right", 403, "application/json", "", """{"message":"Access denied. Somebody needs View permissions to perform the action.","typeKey":"AccessDeniedException"}""", "GAN9044", 1 },
        { "no right, as some say it", 400, "application/json", "", """{"message":"The resource doesn't exist or the user doesn't have admin permission for all resources of that type."}""", "GAN9044", 1 },
        { "no project", 404, "application/json", "", """{"message":"TF200016: The following project does not exist: Shop.","typeKey":"ProjectDoesNotExistWithNameException"}""", "GAN9045", 1 },
        { "no organization", 404, "text/html", "", "<html>404</html>", "GAN9045", 1 },
        { "not there", 404, "application/json", "", """{"message":"Environment 7 not found","typeKey":"EnvironmentNotFoundException"}""", "GAN9045", 1 },
        { "exists", 409, "application/json", "", """{"message":"exists","typeKey":"EnvironmentExistsException"}""", "GAN9057", 1 },
        { "too many", 429, "text/plain", "", "slow down", "GAN9046", 6 },
        { "too many for now", 503, "text/plain", "Retry-After: 2", "slow down", "GAN9046", 6 },
        { "too many for an hour", 429, "text/plain", "Retry-After: 3600", "slow down", "GAN9046", 1 },
        { "broken", 500, "text/html", "", "<html>TF10158</html>", "GAN9048", 6 },
        { "broken gateway", 502, "text/html", "", "", "GAN9048", 6 },
        { "refuses", 400, "application/json", "", """{"message":"Value cannot be null.","typeKey":"InvalidArgumentValueException"}""", "GAN9049", 1 },
        { "fails with a reason", 500, "application/json", "", """{"message":"no","typeKey":"SomeException"}""", "GAN9049", 1 },
        { "no list", 200, "application/json", "", """{"count":0}""", "GAN9048", 1 },
        { "other JSON", 200, "application/json", "", """{"value":[{"id":"x"}]}""", "GAN9048", 1 },
        { "null in a list", 200, "application/json", "", """{"value":[{"id":1,"name":null}]}""", "GAN9048", 1 },
        { "half of it", 200, "application/json", "", """{"value":[{""", "GAN9048", 1 },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_answer_is_tried_again_or_one_sentence(string name, int status, string type, string header, string body, string code, int times)
    {
        Assert.NotEmpty(name);
        await using var scene = await Scene.StartAsync();
        scene.Service.Interrupt = async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            if (header.Split(": ") is [var key, var value])
                context.Response.Headers[key] = value;
            await context.Response.WriteAsync(body);
            return true;
        };

        var error = await Assert.ThrowsAsync<GantryException>(() => scene.PlanAsync(Scene.Declare()));

        Assert.Equal(code, error.Code);
        Assert.Equal(times, scene.Service.Requests.Count);
        Assert.DoesNotContain(scene.Service.Token, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("api-version", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("realm=", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429, "Retry-After: 7")]
    [InlineData(503, "Retry-After: 7")]
    [InlineData(500, "")]
    public async Task What_passes_is_waited_for(int status, string header)
    {
        var declaration = Samples.Contoso;
        await using var scene = await Scene.StartAsync(declaration);
        var asked = new HashSet<string>();
        scene.Service.Interrupt = context =>
        {
            // Every request that may be repeated fails once.
            if (context.Request.Method == "POST" && status == 500)
                return Task.FromResult(false);
            if (!asked.Add($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}"))
                return Task.FromResult(false);
            context.Response.StatusCode = status;
            if (header.Split(": ") is [var key, var value])
                context.Response.Headers[key] = value;
            return Task.FromResult(true);
        };

        await scene.ProvisionAsync(declaration);

        scene.Service.Interrupt = null;
        Assert.True((await scene.PlanAsync(declaration)).ChangesNothing);
        if (header.Length > 0)
            Assert.Contains(TimeSpan.FromSeconds(7), scene.Time.Pauses);
    }

    [Fact]
    public async Task A_pause_that_is_asked_for_with_success_is_kept_too()
    {
        await using var scene = await Scene.StartAsync();
        scene.Service.Interrupt = context =>
        {
            context.Response.Headers["Retry-After"] = "11";
            return Task.FromResult(false);
        };

        await scene.PlanAsync(Scene.Declare());

        Assert.Contains(TimeSpan.FromSeconds(11), scene.Time.Pauses);
    }

    [Fact]
    public async Task What_creates_something_is_not_sent_again_when_nobody_knows_whether_it_did()
    {
        await using var scene = await Scene.StartAsync(Scene.Declare());
        var plan = await scene.PlanAsync(Scene.Declare());
        scene.Service.Interrupt = async context =>
        {
            if (context.Request.Method != "POST")
                return false;
            await Task.Yield();
            context.Abort();
            return true;
        };

        var error = await Assert.ThrowsAsync<GantryException>(() => scene.ApplyAsync(plan));

        Assert.Equal("GAN9047", error.Code);
        Assert.Single(scene.Service.Requests, request => request.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_created_although_the_answer_was_lost_is_found_by_the_next_run()
    {
        var declaration = Scene.Declare(Gate.Approval(@"[Contoso]\A"));
        await using var scene = await Scene.StartAsync(declaration);
        var plan = await scene.PlanAsync(declaration);
        scene.Project.AddEnvironment("other");
        scene.Service.Interrupt = context =>
        {
            if (context.Request.Method != "POST")
                return Task.FromResult(false);
            scene.Project.AddEnvironment("prod");
            context.Abort();
            return Task.FromResult(true);
        };
        await Assert.ThrowsAsync<GantryException>(() => scene.ApplyAsync(plan));
        scene.Service.Interrupt = null;

        await scene.ProvisionAsync(declaration);

        Assert.Single(scene.Project.Environments, environment => environment.Name == "prod");
        Assert.Single(scene.Project.Environment("prod").Checks);
    }

    [Fact]
    public async Task Nobody_who_listens_is_an_address_that_cannot_be_reached()
    {
        await using var scene = await Scene.StartAsync();
        using var client = new AzureDevOpsClient(AzureDevOpsProject.Parse("http://127.0.0.1:9/contoso", "Shop"), new AzureDevOpsToken("secret-token", "it"), scene.Time) { RequestTimeout = ImpatientTime.Limit };

        var error = await Assert.ThrowsAsync<GantryException>(() => client.ListEnvironmentsAsync(default));

        Assert.Equal("GAN9047", error.Code);
        Assert.DoesNotContain("secret-token", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_is_no_error_of_the_service()
    {
        await using var scene = await Scene.StartAsync();
        using var interrupted = new CancellationTokenSource();
        scene.Service.Interrupt = async context =>
        {
            await interrupted.CancelAsync();
            return false;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.Client.ListEnvironmentsAsync(interrupted.Token));
    }

    [Theory]
    [InlineData("create the environment 'prod'", "the role Creator of the project's environments", "POST", "/distributedtask/environments")]
    [InlineData("change the checks of the environment 'prod'", "the role Administrator of the environment 'prod'", "POST", "/checks/configurations")]
    [InlineData("let a pipeline use the environment 'prod'", "the role Administrator of the environment 'prod'", "PATCH", "/pipelinepermissions/environment")]
    [InlineData("read which pipelines may use the service connection 'contoso-prod'", "the role Administrator of the service connection 'contoso-prod'", "GET", "/pipelinepermissions/endpoint")]
    [InlineData("look up users and groups", "access to the organization", "GET", "/identities")]
    public async Task Who_may_not_is_told_the_exact_right(string action, string right, string method, string path)
    {
        var prod = Samples.Contoso.Environments[2];
        var declaration = Scene.Declare() with { Environments = [prod with { Environment = new("prod") { Gates = [Gate.Approval("owner@contoso.com")] } }] };
        await using var scene = await Scene.StartAsync(declaration);
        scene.Service.Interrupt = async context =>
        {
            if (context.Request.Method != method || !context.Request.Path.Value!.Contains(path, StringComparison.Ordinal))
                return false;
            context.Response.StatusCode = 403;
            await context.Response.WriteAsJsonAsync(new { message = "Access denied. Build Service needs more.", typeKey = "AccessDeniedException" });
            return true;
        };

        var error = await Assert.ThrowsAsync<GantryException>(() => scene.ProvisionAsync(declaration));

        Assert.Equal("GAN9044", error.Code);
        Assert.Contains($"the token of the test may not {action}: Access denied. Build Service needs more", error.Problem, StringComparison.Ordinal);
        Assert.Contains(right, error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_pages_are_read_and_no_page_twice()
    {
        await using var scene = await Scene.StartAsync();
        scene.Service.PageSize = 3;
        for (var i = 0; i < 10; i++)
            scene.Project.AddEnvironment($"environment {i}");

        Assert.Equal(10, (await scene.Client.ListEnvironmentsAsync(default)).Count);
        Assert.Equal(4, scene.Service.Requests.Count);

        scene.Service.Interrupt = async context =>
        {
            context.Response.Headers["x-ms-continuationtoken"] = "again";
            await context.Response.WriteAsJsonAsync(new { value = Array.Empty<object>() });
            return true;
        };
        Assert.Equal("GAN9048", (await Assert.ThrowsAsync<GantryException>(() => scene.Client.ListEnvironmentsAsync(default))).Code);
    }

    [Fact]
    public async Task Environments_with_names_that_addresses_do_not_have_are_asked_for_right()
    {
        var declaration = Scene.Declare(Gate.Approval("zoë+ops&co@contoso.com"));
        declaration = declaration with { Environments = [declaration.Environments[0] with { AzureEnvironment = "Prod & Co/1 ü" }] };
        await using var scene = await Scene.StartAsync(declaration);

        await scene.ProvisionAsync(declaration);

        Assert.Equal("Prod & Co/1 ü", Assert.Single(scene.Project.Environments).Name);
    }

    [Fact]
    public async Task Users_of_the_service_are_asked_for_at_their_own_host()
    {
        var hosts = new List<string>();
        using var handler = new Recorder(hosts);
        using var client = new AzureDevOpsClient(AzureDevOpsProject.Parse("contoso", "My Shop"), new AzureDevOpsToken("x", "it"), TimeProvider.System, handler);

        await client.FindIdentitiesAsync("a", default);
        await client.ListEnvironmentsAsync(default);

        Assert.Equal(
            ["https://vssps.dev.azure.com/contoso/_apis/identities", "https://dev.azure.com/contoso/My%20Shop/_apis/distributedtask/environments"], hosts);
    }

    [Fact]
    public async Task Who_never_answers_is_told_so()
    {
        await using var scene = await Scene.StartAsync();
        using var handler = new Silence();
        using var client = new AzureDevOpsClient(AzureDevOpsProject.Parse("contoso", "Shop"), new AzureDevOpsToken("x", "it"), scene.Time, handler) { RequestTimeout = ImpatientTime.Limit };

        var error = await Assert.ThrowsAsync<GantryException>(() => client.ListEnvironmentsAsync(default));

        Assert.Equal("GAN9047", error.Code);
        Assert.Contains("dev.azure.com cannot be reached: it does not answer", error.Problem, StringComparison.Ordinal);
        Assert.Equal(6, handler.Asked);
    }

    // As the library reports it when its time limit is up.
    private sealed class Silence : HttpMessageHandler
    {
        public int Asked { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked++;
            throw new TaskCanceledException("", new TimeoutException());
        }
    }

    private sealed class Recorder(List<string> hosts) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            hosts.Add(request.RequestUri!.GetLeftPart(UriPartial.Path));
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("""{"value":[]}""", Encoding.UTF8, "application/json") });
        }
    }
}
