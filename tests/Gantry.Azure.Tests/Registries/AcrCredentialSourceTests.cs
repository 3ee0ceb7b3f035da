using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.Loader;
using Azure.Core;
using Azure.Identity;
using Gantry.Azure.Registries;
using Gantry.Azure.SignIn;
using Gantry.Azure.Tests.Fakes;
using Gantry.Registries;
using Microsoft.AspNetCore.Http;
using Gantry.Testing.Faults;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Azure.Tests.Registries;

public sealed class AcrCredentialSourceTests : IAsyncLifetime
{
    private const string Host = "contoso.azurecr.io";
    private const string Tenant = "72f988bf-0000-0000-0000-2d7cd011db47";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));
    private readonly FakeCredential _signIn = new();
    private ScriptedTokenExchange _acr = null!;

    public async Task InitializeAsync() => _acr = await ScriptedTokenExchange.StartAsync();

    public async Task DisposeAsync() => await _acr.DisposeAsync();

    [Theory]
    [InlineData("contoso.azurecr.io", true)]
    [InlineData("CONTOSO.azurecr.io", true)]
    [InlineData("contoso.azurecr.io:443", true)]
    [InlineData("contoso.eastus.geo.azurecr.io", true)]
    [InlineData("contoso.azurecr.cn", true)]
    [InlineData("contoso.azurecr.us", true)]
    [InlineData("azurecr.io", false)]
    [InlineData(".azurecr.io", false)]
    [InlineData("azurecr.io.example.com", false)]
    [InlineData("contosoazurecr.io", false)]
    [InlineData("mcr.microsoft.com", false)]
    [InlineData("localhost:5000", false)]
    public void Azure_registries_are_recognized_by_their_domain(string host, bool expected) =>
        Assert.Equal(expected, AcrCredentialSource.IsAzureRegistry(host));

    [Fact]
    public async Task An_Entra_token_is_exchanged_for_a_registry_token()
    {
        _acr.Grant("the refresh token");
        using var source = CreateSource();

        var credential = await source.FindAsync(Host, CancellationToken.None);

        Assert.Equal("the refresh token", Assert.IsType<RefreshTokenCredential>(credential).RefreshToken);
        Assert.Equal(Host, Assert.Single(_acr.Hosts));
        Assert.Equal(["https://containerregistry.azure.net/.default"], Assert.Single(_signIn.Scopes));
        var form = Assert.Single(_acr.Exchanges);
        Assert.Equal("access_token", form["grant_type"]);
        Assert.Equal(Host, form["service"]);
        Assert.Equal(Tenant, form["tenant"]);
        Assert.Equal(_signIn.Token, form["access_token"]);
    }

    [Fact]
    public async Task The_log_shows_the_exchange_and_its_end_and_no_token()
    {
        var log = new List<string>();
        _acr.Grant("the refresh token");
        var options = new AzureSessionOptions
        {
            TimeProvider = _time,
            SignIn = (_, _) => _signIn,
            Handler = _acr.CreateHandler(),
            Log = log.Add,
        };
        using var source = new AcrCredentialSource(new AzureSession(options));

        await source.FindAsync(Host, CancellationToken.None);

        Assert.Contains(log, line => line.StartsWith($"POST https://{Host}/oauth2/exchange: 200, ", StringComparison.Ordinal));
        Assert.Contains(log, line => line.StartsWith($"refresh token of {Host}, until ", StringComparison.Ordinal));
        Assert.All(log, line => Assert.False(
            line.Contains("the refresh token", StringComparison.Ordinal) || line.Contains(_signIn.Token, StringComparison.Ordinal), line));
    }

    [Fact]
    public async Task An_opaque_token_is_exchanged_without_a_tenant()
    {
        _acr.Grant("refresh");
        _signIn.Token = "opaque";
        using var source = CreateSource();

        Assert.NotNull(await source.FindAsync(Host, CancellationToken.None));

        Assert.DoesNotContain("tenant", Assert.Single(_acr.Exchanges).Keys);
    }

    [Fact]
    public async Task An_answer_may_begin_with_a_byte_order_mark()
    {
        _acr.Answer(200, "application/json", "\uFEFF{\"refresh_token\":\"refresh\"}");
        using var source = CreateSource();

        Assert.NotNull(await source.FindAsync(Host, CancellationToken.None));
    }

    [Fact]
    public async Task Other_registries_are_left_to_other_sources_without_signing_in()
    {
        using var azure = new AzureSession(new AzureSessionOptions
        {
            SignIn = (_, _) => throw new InvalidOperationException("A sign-in is not expected."),
            Handler = _acr.CreateHandler(),
        });
        using var source = new AcrCredentialSource(azure);

        Assert.Null(await source.FindAsync("mcr.microsoft.com", CancellationToken.None));
        Assert.Empty(_acr.Exchanges);
    }

    [Fact]
    public async Task Sign_in_libraries_are_loaded_only_for_Azure_registries()
    {
        var context = new FreshLoadContext();
        var assembly = context.LoadFromAssemblyPath(typeof(AcrCredentialSource).Assembly.Location);
        var azure = Activator.CreateInstance(assembly.GetType(typeof(AzureSession).FullName!)!)!;
        var source = (ICredentialSource)Activator.CreateInstance(assembly.GetType(typeof(AcrCredentialSource).FullName!)!, azure)!;

        Assert.Null(await source.FindAsync("mcr.microsoft.com", CancellationToken.None));
        Assert.DoesNotContain("Microsoft.Identity.Client", Loaded());

        var cloud = assembly.GetType(typeof(AzureCloud).FullName!)!.GetProperty(nameof(AzureCloud.Public))!.GetValue(null);
        azure.GetType().GetMethod(nameof(AzureSession.Credential))!.Invoke(azure, [null, cloud]);
        Assert.Contains("Microsoft.Identity.Client", Loaded());
        context.Unload();

        IEnumerable<string?> Loaded() => context.Assemblies.Select(assembly => assembly.GetName().Name);
    }

    [Fact]
    public Task A_token_is_cached_until_shortly_before_it_expires() =>
        RequireKeptAsync(ScriptedTokenExchange.Token(_time.GetUtcNow().AddHours(3)), TimeSpan.FromMinutes(169));

    [Fact]
    public Task A_token_without_an_expiry_is_cached_for_less_than_an_hour() =>
        RequireKeptAsync("opaque", TimeSpan.FromMinutes(49));

    [Fact]
    public async Task Concurrent_callers_share_one_exchange_that_a_cancelled_caller_does_not_stop()
    {
        var release = new TaskCompletionSource();
        _acr.Answer(async context =>
        {
            await release.Task;
            await context.Response.WriteAsync("""{"refresh_token":"shared"}""");
        });
        using var source = CreateSource();
        using var impatient = new CancellationTokenSource();

        var first = source.FindAsync(Host, impatient.Token).AsTask();
        var others = Enumerable.Range(0, 20)
            .Select(_ => source.FindAsync(Host.ToUpperInvariant(), CancellationToken.None).AsTask())
            .ToList();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        release.SetResult();

        Assert.All(await Task.WhenAll(others), credential => Assert.Equal(new RefreshTokenCredential("shared"), credential));
        Assert.Single(_acr.Exchanges);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_missing_role_is_named(int status)
    {
        _acr.Refuse(status, "authentication required, visit https://aka.ms/acr/authorization for more information.");

        var error = await FailsAsync();

        Assert.Equal("GAN9003", error.Code);
        Assert.Contains(Host, error.Message, StringComparison.Ordinal);
        Assert.Contains(Tenant, error.Message, StringComparison.Ordinal);
        Assert.Contains("AcrPull", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_identity_of_another_tenant_is_reported()
    {
        _acr.Refuse(401, "The access token is from the wrong issuer; it must match the tenant of the registry.");

        var error = await FailsAsync();

        Assert.Equal("GAN9004", error.Code);
        Assert.Contains(Tenant, error.Message, StringComparison.Ordinal);
        Assert.Contains("az login --tenant", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "text/html", "<html>Sign in to your account</html>")]
    [InlineData(200, "application/json", "{}")]
    [InlineData(200, "application/json", "null")]
    [InlineData(200, "application/json", "[]")]
    [InlineData(302, "text/html", "")]
    [InlineData(404, "text/plain", "no such page")]
    [InlineData(200, "text/html; charset=bogus", "<html>")]
    public async Task An_answer_that_no_registry_gives_is_reported(int status, string contentType, string body)
    {
        _acr.Answer(status, contentType, body);

        var error = await FailsAsync();

        Assert.Equal("GAN9006", error.Code);
        Assert.Contains($"HTTP {status}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endless_answer_is_not_read_to_its_end()
    {
        _acr.Answer(200, "text/html", new string(' ', 100_000));

        Assert.Equal("GAN9006", (await FailsAsync()).Code);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_with_the_token()
    {
        _acr.Answer(context =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = "https://elsewhere.example/oauth2/exchange";
            return Task.CompletedTask;
        });

        Assert.Equal("GAN9006", (await FailsAsync()).Code);
        Assert.Single(_acr.Exchanges);
    }

    [Fact]
    public async Task A_busy_registry_that_asks_for_no_delay_is_retried_after_a_pause()
    {
        var answers = 0;
        _acr.Answer(context =>
        {
            if (++answers < 3)
            {
                context.Response.StatusCode = 429;
                context.Response.Headers.RetryAfter = "0";
                return Task.CompletedTask;
            }

            return context.Response.WriteAsync("""{"refresh_token":"late"}""");
        });
        var pauses = CreatePauses();
        using var source = CreateSource(time: pauses);

        Assert.Equal(new RefreshTokenCredential("late"), await source.FindAsync(Host, CancellationToken.None));
        Assert.Equal(3, answers);
        Assert.Equal(2, pauses.Pauses.Count(pause => pause > TimeSpan.Zero));
    }

    [Fact]
    public async Task A_registry_that_stays_busy_is_given_up()
    {
        _acr.Answer(context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = "0";
            return Task.CompletedTask;
        });

        Assert.Equal("GAN9006", (await FailsAsync(CreatePauses())).Code);
        Assert.Equal(3, _acr.Exchanges.Count);
    }

    [Fact]
    public async Task A_registry_that_cannot_be_reached_is_named()
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = (_, _) => throw new SocketException((int)SocketError.HostNotFound),
        };
        using var source = CreateSource(handler);

        var error = await Assert.ThrowsAsync<GantryException>(() => source.FindAsync(Host, CancellationToken.None).AsTask());

        Assert.Equal("GAN9005", error.Code);
        Assert.Contains(Host, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_and_a_failed_sign_in_are_different_errors()
    {
        _signIn.Failure = new CredentialUnavailableException("Please run 'az login' to set up an account.");
        var nobody = await FailsAsync();
        _signIn.Failure = new AuthenticationFailedException(
            "AzurePipelinesCredential authentication failed.",
            new InvalidOperationException("AADSTS700213: No matching federated identity record found.\nTrace ID: 1"));
        var failed = await FailsAsync();

        Assert.Equal("GAN9001", nobody.Code);
        Assert.Contains("az login", nobody.Remedy, StringComparison.Ordinal);
        Assert.Equal("GAN9002", failed.Code);
        Assert.Contains("AADSTS700213: No matching federated identity record found", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Trace", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tenant_without_the_registry_scope_is_asked_for_an_Azure_token()
    {
        _acr.Grant("refresh");
        _signIn.Unknown = "https://containerregistry.azure.net/.default";
        using var source = CreateSource();

        Assert.NotNull(await source.FindAsync("contoso.azurecr.cn", CancellationToken.None));

        Assert.Equal(["https://management.chinacloudapi.cn/.default"], _signIn.Scopes[^1]);
    }

    [Fact]
    public async Task Each_registry_is_accessed_with_its_declared_identity()
    {
        _acr.Grant("refresh");
        var asked = new List<(string?, AzureCloud)>();
        using var source = new AcrCredentialSource(new AzureSession(new AzureSessionOptions
        {
            Handler = _acr.CreateHandler(),
            SignIn = (identity, cloud) =>
            {
                asked.Add((identity.ClientId, cloud));
                return _signIn;
            },
        }))
        {
            IdentityOf = host => host == Host ? new AzureIdentity { ClientId = Tenant } : null,
        };

        await source.FindAsync(Host, CancellationToken.None);
        await source.FindAsync("contoso.azurecr.us", CancellationToken.None);

        Assert.Equal([(Tenant, AzureCloud.Public), (null, AzureCloud.USGovernment)], asked);
    }

    [Theory]
    [InlineData("repository:team/app:pull", "AcrPull", "'Container Registry Repository Reader' with a condition that covers team/app ")]
    [InlineData(
        "repository:team/app:pull,push",
        "AcrPush",
        "'Container Registry Repository Writer' with a condition that covers team/app ")]
    [InlineData("repository:a:pull,push repository:b:pull", "AcrPush", "a and b")]
    [InlineData("repository:team/app:metadata_write", "AcrPush is not enough", "'Container Registry Repository Writer'")]
    public void A_refused_scope_is_reported_as_a_role(string scopes, string role, string repositoryRole)
    {
        using var source = CreateSource();

        var advice = source.Advise(Host, scopes);

        Assert.Contains(role, advice, StringComparison.Ordinal);
        Assert.Contains(repositoryRole, advice, StringComparison.Ordinal);
        Assert.Null(source.Advise("docker.io", scopes));
    }

    [Fact]
    public async Task A_failure_is_not_cached()
    {
        _acr.Refuse(401, "authentication required");
        using var source = CreateSource();
        await Assert.ThrowsAsync<GantryException>(() => source.FindAsync(Host, CancellationToken.None).AsTask());

        _acr.Grant("now");

        Assert.Equal(new RefreshTokenCredential("now"), await source.FindAsync(Host, CancellationToken.None));
    }

    // After that time the source returns the same token, and a minute later another one.
    private async Task RequireKeptAsync(string token, TimeSpan duration)
    {
        _acr.Grant(token);
        using var source = CreateSource();

        await source.FindAsync(Host, CancellationToken.None);
        _time.Advance(duration);
        await source.FindAsync(Host, CancellationToken.None);
        Assert.Single(_acr.Exchanges);

        _time.Advance(TimeSpan.FromMinutes(1));
        await source.FindAsync(Host, CancellationToken.None);
        Assert.Equal(2, _acr.Exchanges.Count);
    }

    private AcrCredentialSource CreateSource(HttpMessageHandler? handler = null, TimeProvider? time = null) =>
        new(new AzureSession(new AzureSessionOptions
        {
            TimeProvider = time ?? _time,
            SignIn = (_, _) => _signIn,
            Handler = handler ?? _acr.CreateHandler(),
        }));

    // Shorter than the time limit of a request.
    private static AutoAdvancingTime CreatePauses() => new() { PausesUpTo = TimeSpan.FromSeconds(25) };

    private async Task<GantryException> FailsAsync(TimeProvider? time = null)
    {
        using var source = CreateSource(time: time);
        var error = await Assert.ThrowsAsync<GantryException>(() => source.FindAsync(Host, CancellationToken.None).AsTask());
        Assert.DoesNotContain(_signIn.Token, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", error.Message, StringComparison.Ordinal);
        return error;
    }

    /// <summary>Loads every assembly again except Gantry itself, whose interface this test uses.</summary>
    private sealed class FreshLoadContext() : AssemblyLoadContext("fresh", isCollectible: true)
    {
        private static readonly string Folder = Path.GetDirectoryName(typeof(AcrCredentialSource).Assembly.Location)!;

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var file = Path.Combine(Folder, assemblyName.Name + ".dll");
            return assemblyName.Name != "Gantry" && File.Exists(file) ? LoadFromAssemblyPath(file) : null;
        }
    }

    private sealed class FakeCredential : TokenCredential
    {
        public string Token { get; set; } = ScriptedTokenExchange.Token(DateTimeOffset.UnixEpoch.AddYears(100), Tenant);

        public Exception? Failure { get; set; }

        public List<string[]> Scopes { get; } = [];

        public string? Unknown { get; set; }

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Nothing here may block.");

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes.Add(requestContext.Scopes);
            if (requestContext.Scopes[0] == Unknown)
                return ValueTask.FromException<AccessToken>(
                    new AuthenticationFailedException("AADSTS500011: The resource principal was not found in the tenant."));
            return Failure is null ? new(new AccessToken(Token, DateTimeOffset.MaxValue)) : ValueTask.FromException<AccessToken>(Failure);
        }
    }
}
