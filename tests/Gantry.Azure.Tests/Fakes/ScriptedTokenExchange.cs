using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gantry.Azure.Tests.Fakes;

/// <summary>The token exchange of a registry on a loopback port, with scripted answers.</summary>
internal sealed class ScriptedTokenExchange : IAsyncDisposable
{
    private readonly WebApplication _application;
    private Func<HttpContext, Task> _answer = _ => Task.CompletedTask;

    private ScriptedTokenExchange(WebApplication application) => _application = application;

    /// <summary>Gets the forms that were sent, in order.</summary>
    public ConcurrentQueue<Dictionary<string, string>> Exchanges { get; } = new();

    /// <summary>Gets the hosts that requests were sent to.</summary>
    public ConcurrentQueue<string> Hosts { get; } = new();

    public static async Task<ScriptedTokenExchange> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var fake = new ScriptedTokenExchange(builder.Build());
        fake._application.Run(fake.HandleAsync);
        await fake._application.StartAsync();
        return fake;
    }

    /// <summary>Creates a handler that sends requests for any registry here.</summary>
    public HttpMessageHandler CreateHandler()
    {
        var address = new Uri(
            _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return new Redirection(address) { InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false } };
    }

    public void Answer(Func<HttpContext, Task> answer) => _answer = answer;

    public void Answer(int status, string contentType, string body) => Answer(context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        return context.Response.WriteAsync(body);
    });

    public void Grant(string refreshToken) =>
        Answer(200, "application/json", JsonSerializer.Serialize(new Dictionary<string, string> { ["refresh_token"] = refreshToken }));

    public void Refuse(int status, string message) =>
        Answer(status, "application/json", $$$"""{"errors":[{"code":"UNAUTHORIZED","message":"{{{message}}}"}]}""");

    /// <summary>Creates a token in the form of registries and Entra ID, without a valid signature.</summary>
    public static string Token(DateTimeOffset expires, string? tenant = null, string? application = null)
    {
        var payload = new Dictionary<string, object> { ["exp"] = expires.ToUnixTimeSeconds() };
        if (tenant is not null)
            payload["tid"] = tenant;
        if (application is not null)
            payload["appid"] = application;
        return $"{Encode("{}")}.{Encode(JsonSerializer.Serialize(payload))}.{Encode("signature")}";
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        if (context.Request.Path != "/oauth2/exchange" || !HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.StatusCode = 404;
            return;
        }

        var form = await context.Request.ReadFormAsync();
        Hosts.Enqueue(context.Request.Host.Value!);
        Exchanges.Enqueue(form.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()));
        await _answer(context);
    }

    private static string Encode(string text) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private sealed class Redirection(Uri address) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal("https", request.RequestUri!.Scheme);
            request.Headers.Host = request.RequestUri.Host;
            request.RequestUri = new Uri(address, request.RequestUri.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
