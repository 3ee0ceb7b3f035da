using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gantry.Docker.Tests.Fixtures;

/// <summary>
/// An imitation of an engine with the containerd image store, for which Debian's engine is too old: pulls and pushes are scripted.
/// </summary>
internal sealed class ScriptedDockerEngine : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly List<string> _asked = [];

    private ScriptedDockerEngine()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        _application = builder.Build();
        _application.Run(AnswerAsync);
    }

    /// <summary>The address for DOCKER_HOST.</summary>
    public string Host { get; private set; } = "";

    /// <summary>The output of a pull.</summary>
    public string PullOutput { get; set; } = """{"status":"Pull complete","id":"0"}""";

    /// <summary>The output of a push.</summary>
    public string PushOutput { get; set; } = "";

    /// <summary>The output of a build.</summary>
    public string BuildOutput { get; set; } = "";

    /// <summary>The archive that an export returns.</summary>
    public byte[] SavedArchive { get; set; } = [];

    /// <summary>Gets the changing requests, in order.</summary>
    public IReadOnlyList<string> Changes => _asked;

    public static async Task<ScriptedDockerEngine> StartAsync()
    {
        var engine = new ScriptedDockerEngine();
        await engine._application.StartAsync();
        var addresses = engine._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        engine.Host = $"tcp://127.0.0.1:{new Uri(addresses.First()).Port}";
        return engine;
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (context.Request.Method == "POST")
            _asked.Add(path + context.Request.QueryString);
        if (path.EndsWith("/get", StringComparison.Ordinal))
        {
            await context.Response.Body.WriteAsync(SavedArchive);
            return;
        }

        context.Response.ContentType = "application/json";
        context.Response.StatusCode = path.EndsWith("/tag", StringComparison.Ordinal) ? 201 : 200;
        var answer = path switch
        {
            _ when path.EndsWith("/info", StringComparison.Ordinal) =>
                """{"Driver":"overlayfs","DriverStatus":[["driver-type","io.containerd.snapshotter.v1"]]}""",
            _ when path.EndsWith("/version", StringComparison.Ordinal) => """{"Version":"28.2.2","Os":"linux","Arch":"amd64"}""",
            _ when path.EndsWith("/build", StringComparison.Ordinal) => BuildOutput,
            _ when path.EndsWith("/images/create", StringComparison.Ordinal) => PullOutput,
            _ when path.EndsWith("/push", StringComparison.Ordinal) => PushOutput,
            _ => "",
        };
        await context.Response.WriteAsync(answer);
    }
}
