using System.Net;
using Azure.Core;
using Gantry.Azure.ResourceManager;
using Gantry.Azure.SignIn;
using Gantry.Azure.Tests.Fakes;
using Gantry.Testing.Faults;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Azure.Tests.ResourceManager;

public sealed class ArmClientTests
{
    private const string Registry = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/contoso/providers/"
        + "Microsoft.ContainerRegistry/registries/contosoprod";
    private const string What = "trying something";
    private readonly FakeHttpHosts _hosts = new();
    private readonly WatchedTime _time = new();
    private readonly List<string[]> _scopes = [];

    [Fact]
    public async Task A_request_carries_the_version_the_body_and_a_token_for_this_cloud()
    {
        _hosts.Add("management.usgovcloudapi.net", request =>
        {
            Assert.Equal(HttpMethod.Post, request.Method);
            Assert.Equal(Registry + "/importImage", request.Path);
            Assert.Equal("2023-07-01", request.Query["api-version"]);
            Assert.Equal("Bearer for Azure", request.Header("Authorization"));
            Assert.Equal("application/json", request.Header("Content-Type"));
            Assert.Equal("""{"code":"a","message":"b"}""", request.Body);
            return FakeHttpHosts.Json(HttpStatusCode.OK, """{"error":{"code":"back"}}""");
        });

        var answer = await Client(AzureCloud.USGovernment).SendAsync(
            RequestMethod.Post,
            Registry + "/importImage",
            "2023-07-01",
            new ArmError { Code = "a", Message = "b" },
            ArmJson.Default.ArmError,
            ArmJson.Default.ArmErrorBody,
            What,
            default);

        Assert.Equal("back", answer.Error!.Code);
        Assert.Equal(["https://management.usgovcloudapi.net/.default"], Assert.Single(_scopes));
        _hosts.AssertNoViolation();
    }

    [Fact]
    public async Task A_missing_resource_is_null()
    {
        _hosts.Add(
            "management.azure.com",
            _ => FakeHttpHosts.Json(HttpStatusCode.NotFound, """{"error":{"code":"ResourceNotFound","message":"gone"}}"""));

        Assert.Null(await Client().FindAsync(Registry, "2023-07-01", ArmJson.Default.ArmErrorBody, What, default));
    }

    [Theory]
    [InlineData("Azure-AsyncOperation")]
    [InlineData("Location")]
    public async Task A_long_running_operation_is_polled_at_the_requested_interval(string header)
    {
        var asked = new Queue<HttpResponseMessage>(header == "Location"
            ? [Pending(header, "17"), Pending(header, null), new HttpResponseMessage(HttpStatusCode.NoContent)]
            : [Pending(null, "17", """{"status":"InProgress"}"""), Pending(null, null, """{"status":"Running"}"""), FakeHttpHosts.Json(
                HttpStatusCode.OK, """{"status":"Succeeded"}""")]);
        _hosts.Add("management.azure.com", request => request.Method == HttpMethod.Post ? Pending(header, "9") : asked.Dequeue());

        var running = RunAsync();

        foreach (var (seconds, requests) in (IEnumerable<(int, int)>)[(9, 2), (17, 3), (2, 4)])
        {
            await _time.WaitForPausesAsync(requests - 1);
            _time.Advance(TimeSpan.FromSeconds(seconds - 1));
            Assert.False(running.IsCompleted);
            Assert.Equal(requests - 1, _hosts.Requests.Count);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.True(await running);
        Assert.Empty(asked);
    }

    [Fact]
    public async Task The_operation_address_of_each_answer_is_followed()
    {
        const string operations = "https://management.azure.com/operations/";
        _hosts.Add("management.azure.com", request => request.Path switch
        {
            "/operations/1" => Pending("Azure-AsyncOperation", "0", """{"status":"InProgress"}""", operations + "2"),
            "/operations/2" => Pending("Azure-AsyncOperation", "0", """{"status":"Succeeded"}""", operations + "3"),
            _ => Pending("Azure-AsyncOperation", "0", address: operations + "1"),
        });

        var running = RunAsync();
        await AdvanceAsync(running);

        Assert.True(await running);
        Assert.Equal(
            ["/operations/1", "/operations/2"],
            _hosts.Requests.Skip(1).Select(request => request[request.IndexOf("/operations", StringComparison.Ordinal)..]));
    }

    [Theory]
    [InlineData("Location", HttpStatusCode.Forbidden)]
    [InlineData("Location", HttpStatusCode.NotFound)]
    [InlineData("Azure-AsyncOperation", HttpStatusCode.Forbidden)]
    [InlineData("Azure-AsyncOperation", HttpStatusCode.NotFound)]
    public async Task An_operation_that_may_not_be_polled_is_started_all_the_same(string header, HttpStatusCode status)
    {
        _hosts.Add("management.azure.com", request => request.Method == HttpMethod.Post
            ? Pending(header, "0")
            : FakeHttpHosts.Json(status, """{"error":{"code":"AuthorizationFailed","message":"no right on the subscription"}}"""));

        var running = RunAsync();
        await AdvanceAsync(running);

        Assert.False(await running);
        Assert.Equal(2, _hosts.Requests.Count);
    }

    [Fact]
    public async Task An_operation_without_an_address_is_not_polled()
    {
        _hosts.Add("management.azure.com", _ => Pending(null, null));

        Assert.False(await RunAsync());
        Assert.Single(_hosts.Requests);
    }

    [Fact]
    public async Task A_failed_operation_is_reported_with_the_reason()
    {
        _hosts.Add("management.azure.com", request => request.Method == HttpMethod.Post
            ? Pending("Azure-AsyncOperation", "0")
            : FakeHttpHosts.Json(
                HttpStatusCode.OK,
                """{"status":"Failed","error":{"code":"SourceUnreachable","message":"The source cannot be reached.\nMore."}}"""));

        var error = await FailsAsync(advance: true);

        Assert.Equal("GAN9017", error.Code);
        Assert.Contains("SourceUnreachable: The source cannot be reached", error.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("More", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://elsewhere.example/operations/1")]
    [InlineData("http://management.azure.com/operations/1")]
    [InlineData("https://management.azure.com.elsewhere.example/operations/1")]
    public async Task A_token_does_not_go_to_another_host(string address)
    {
        _hosts.Add("management.azure.com", _ => Pending("Location", "0", address: address));
        _hosts.Add("elsewhere.example", _ => throw new InvalidOperationException());

        Assert.Equal("GAN9016", (await FailsAsync(advance: true)).Code);
        Assert.Single(_hosts.Requests);
    }

    [Fact]
    public async Task An_operation_that_never_ends_times_out()
    {
        _hosts.Add("management.azure.com", _ => Pending("Location", "3600"));

        Assert.Equal("GAN9018", (await FailsAsync(advance: true)).Code);
    }

    [Theory]
    [InlineData(
        "The client '1' with object id '2' does not have authorization to perform action "
            + "'Microsoft.ContainerRegistry/registries/importImage/action' over scope '/subscriptions/3' or the scope is invalid.",
        "Microsoft.ContainerRegistry/registries/importImage/action",
        "/subscriptions/3",
        "Container Registry Data Importer and Data Reader")]
    [InlineData(
        "The client '1' with object id '2' has permission to perform action "
            + "'Microsoft.ContainerRegistry/registries/importImage/action' on scope '/target'; "
            + "however, it does not have permission to perform action(s) 'Microsoft.ContainerRegistry/registries/pull/read' on the "
            + "linked scope(s) '/source' (respectively) or the linked scope(s) are invalid.",
        "Microsoft.ContainerRegistry/registries/pull/read", "/source", "AcrPull")]
    public async Task A_missing_right_is_named_with_the_role_that_grants_it(string message, string action, string scope, string role)
    {
        Answer(HttpStatusCode.Forbidden, "AuthorizationFailed", message);

        var error = await FailsAsync();

        Assert.Equal("GAN9013", error.Code);
        Assert.Contains($"lacks the right {action} on {scope},", error.Problem, StringComparison.Ordinal);
        Assert.Contains(role, error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, "GAN9013")]
    [InlineData(HttpStatusCode.Unauthorized, "GAN9012")]
    [InlineData(HttpStatusCode.NotFound, "GAN9014")]
    [InlineData(HttpStatusCode.Conflict, "GAN9075")]
    [InlineData(HttpStatusCode.BadRequest, "GAN9016")]
    public async Task A_refusal_is_reported_with_the_message_of_Azure(HttpStatusCode status, string code)
    {
        Answer(status, "TheCode", "The message.");

        var error = await FailsAsync();

        Assert.Equal(code, error.Code);
        Assert.Contains("TheCode: The message", error.Problem, StringComparison.Ordinal);
        Assert.Contains(What, error.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("for Azure", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_busy_service_is_retried_a_limited_number_of_times()
    {
        _hosts.Add("management.azure.com", _ =>
        {
            var response = FakeHttpHosts.Json(
                HttpStatusCode.TooManyRequests, """{"error":{"code":"TooManyRequests","message":"slow down"}}""");
            response.Headers.Add("Retry-After", "0");
            return response;
        });

        Assert.Equal("GAN9015", (await FailsAsync()).Code);
        Assert.Equal(4, _hosts.Requests.Count);
    }

    [Fact]
    public async Task A_service_that_cannot_be_reached_is_named()
    {
        var error = await FailsAsync();

        Assert.Equal("GAN9011", error.Code);
        Assert.Contains("management.azure.com", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_HTML_page_instead_of_an_answer_is_reported()
    {
        _hosts.Add("management.azure.com", _ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("<html>") });

        var error = await Assert.ThrowsAsync<GantryException>(() =>
            Client().FindAsync(Registry, "1", ArmJson.Default.ArmErrorBody, What, default));

        Assert.Equal("GAN9016", error.Code);
    }

    [Theory]
    [InlineData(Registry, "contosoprod")]
    [InlineData(Registry + "/", "contosoprod")]
    [InlineData(
        "/SUBSCRIPTIONS/00000000-0000-0000-0000-000000000001/resourcegroups/a b/providers/microsoft.containerregistry/REGISTRIES/x",
        "x")]
    [InlineData("contosoprod", null)]
    [InlineData("/subscriptions/1/resourceGroups/contoso/providers/Microsoft.ContainerRegistry/registries/x", null)]
    [InlineData("/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/a/providers/Microsoft.Web/sites/x", null)]
    [InlineData(Registry + "?x=y", null)]
    public void A_resource_id_is_parsed_for_its_type(string text, string? name)
    {
        const string type = "Microsoft.ContainerRegistry/registries";
        Assert.Equal(name, ArmResourceId.Find(text, type)?.Name);
        if (name is null)
            Assert.Equal("GAN9019", Assert.Throws<GantryException>(() => ArmResourceId.Parse(text, type)).Code);
    }

    private TokenCredential Credential() =>
        DelegatedTokenCredential.Create((_, _) => throw new InvalidOperationException("Nothing here may block."), (context, _) =>
        {
            _scopes.Add(context.Scopes);
            return new(new AccessToken("for Azure", DateTimeOffset.MaxValue));
        });

    private ArmClient Client(AzureCloud? cloud = null) => new(
        Credential(),
        cloud ?? AzureCloud.Public,
        new AzureSessionOptions { TimeProvider = _time, Handler = _hosts, RetryDelay = TimeSpan.FromMilliseconds(1) });

    private void Answer(HttpStatusCode status, string code, string message) =>
        _hosts.Add(
            "management.azure.com", _ => FakeHttpHosts.Json(status, $$$"""{"error":{"code":"{{{code}}}","message":"{{{message}}}"}}"""));

    private static HttpResponseMessage Pending(
        string? header, string? retryAfter, string body = "", string address = "https://management.azure.com/operations/1")
    {
        var response = FakeHttpHosts.Json(HttpStatusCode.Accepted, body);
        if (header is not null)
            response.Headers.Add(header, address);
        if (retryAfter is not null)
            response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        return response;
    }

    [Fact]
    public async Task An_answer_that_never_comes_ends_in_the_time_without_progress()
    {
        var time = new FakeTimeProvider();
        var notices = new List<string>();
        using var silent = new SilentHandler();
        var client = new ArmClient(Credential(), AzureCloud.Public, new AzureSessionOptions
        {
            Handler = silent,
            TimeProvider = time,
            Notice = notices.Add,
        });

        var reading = client.FindAsync(Registry, "2023-07-01", ArmJson.Default.ArmErrorBody, What, default);
        await silent.Arrived;
        time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(["management.azure.com has not answered for 15 seconds"], notices);
        time.Advance(TimeSpan.FromSeconds(105));

        Assert.Contains("it does not answer", (await Assert.ThrowsAsync<GantryException>(() => reading)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", 2)]
    [InlineData("Wed, 21 Oct 2015 07:28:00 GMT", 2)]
    [InlineData("99999999999999999999", 60)]
    public async Task The_state_of_an_operation_is_asked_for_after_a_bounded_pause(string retryAfter, int seconds)
    {
        var time = new AutoAdvancingTime();
        var answers = 0;
        _hosts.Add(
            "management.azure.com",
            _ => ++answers < 4 ? Pending("Location", retryAfter) : FakeHttpHosts.Json(HttpStatusCode.OK, "{}"));
        var client = new ArmClient(Credential(), AzureCloud.Public, new AzureSessionOptions
        {
            Handler = _hosts,
            TimeProvider = time,
            NoProgressTimeout = AutoAdvancingTime.TimeLimit,
        });

        Assert.True(await client.RunAsync(RequestMethod.Post, Registry, "1", new ArmError(), ArmJson.Default.ArmError, What, default));

        Assert.Equal(Enumerable.Repeat(TimeSpan.FromSeconds(seconds), 3), time.Pauses);
    }

    [Fact]
    public async Task A_signed_address_is_followed_byte_for_byte()
    {
        const string Address = "https://management.azure.com/operations/1%7E%2f?t=1&s=%7e%2B";
        Uri? followed = null;
        _hosts.Add("management.azure.com", request =>
        {
            followed = request.Message.RequestUri;
            return FakeHttpHosts.Json(HttpStatusCode.OK, "{}");
        });

        await Client().FollowAsync(Address, What, default);

        Assert.Equal("/operations/1%7E%2f?t=1&s=%7e%2B", followed!.PathAndQuery);
    }

    private Task<bool> RunAsync() =>
        Client().RunAsync(RequestMethod.Post, Registry, "1", new ArmError(), ArmJson.Default.ArmError, What, default);

    private async Task<GantryException> FailsAsync(bool advance = false)
    {
        var running = RunAsync();
        if (advance)
            await AdvanceAsync(running);
        return await Assert.ThrowsAsync<GantryException>(() => running);
    }

    private async Task AdvanceAsync(Task running)
    {
        for (var pauses = 1; !running.IsCompleted; pauses++)
        {
            await Task.WhenAny(running, _time.WaitForPausesAsync(pauses));
            _time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>A service that never answers.</summary>
    private sealed class SilentHandler : HttpMessageHandler
    {
        private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Arrived => _arrived.Task;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            _arrived.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException();
        }
    }

    /// <summary>A clock that counts the pauses that were started.</summary>
    private sealed class WatchedTime : FakeTimeProvider
    {
        private readonly SemaphoreSlim _begun = new(0);
        private int _known;

        /// <summary>Waits until so many pauses were started; for one test at a time.</summary>
        public async Task WaitForPausesAsync(int number)
        {
            for (; _known < number; _known++)
                await _begun.WaitAsync();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _begun.Release();
            return timer;
        }
    }
}
