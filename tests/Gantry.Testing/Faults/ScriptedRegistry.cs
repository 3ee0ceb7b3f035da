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

/// <summary>The behaviour of a scripted registry without faults.</summary>
public sealed record ScriptedRegistryOptions
{
    /// <summary>The authentication scheme: <c>null</c>, <c>Basic</c> or <c>Bearer</c>.</summary>
    public string? Scheme { get; init; }

    /// <summary>True when anonymous tokens allow reading, as in public registries.</summary>
    public bool AnonymousPull { get; init; }

    /// <summary>The lifetime of its tokens.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>True when it has the referrers API.</summary>
    public bool ReferrersApi { get; init; } = true;

    /// <summary>True when manifests can be deleted.</summary>
    public bool Deletes { get; init; } = true;

    /// <summary>True when the referrers of a manifest are deleted with it, as in Azure Container Registry.</summary>
    public bool DeletesReferrers { get; init; }

    /// <summary>Which mounts it grants: none, from other repositories only, or from any.</summary>
    public MountSupport Mounts { get; init; } = MountSupport.Any;

    /// <summary>True when interrupted uploads can be resumed in chunks.</summary>
    public bool Resumable { get; init; } = true;

    /// <summary>True when the rest of a blob can be requested.</summary>
    public bool Ranges { get; init; } = true;

    /// <summary>The maximum number of entries on a page of a list.</summary>
    public int PageSize { get; init; } = int.MaxValue;

    /// <summary>True when uploads have addresses like those of the reference implementation.</summary>
    public bool ReferenceImplementation { get; init; } = true;

    /// <summary>A certificate with its key, for TLS; null for plain HTTP.</summary>
    public System.Security.Cryptography.X509Certificates.X509Certificate2? Certificate { get; init; }

    /// <summary>The clock of tokens and stalls.</summary>
    public AutoAdvancingTime Time { get; init; } = new();
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

/// <summary>A received request.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path, without the query.</param>
/// <param name="Query">The query, with its question mark.</param>
/// <param name="Authorization">The scheme and the credential, or null.</param>
/// <param name="Range">The requested range, or null.</param>
public sealed record ReceivedRequest(string Method, string Path, string Query, string? Authorization, string? Range)
{
    public override string ToString() => $"{Method} {Path}{Query}";
}

/// <summary>
/// A registry in this process that follows the distribution specification, except for requests that a test scripts to fail.
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

    public AutoAdvancingTime Time => Options.Time;

    /// <summary>Host and port.</summary>
    public string Host { get; private set; } = "";

    public string Url => $"{(Options.Certificate is null ? "http" : "https")}://{Host}";

    public HostAddress Address => (HostAddress)RegistryAddress.Parse(Host);

    /// <summary>Gets all received requests, in order.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => [.. _requests];

    public static async Task<ScriptedRegistry> StartAsync(ScriptedRegistryOptions? options = null)
    {
        var registry = new ScriptedRegistry(options ?? new ScriptedRegistryOptions());
        await registry._application.StartAsync();
        var addresses = registry._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        registry.Host = $"localhost:{new Uri(addresses.First()).Port}";
        return registry;
    }

    /// <summary>Counts the requests with this method and a path that contains this text.</summary>
    public int Count(string method, string path = "") =>
        _requests.Count(request => request.Method == method && request.Path.Contains(path, StringComparison.Ordinal));

    /// <summary>Makes the next requests fail that have this method and whose path and query contain this text.</summary>
    public void Fail(string method, string pathContains, Fault fault, int times = 1)
    {
        lock (_script)
            _script.Add(new ScriptLine(method, pathContains, fault, times));
    }

    /// <summary>Makes all such requests fail.</summary>
    public void FailAlways(string method, string pathContains, Fault fault) => Fail(method, pathContains, fault, int.MaxValue);

    /// <summary>Removes all faults.</summary>
    public void Recover()
    {
        lock (_script)
            _script.Clear();
    }

    /// <summary>Creates options of a session with this registry, on its clock.</summary>
    public RegistrySessionOptions SessionOptions(params ICredentialSource[] credentials) => new()
    {
        Credentials = credentials,
        TimeProvider = Time,
        NoProgressTimeout = AutoAdvancingTime.TimeLimit * 4,
        StallTimeout = AutoAdvancingTime.TimeLimit,
        ResponseTimeout = AutoAdvancingTime.TimeLimit,
        OptionalResponseTimeout = AutoAdvancingTime.TimeLimit,
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
        _requests.Enqueue(new ReceivedRequest(
            request.Method, request.Path, request.QueryString.Value ?? "", request.Headers.Authorization, request.Headers.Range));
        try
        {
            if (Take(request) is { } fault)
                await fault(new FaultContext(this, context, () => _api.HandleAsync(context)));
            else
                await _api.HandleAsync(context);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or BadHttpRequestException)
        {
            // The client is gone, or has sent less than announced: the tests do that on purpose.
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

/// <summary>A fault of a request.</summary>
public delegate Task Fault(FaultContext context);

/// <summary>A request with a fault.</summary>
/// <param name="Registry">The registry that received it.</param>
/// <param name="Http">The request and its answer.</param>
/// <param name="AnswerAsync">Answers it as without a fault.</param>
public sealed record FaultContext(ScriptedRegistry Registry, HttpContext Http, Func<Task> AnswerAsync);
