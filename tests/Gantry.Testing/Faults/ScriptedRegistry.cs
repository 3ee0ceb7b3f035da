using System.Collections.Concurrent;
using Gantry.Oci;
using Gantry.Registries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gantry.Testing.Faults;

/// <summary>How a scripted registry behaves when nothing goes wrong.</summary>
public sealed record ScriptedRegistryOptions
{
    /// <summary>What it wants to see: <c>null</c>, <c>Basic</c> or <c>Bearer</c>.</summary>
    public string? Scheme { get; init; }

    /// <summary>Whether anonymous tokens allow reading, as public registries do.</summary>
    public bool AnonymousPull { get; init; }

    /// <summary>How long its tokens hold.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether it lists referrers itself.</summary>
    public bool ReferrersApi { get; init; } = true;

    /// <summary>Whether it mounts blobs, and from where: nowhere, from other repositories only, or from any.</summary>
    public MountSupport Mounts { get; init; } = MountSupport.Any;

    /// <summary>Whether uploads can go on in pieces after an interruption.</summary>
    public bool Resumable { get; init; } = true;

    /// <summary>Whether the rest of a blob can be asked for.</summary>
    public bool Ranges { get; init; } = true;

    /// <summary>The most entries on a page of a list.</summary>
    public int PageSize { get; init; } = int.MaxValue;

    /// <summary>Whether uploads are addressed as by the reference implementation.</summary>
    public bool ReferenceImplementation { get; init; } = true;

    /// <summary>A certificate with its key: then it speaks TLS.</summary>
    public System.Security.Cryptography.X509Certificates.X509Certificate2? Certificate { get; init; }

    /// <summary>The clock of tokens and stalls.</summary>
    public ImpatientTime Time { get; init; } = new();
}

/// <summary>Which mounts a registry grants.</summary>
public enum MountSupport
{
    /// <summary>None: every mount begins an upload.</summary>
    None,

    /// <summary>Only from other repositories.</summary>
    FromOthers,

    /// <summary>From any repository that has the blob.</summary>
    Any,
}

/// <summary>A request that was received.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path, without the query.</param>
/// <param name="Query">The query, with its question mark.</param>
/// <param name="Authorization">The scheme and the credential, or null.</param>
/// <param name="Range">The part that was asked for, or null.</param>
public sealed record ReceivedRequest(string Method, string Path, string Query, string? Authorization, string? Range)
{
    public override string ToString() => $"{Method} {Path}{Query}";
}

/// <summary>
/// A registry in process that follows the distribution specification, except where a test scripts that a request goes wrong.
/// </summary>
public sealed class ScriptedRegistry : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();
    private readonly List<ScriptLine> _script = [];
    private readonly RegistryApi _api;

    private ScriptedRegistry(ScriptedRegistryOptions options)
    {
        Options = options;
        Store = new RegistryStore();
        Tokens = new TokenAuthority(options);
        _api = new RegistryApi(this);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
            {
                if (options.Certificate is { } certificate)
                    listen.UseHttps(certificate);
            });
        });
        _application = builder.Build();
        _application.Run(HandleAsync);
    }

    public ScriptedRegistryOptions Options { get; }

    public RegistryStore Store { get; }

    public TokenAuthority Tokens { get; }

    public ImpatientTime Time => Options.Time;

    /// <summary>Host and port.</summary>
    public string Host { get; private set; } = "";

    public string Url => $"{(Options.Certificate is null ? "http" : "https")}://{Host}";

    public HostAddress Address => (HostAddress)RegistryAddress.Parse(Host);

    /// <summary>Everything that was received, in its order.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => [.. _requests];

    public static async Task<ScriptedRegistry> StartAsync(ScriptedRegistryOptions? options = null)
    {
        var registry = new ScriptedRegistry(options ?? new ScriptedRegistryOptions());
        await registry._application.StartAsync();
        var addresses = registry._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        registry.Host = $"localhost:{new Uri(addresses.First()).Port}";
        return registry;
    }

    /// <summary>How many requests had this method and a path that contains this.</summary>
    public int Count(string method, string path = "") =>
        _requests.Count(request => request.Method == method && request.Path.Contains(path, StringComparison.Ordinal));

    /// <summary>Lets the next requests of this method, whose path and query contain this, go wrong.</summary>
    public void Fail(string method, string pathContains, Fault fault, int times = 1)
    {
        lock (_script)
            _script.Add(new ScriptLine(method, pathContains, fault, times));
    }

    /// <summary>Lets all such requests go wrong.</summary>
    public void FailAlways(string method, string pathContains, Fault fault) => Fail(method, pathContains, fault, int.MaxValue);

    /// <summary>Lets nothing go wrong any more.</summary>
    public void Recover()
    {
        lock (_script)
            _script.Clear();
    }

    /// <summary>A session that speaks with this registry, on its clock.</summary>
    public RegistrySessionOptions SessionOptions(params ICredentialSource[] credentials) => new()
    {
        Credentials = credentials,
        TimeProvider = Time,
        StallTimeout = ImpatientTime.Limit,
        ResponseTimeout = ImpatientTime.Limit,
        ConnectTimeout = TimeSpan.FromMinutes(5), // of real time: a safety net
    };

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.Zero);
        await _application.StopAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _application.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        _requests.Enqueue(new ReceivedRequest(request.Method, request.Path, request.QueryString.Value ?? "", request.Headers.Authorization, request.Headers.Range));
        try
        {
            if (Take(request) is { } fault)
                await fault(new FaultContext(this, context, () => _api.HandleAsync(context)));
            else
                await _api.HandleAsync(context);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or BadHttpRequestException)
        {
            // The client has gone, or has sent less than it promised: that is what the tests are about.
            context.Abort();
        }
    }

    private Fault? Take(HttpRequest request)
    {
        lock (_script)
        {
            var line = _script.Find(line => line.Times > 0 && line.Method == request.Method
                && $"{request.Path}{request.QueryString}".Contains(line.PathContains, StringComparison.Ordinal));
            if (line is not null && line.Times != int.MaxValue)
                line.Times--;
            return line?.Fault;
        }
    }

    private sealed class ScriptLine(string method, string pathContains, Fault fault, int times)
    {
        public string Method => method;

        public string PathContains => pathContains;

        public Fault Fault => fault;

        public int Times { get; set; } = times;
    }
}

/// <summary>Something that goes wrong with a request.</summary>
public delegate Task Fault(FaultContext context);

/// <summary>A request that goes wrong.</summary>
/// <param name="Registry">Who received it.</param>
/// <param name="Http">The request and its answer.</param>
/// <param name="AnswerAsync">Answers it as if nothing went wrong.</param>
public sealed record FaultContext(ScriptedRegistry Registry, HttpContext Http, Func<Task> AnswerAsync);
