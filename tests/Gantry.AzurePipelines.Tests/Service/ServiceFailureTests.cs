using System.Net;
using System.Text;
using Gantry.AzurePipelines.Provisioning;
using Gantry.AzurePipelines.Service;
using Gantry.AzurePipelines.Tests.Fixtures;
using Gantry.Environments;
using Gantry.Testing.Faults;
using Microsoft.AspNetCore.Http;

namespace Gantry.AzurePipelines.Tests.Service;

/// <summary>Failures and unexpected answers of the service.</summary>
public class ServiceFailureTests
{
    private const string SignIn = "<html><body>Sign in to your account</body></html>";

    // Status, type, additional header, body; the code, and the number of requests.
    public static TheoryData<string, int, string, string, string, string, int> Answers => new()
    {
        {
            "bad token",
            401, "application/json", "", """{"message":"TF400813: not authorized","typeKey":"UnauthorizedException"}""", "GAN9043", 1
        },
        {
            "led to sign in",
            302, "text/html", "Location: https://spsprodweu1.vssps.visualstudio.com/_signin?realm=dev.azure.com", SignIn, "GAN9043", 1
        },
        { "page instead of an answer", 203, "text/html", "", SignIn, "GAN9043", 1 },
        { "page of a proxy", 200, "text/html", "", SignIn, "GAN9048", 1 },
        { "redirect to elsewhere", 302, "text/html", "Location: https://example.com/", "", "GAN9048", 1 },
        {
            "no right", 403, "application/json", "",
            """{"message":"Access denied. Somebody needs View permissions to perform the action.","typeKey":"AccessDeniedException"}""",
            "GAN9044", 1
        },
        {
            "no right, as some say it", 400, "application/json", "",
            """{"message":"The resource doesn't exist or the user doesn't have admin permission for all resources of that type."}""",
            "GAN9044", 1
        },
        {
            "no project", 404, "application/json", "",
            """{"message":"TF200016: The following project does not exist: Shop.","typeKey":"ProjectDoesNotExistWithNameException"}""",
            "GAN9045", 1
        },
        { "no organization", 404, "text/html", "", "<html>404</html>", "GAN9045", 1 },
        {
            "not there",
            404, "application/json", "", """{"message":"Environment 7 not found","typeKey":"EnvironmentNotFoundException"}""", "GAN9045", 1
        },
        { "exists", 409, "application/json", "", """{"message":"exists","typeKey":"EnvironmentExistsException"}""", "GAN9057", 1 },
        { "too many", 429, "text/plain", "", "slow down", "GAN9046", 6 },
        { "too many for now", 503, "text/plain", "Retry-After: 2", "slow down", "GAN9046", 6 },
        { "too many for an hour", 429, "text/plain", "Retry-After: 3600", "slow down", "GAN9046", 1 },
        { "broken", 500, "text/html", "", "<html>TF10158</html>", "GAN9048", 6 },
        { "broken gateway", 502, "text/html", "", "", "GAN9048", 6 },
        {
            "refuses",
            400, "application/json", "", """{"message":"Value cannot be null.","typeKey":"InvalidArgumentValueException"}""", "GAN9049", 1
        },
        { "fails with a reason", 500, "application/json", "", """{"message":"no","typeKey":"SomeException"}""", "GAN9049", 1 },
        { "no list", 200, "application/json", "", """{"count":0}""", "GAN9048", 1 },
        { "other JSON", 200, "application/json", "", """{"value":[{"id":"x"}]}""", "GAN9048", 1 },
        { "null in a list", 200, "application/json", "", """{"value":[{"id":1,"name":null}]}""", "GAN9048", 1 },
        { "half of it", 200, "application/json", "", """{"value":[{""", "GAN9048", 1 },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task A_failed_answer_is_retried_or_one_sentence(
        string name, int status, string type, string header, string body, string code, int times)
    {
        Assert.NotEmpty(name);
        await using var fixture = await AzureDevOpsFixture.StartAsync();
        fixture.Service.Intercept = async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            if (header.Split(": ") is [var key, var value])
                context.Response.Headers[key] = value;
            await context.Response.WriteAsync(body);
            return true;
        };

        var error = await Assert.ThrowsAsync<GantryException>(() => fixture.PlanAsync(AzureDevOpsFixture.Declare()));

        Assert.Equal(code, error.Code);
        Assert.Equal(times, fixture.Service.Requests.Count);
        Assert.DoesNotContain(fixture.Service.Token, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("api-version", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("realm=", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429, "Retry-After: 7")]
    [InlineData(503, "Retry-After: 7")]
    [InlineData(500, "")]
    public async Task Transient_failures_are_retried(int status, string header)
    {
        var declaration = SampleDeclarations.Contoso;
        await using var fixture = await AzureDevOpsFixture.StartAsync(declaration);
        var asked = new HashSet<string>();
        fixture.Service.Intercept = context =>
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

        await fixture.ProvisionAsync(declaration);

        fixture.Service.Intercept = null;
        Assert.True((await fixture.PlanAsync(declaration)).ChangesNothing);
        if (header.Length > 0)
            Assert.Contains(TimeSpan.FromSeconds(7), fixture.Time.Pauses);
    }

    [Fact]
    public async Task A_pause_requested_by_a_successful_answer_is_observed()
    {
        await using var fixture = await AzureDevOpsFixture.StartAsync();
        fixture.Service.Intercept = context =>
        {
            context.Response.Headers["Retry-After"] = "11";
            return Task.FromResult(false);
        };

        await fixture.PlanAsync(AzureDevOpsFixture.Declare());

        Assert.Contains(TimeSpan.FromSeconds(11), fixture.Time.Pauses);
    }

    [Fact]
    public async Task A_creating_request_with_an_unknown_outcome_is_not_repeated()
    {
        await using var fixture = await AzureDevOpsFixture.StartAsync(AzureDevOpsFixture.Declare());
        var plan = await fixture.PlanAsync(AzureDevOpsFixture.Declare());
        fixture.Service.Intercept = async context =>
        {
            if (context.Request.Method != "POST")
                return false;
            await Task.Yield();
            context.Abort();
            return true;
        };

        var error = await Assert.ThrowsAsync<GantryException>(() => fixture.ApplyAsync(plan));

        Assert.Equal("GAN9047", error.Code);
        Assert.Single(fixture.Service.Requests, request => request.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_resource_created_with_a_lost_answer_is_found_by_the_next_run()
    {
        var declaration = AzureDevOpsFixture.Declare(Gate.Approval(@"[Contoso]\A"));
        await using var fixture = await AzureDevOpsFixture.StartAsync(declaration);
        var plan = await fixture.PlanAsync(declaration);
        fixture.Project.AddEnvironment("other");
        fixture.Service.Intercept = context =>
        {
            if (context.Request.Method != "POST")
                return Task.FromResult(false);
            fixture.Project.AddEnvironment("prod");
            context.Abort();
            return Task.FromResult(true);
        };
        await Assert.ThrowsAsync<GantryException>(() => fixture.ApplyAsync(plan));
        fixture.Service.Intercept = null;

        await fixture.ProvisionAsync(declaration);

        Assert.Single(fixture.Project.Environments, environment => environment.Name == "prod");
        Assert.Single(fixture.Project.Environment("prod").Checks);
    }

    [Fact]
    public async Task A_refused_connection_is_reported()
    {
        await using var fixture = await AzureDevOpsFixture.StartAsync();
        using var client = new AzureDevOpsClient(
            AzureDevOpsProject.Parse("http://127.0.0.1:9/contoso", "Shop"),
            new AzureDevOpsToken("secret-token", "it"),
            fixture.Time)
        {
            RequestTimeout = AutoAdvancingTime.TimeLimit,
        };

        var error = await Assert.ThrowsAsync<GantryException>(() => client.ListEnvironmentsAsync(default));

        Assert.Equal("GAN9047", error.Code);
        Assert.DoesNotContain("secret-token", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancellation_is_not_reported_as_an_error_of_the_service()
    {
        await using var fixture = await AzureDevOpsFixture.StartAsync();
        using var interrupted = new CancellationTokenSource();
        fixture.Service.Intercept = async context =>
        {
            await interrupted.CancelAsync();
            return false;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fixture.Client.ListEnvironmentsAsync(interrupted.Token));
    }

    [Theory]
    [InlineData("create the environment 'prod'", "the role Creator of the project's environments", "POST", "/distributedtask/environments")]
    [InlineData(
        "change the checks of the environment 'prod'",
        "the role Administrator of the environment 'prod'",
        "POST",
        "/checks/configurations")]
    [InlineData(
        "let a pipeline use the environment 'prod'",
        "the role Administrator of the environment 'prod'",
        "PATCH",
        "/pipelinepermissions/environment")]
    [InlineData(
        "read which pipelines may use the service connection 'contoso-prod'",
        "the role Administrator of the service connection 'contoso-prod'",
        "GET",
        "/pipelinepermissions/endpoint")]
    [InlineData("look up users and groups", "access to the organization", "GET", "/identities")]
    public async Task A_missing_right_is_named(string action, string right, string method, string path)
    {
        var prod = SampleDeclarations.Contoso.Environments[2];
        var declaration = AzureDevOpsFixture.Declare() with
        {
            Environments = [prod with { Environment = new("prod") { Gates = [Gate.Approval("owner@contoso.com")] } }],
        };
        await using var fixture = await AzureDevOpsFixture.StartAsync(declaration);
        fixture.Service.Intercept = async context =>
        {
            if (context.Request.Method != method || !context.Request.Path.Value!.Contains(path, StringComparison.Ordinal))
                return false;
            context.Response.StatusCode = 403;
            await context.Response.WriteAsJsonAsync(
                new { message = "Access denied. Build Service needs more.", typeKey = "AccessDeniedException" });
            return true;
        };

        var error = await Assert.ThrowsAsync<GantryException>(() => fixture.ProvisionAsync(declaration));

        Assert.Equal("GAN9044", error.Code);
        Assert.Contains(
            $"the token of the test may not {action}: Access denied. Build Service needs more", error.Problem, StringComparison.Ordinal);
        Assert.Contains(right, error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_page_is_read_once()
    {
        await using var fixture = await AzureDevOpsFixture.StartAsync();
        fixture.Service.PageSize = 3;
        for (var i = 0; i < 10; i++)
            fixture.Project.AddEnvironment($"environment {i}");

        Assert.Equal(10, (await fixture.Client.ListEnvironmentsAsync(default)).Count);
        Assert.Equal(4, fixture.Service.Requests.Count);

        fixture.Service.Intercept = async context =>
        {
            context.Response.Headers["x-ms-continuationtoken"] = "again";
            await context.Response.WriteAsJsonAsync(new { value = Array.Empty<object>() });
            return true;
        };
        Assert.Equal("GAN9048", (await Assert.ThrowsAsync<GantryException>(() => fixture.Client.ListEnvironmentsAsync(default))).Code);
    }

    [Theory]
    [InlineData("""{"value":[]}""")]
    [InlineData("""{"value":[{"id":1,"name":"prod"}]}""")]
    public async Task A_list_whose_pages_repeat_under_new_tokens_ends(string page)
    {
        await using var fixture = await AzureDevOpsFixture.StartAsync();
        var pages = 0;
        fixture.Service.Intercept = async context =>
        {
            context.Response.Headers["x-ms-continuationtoken"] = $"{pages++}";
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(page);
            return true;
        };

        Assert.Equal("GAN9048", (await Assert.ThrowsAsync<GantryException>(() => fixture.Client.ListEnvironmentsAsync(default))).Code);
        Assert.Equal(2, pages);
    }

    [Theory]
    [InlineData("""{"value":[null]}""")]
    [InlineData("""{"value":[{"id":1,"name":null}]}""")]
    [InlineData("""{"value":null}""")]
    [InlineData("null")]
    public async Task Null_where_something_is_documented_is_an_error(string body)
    {
        await using var fixture = await AzureDevOpsFixture.StartAsync();
        fixture.Service.Intercept = async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(body);
            return true;
        };

        Assert.Equal("GAN9048", (await Assert.ThrowsAsync<GantryException>(() => fixture.Client.ListEnvironmentsAsync(default))).Code);
    }

    [Fact]
    public async Task Names_of_environments_are_escaped_in_addresses()
    {
        var declaration = AzureDevOpsFixture.Declare(Gate.Approval("zoë+ops&co@contoso.com"));
        declaration = declaration with { Environments = [declaration.Environments[0] with { AzureEnvironment = "Prod & Co #1 ü" }] };
        await using var fixture = await AzureDevOpsFixture.StartAsync(declaration);

        await fixture.ProvisionAsync(declaration);

        Assert.Equal("Prod & Co #1 ü", Assert.Single(fixture.Project.Environments).Name);
    }

    [Fact]
    public async Task Identities_are_requested_from_their_own_host()
    {
        var hosts = new List<string>();
        using var handler = new RecordingHandler(hosts);
        using var client = new AzureDevOpsClient(
            AzureDevOpsProject.Parse("contoso", "My Shop"), new AzureDevOpsToken("x", "it"), TimeProvider.System, handler);

        await client.FindIdentitiesAsync("a", default);
        await client.ListEnvironmentsAsync(default);

        Assert.Equal(
            [
                "https://vssps.dev.azure.com/contoso/_apis/identities",
                "https://dev.azure.com/contoso/My%20Shop/_apis/distributedtask/environments",
            ],
            hosts);
    }

    [Fact]
    public async Task A_service_that_never_answers_is_reported()
    {
        await using var fixture = await AzureDevOpsFixture.StartAsync();
        using var handler = new UnansweredHandler();
        using var client = new AzureDevOpsClient(
            AzureDevOpsProject.Parse("contoso", "Shop"), new AzureDevOpsToken("x", "it"), fixture.Time, handler)
        {
            RequestTimeout = AutoAdvancingTime.TimeLimit,
        };

        var error = await Assert.ThrowsAsync<GantryException>(() => client.ListEnvironmentsAsync(default));

        Assert.Equal("GAN9047", error.Code);
        Assert.Contains("dev.azure.com cannot be reached: it does not answer", error.Problem, StringComparison.Ordinal);
        Assert.Equal(6, handler.Asked);
    }

    // As the library reports an expired time limit.
    private sealed class UnansweredHandler : HttpMessageHandler
    {
        public int Asked { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked++;
            throw new TaskCanceledException("", new TimeoutException());
        }
    }

    private sealed class RecordingHandler(List<string> hosts) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            hosts.Add(request.RequestUri!.GetLeftPart(UriPartial.Path));
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent("""{"value":[]}""", Encoding.UTF8, "application/json"),
            });
        }
    }
}
