using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Gantry.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gantry.Azure.Tests;

/// <summary>
/// The token service of a container registry of Azure, as it is documented, in front of a real registry: it exchanges tokens of Entra ID,
/// knows who may do what with which repository, and signs tokens that the registry checks.
/// </summary>
/// <seealso href="https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md">Azure Container Registry, integration with Microsoft Entra ID</seealso>
internal sealed class AcrTokenService : IAsyncDisposable
{
    public const string EntraToken = "the token of Entra ID";
    private const string Issuer = "the token service of the tests";
    private readonly TempFolder _folder = new();
    private readonly RSA _key = RSA.Create(2048);
    private readonly X509Certificate2 _certificate;
    private readonly WebApplication _application;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _refreshTokens = new();

    private AcrTokenService(WebApplication application)
    {
        _application = application;
        var request = new CertificateRequest("CN=token service", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    /// <summary>What the identity may do: actions by repository. There is no list of all repositories.</summary>
    public Dictionary<string, string[]> Rights { get; } = new(StringComparer.Ordinal);

    /// <summary>How long from now the registry accepts the next tokens, its tolerance of a minute included.</summary>
    public Queue<TimeSpan> Lifetimes { get; } = new();

    /// <summary>The scopes that tokens were asked for.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>The tokens that were given.</summary>
    public ConcurrentQueue<string> Given { get; } = new();

    public int Exchanges { get; private set; }

    /// <summary>What nobody may ask: it would break with repository permissions.</summary>
    public ConcurrentQueue<string> Violations { get; } = new();

    /// <summary>All refresh tokens become worthless, although they do not say so.</summary>
    public void Revoke() => _refreshTokens.Clear();

    private Uri Address => new(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public static async Task<AcrTokenService> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var service = new AcrTokenService(builder.Build());
        service._application.MapPost("/oauth2/exchange", service.ExchangeAsync);
        service._application.MapPost("/oauth2/token", service.GiveAsync);
        await service._application.StartAsync();
        return service;
    }

    /// <summary>A real registry that lets in whoever has a token of this service.</summary>
    public Task<RealRegistry> StartRegistryAsync() => RealRegistry.StartAsync(new RealRegistryOptions
    {
        MoreConfiguration = $"auth: {{token: {{realm: '{new Uri(Address, "/oauth2/token")}', service: 'contoso.azurecr.io', issuer: '{Issuer}', "
            + $"rootcertbundle: '{_folder.Write("roots.pem", Encoding.ASCII.GetBytes(_certificate.ExportCertificatePem()))}'}}}}\n",
    });

    /// <summary>Sends exchanges, which registries of Azure answer themselves, here.</summary>
    public HttpMessageHandler CreateHandler() => new Redirection(Address) { InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false } };

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
        var token = Sign(new JsonObject { ["jti"] = Guid.NewGuid().ToString("N"), ["exp"] = DateTimeOffset.UtcNow.AddHours(3).ToUnixTimeSeconds(), ["grant_type"] = "refresh_token" });
        _refreshTokens[token] = DateTimeOffset.UtcNow.AddHours(3);
        await context.Response.WriteAsync(new JsonObject { ["refresh_token"] = token }.ToJsonString());
    }

    private async Task GiveAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        if (form["grant_type"] != "refresh_token" || form["service"] != "contoso.azurecr.io" || !_refreshTokens.ContainsKey(form["refresh_token"].ToString()))
        {
            await RefuseAsync(context);
            return;
        }

        var scopes = form["scope"].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Asked.Enqueue(form["scope"].ToString());
        var access = new JsonArray();
        foreach (var scope in scopes)
        {
            if (scope.Split(':') is not ["repository", { } repository, { } actions] || repository.Contains('*', StringComparison.Ordinal))
            {
                Violations.Enqueue(scope);
                continue;
            }

            var allowed = actions.Split(',').Intersect(Rights.GetValueOrDefault(repository, [])).Select(action => (JsonNode)action).ToArray();
            access.Add(new JsonObject { ["type"] = "repository", ["name"] = repository, ["actions"] = new JsonArray(allowed) });
        }

        // A registry of Azure says how long a token is valid in the token only. The registry's tolerance is a minute.
        var now = DateTimeOffset.UtcNow;
        var lifetime = Lifetimes.TryDequeue(out var next) ? next - TimeSpan.FromMinutes(1) : TimeSpan.FromMinutes(75);
        var token = Sign(new JsonObject
        {
            ["iss"] = Issuer, ["aud"] = "contoso.azurecr.io", ["sub"] = "gantry", ["jti"] = Guid.NewGuid().ToString("N"),
            ["iat"] = (now + lifetime).AddMinutes(-75).ToUnixTimeSeconds(), ["nbf"] = now.AddHours(-2).ToUnixTimeSeconds(), ["exp"] = (now + lifetime).ToUnixTimeSeconds(),
            ["access"] = access,
        });
        Given.Enqueue(token);
        await context.Response.WriteAsync(new JsonObject { ["access_token"] = token }.ToJsonString());
    }

    private string Sign(JsonObject claims)
    {
        var header = new JsonObject { ["typ"] = "JWT", ["alg"] = "RS256", ["x5c"] = new JsonArray(Convert.ToBase64String(_certificate.RawData)) };
        var text = $"{Encode(header.ToJsonString())}.{Encode(claims.ToJsonString())}";
        var signature = _key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{text}.{System.Buffers.Text.Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = 401;
        return context.Response.WriteAsync("""{"errors":[{"code":"UNAUTHORIZED","message":"authentication required, visit https://aka.ms/acr/authorization for more information."}]}""");
    }

    private sealed class Redirection(Uri address) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal("https", request.RequestUri!.Scheme);
            request.RequestUri = new Uri(address, request.RequestUri.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
