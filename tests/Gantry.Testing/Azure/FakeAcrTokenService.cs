using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gantry.Testing.Azure;

/// <summary>
/// An imitation of the token service of an Azure Container Registry, as documented, in front of a real registry: it exchanges Entra tokens,
/// knows the rights of each identity on each repository, and signs tokens that the registry verifies.
/// </summary>
/// <seealso href="https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md">
/// Azure Container Registry, integration with Microsoft Entra ID
/// </seealso>
public sealed class FakeAcrTokenService : IAsyncDisposable
{
    public const string EntraToken = "the token of Entra ID";
    private const string Issuer = "the token service of the tests";
    private readonly TempFolder _folder = new();
    private readonly RSA _key = RSA.Create(2048);
    private readonly X509Certificate2 _certificate;
    private readonly WebApplication _application;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _refreshTokens = new();

    private FakeAcrTokenService(WebApplication application)
    {
        _application = application;
        var request = new CertificateRequest("CN=token service", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    /// <summary>The rights of the identity: actions by repository. There is no list of all repositories.</summary>
    public Dictionary<string, string[]> Rights { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the repositories that anyone may pull.</summary>
    public HashSet<string> PublicRepositories { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the lifetimes of the next tokens at the registry, including its tolerance of a minute.</summary>
    public Queue<TimeSpan> Lifetimes { get; } = new();

    /// <summary>Gets the scopes that tokens were requested for.</summary>
    public ConcurrentQueue<string> RequestedScopes { get; } = new();

    /// <summary>Gets the issued tokens.</summary>
    public ConcurrentQueue<string> IssuedTokens { get; } = new();

    public int Exchanges { get; private set; }

    /// <summary>Gets requests that no client may send, because they fail with repository permissions.</summary>
    public ConcurrentQueue<string> Violations { get; } = new();

    /// <summary>Revokes all refresh tokens, although their expiry stays.</summary>
    public void Revoke() => _refreshTokens.Clear();

    public Uri Address =>
        new(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public static async Task<FakeAcrTokenService> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var service = new FakeAcrTokenService(builder.Build());
        service._application.MapPost("/oauth2/exchange", service.ExchangeAsync);
        service._application.MapPost("/oauth2/token", service.GiveAsync);
        service._application.MapGet("/oauth2/token", service.GiveAnonymouslyAsync);
        await service._application.StartAsync();
        return service;
    }

    /// <summary>Starts a real registry that accepts the tokens of this service.</summary>
    /// <param name="realm">The address at which clients reach this service; its own one when null.</param>
    public Task<RealRegistry> StartRegistryAsync(Uri? realm = null) => RealRegistry.StartAsync(new RealRegistryOptions
    {
        ExtraConfiguration =
            $"auth: {{token: {{realm: '{new Uri(realm ?? Address, "/oauth2/token")}', service: 'contoso.azurecr.io', issuer: '{Issuer}', "
            + $"rootcertbundle: '{_folder.Write("roots.pem", Encoding.ASCII.GetBytes(_certificate.ExportCertificatePem()))}'}}}}\n",
    });

    /// <summary>Creates a handler that sends exchanges, which Azure registries answer themselves, to this service.</summary>
    public HttpMessageHandler CreateHandler() =>
        new Redirection(Address) { InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false } };

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _certificate.Dispose();
        _key.Dispose();
        _folder.Dispose();
    }

    private async Task ExchangeAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        if (form["grant_type"] != "access_token" || form["service"].Count == 0 || form["access_token"] != EntraToken)
        {
            await RefuseAsync(context);
            return;
        }

        Exchanges++;
        var token = Sign(new JsonObject
        {
            ["jti"] = Guid.NewGuid().ToString("N"),
            ["exp"] = DateTimeOffset.UtcNow.AddHours(3).ToUnixTimeSeconds(),
            ["grant_type"] = "refresh_token",
        });
        _refreshTokens[token] = DateTimeOffset.UtcNow.AddHours(3);
        await context.Response.WriteAsync(new JsonObject { ["refresh_token"] = token }.ToJsonString());
    }

    private async Task GiveAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        if (form["grant_type"] != "refresh_token"
            || form["service"] != "contoso.azurecr.io"
            || !_refreshTokens.ContainsKey(form["refresh_token"].ToString()))
        {
            await RefuseAsync(context);
            return;
        }

        RequestedScopes.Enqueue(form["scope"].ToString());
        await GiveAsync(context, form["scope"].ToString(), repository => Rights.GetValueOrDefault(repository, []));
    }

    private Task GiveAnonymouslyAsync(HttpContext context)
    {
        var scope = context.Request.Query["scope"].ToString();
        return scope.Split(':') is [_, { } repository, _] && PublicRepositories.Contains(repository)
            ? GiveAsync(context, scope, _ => ["pull"])
            : RefuseAsync(context);
    }

    private async Task GiveAsync(HttpContext context, string scopes, Func<string, IEnumerable<string>> rights)
    {
        var access = new JsonArray();
        foreach (var scope in scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (scope.Split(':') is not ["repository", { } repository, { } actions] || repository.Contains('*', StringComparison.Ordinal))
            {
                Violations.Enqueue(scope);
                continue;
            }

            var allowed = actions.Split(',').Intersect(rights(repository)).Select(action => (JsonNode)action).ToArray();
            access.Add(new JsonObject { ["type"] = "repository", ["name"] = repository, ["actions"] = new JsonArray(allowed) });
        }

        // An Azure registry returns the lifetime of a token in the token only. The registry's tolerance is a minute.
        var now = DateTimeOffset.UtcNow;
        var lifetime = Lifetimes.TryDequeue(out var next) ? next - TimeSpan.FromMinutes(1) : TimeSpan.FromMinutes(75);
        var token = Sign(new JsonObject
        {
            ["iss"] = Issuer,
            ["aud"] = "contoso.azurecr.io",
            ["sub"] = "gantry",
            ["jti"] = Guid.NewGuid().ToString("N"),
            ["iat"] = (now + lifetime).AddMinutes(-75).ToUnixTimeSeconds(),
            ["nbf"] = now.AddHours(-2).ToUnixTimeSeconds(),
            ["exp"] = (now + lifetime).ToUnixTimeSeconds(),
            ["access"] = access,
        });
        IssuedTokens.Enqueue(token);
        await context.Response.WriteAsync(new JsonObject { ["access_token"] = token }.ToJsonString());
    }

    private string Sign(JsonObject claims)
    {
        var header = new JsonObject
        {
            ["typ"] = "JWT",
            ["alg"] = "RS256",
            ["x5c"] = new JsonArray(Convert.ToBase64String(_certificate.RawData)),
        };
        var text = $"{Encode(header.ToJsonString())}.{Encode(claims.ToJsonString())}";
        var signature = _key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{text}.{System.Buffers.Text.Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = 401;
        return context.Response.WriteAsync(
            """{"errors":[{"code":"UNAUTHORIZED","message":"authentication required, visit https://aka.ms/acr/authorization for more information."}]}""");
    }

    private sealed class Redirection(Uri address) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.Scheme != "https")
                throw new InvalidOperationException($"A token would be sent in the clear to {request.RequestUri}.");
            request.RequestUri = new Uri(address, request.RequestUri.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
