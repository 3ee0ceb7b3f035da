using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gantry.Docker.Tests.Fixtures;

/// <summary>Answers like an engine with containerd's image store, which Debian's engine is too old to have: what it pulls and pushes is scripted.</summary>
internal sealed class ScriptedEngine : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly List<string> _asked = [];

    private ScriptedEngine()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        _application = builder.Build();
        _application.Run(AnswerAsync);
    }

    /// <summary>The address for DOCKER_HOST.</summary>
    public string Host { get; private set; } = "";

    /// <summary>What it says while it pulls.</summary>
    public string Pulled { get; set; } = """{"status":"Pull complete","id":"0"}""";

    /// <summary>What it says while it pushes.</summary>
    public string Pushed { get; set; } = "";

    /// <summary>What it says while it builds.</summary>
    public string Built { get; set; } = "";

    /// <summary>The archive that it exports.</summary>
    public byte[] Saved { get; set; } = [];

    /// <summary>What it was asked to change, in order.</summary>
    public IReadOnlyList<string> Asked => _asked;

    public static async Task<ScriptedEngine> StartAsync()
    {
        var engine = new ScriptedEngine();
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
            await context.Response.Body.WriteAsync(Saved);
            return;
        }

        context.Response.ContentType = "application/json";
        context.Response.StatusCode = path.EndsWith("/tag", StringComparison.Ordinal) ? 201 : 200;
        var answer = path switch
        {
            _ when path.EndsWith("/info", StringComparison.Ordinal) => """{"Driver":"overlayfs","DriverStatus":[["driver-type","io.containerd.snapshotter.v1"]]}""",
            _ when path.EndsWith("/version", StringComparison.Ordinal) => """{"Version":"28.2.2","Os":"linux","Arch":"amd64"}""",
            _ when path.EndsWith("/build", StringComparison.Ordinal) => Built,
            _ when path.EndsWith("/images/create", StringComparison.Ordinal) => Pulled,
            _ when path.EndsWith("/push", StringComparison.Ordinal) => Pushed,
            _ => "",
        };
        await context.Response.WriteAsync(answer);
    }
}
