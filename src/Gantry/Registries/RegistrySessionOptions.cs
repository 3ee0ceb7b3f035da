using System.Security.Cryptography.X509Certificates;
using Gantry.Http;
using Gantry.Oci;

namespace Gantry.Registries;

/// <summary>
/// The options for accessing registries and layout folders. The defaults suit a developer's machine and a build agent alike.
/// </summary>
public sealed record RegistrySessionOptions
{
    private readonly TimeSpan? _responseTimeout;
    private readonly TimeSpan? _stallTimeout;

    /// <summary>The credential sources, in the order in which they are asked; empty by default: all access is anonymous.</summary>
    public IReadOnlyList<ICredentialSource> Credentials { get; init; } = [];

    /// <summary>The folder that relative <c>oci:</c> addresses are resolved against; by default the current directory.</summary>
    public string RootFolder { get; init; } = Environment.CurrentDirectory;

    /// <summary>
    /// Hosts, with their ports, that are accessed over plain HTTP although they are not this machine. Loopback hosts
    /// (<c>localhost:5001</c>) always are, unless they are in <see cref="TlsHosts"/>.
    /// </summary>
    public IReadOnlySet<string> PlainHttpHosts { get; init; } = new HashSet<string>();

    /// <summary>Loopback hosts, with their ports, that are accessed over TLS.</summary>
    public IReadOnlySet<string> TlsHosts { get; init; } = new HashSet<string>();

    /// <summary>
    /// Mirrors, by the host that they replace. They are asked first when something is read by its digest; tags, and everything that is
    /// written, go to the registry itself.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<HostAddress>> Mirrors { get; init; } =
        new Dictionary<string, IReadOnlyList<HostAddress>>();

    /// <summary>Certificates of authorities that are trusted besides those of this machine.</summary>
    public X509Certificate2Collection CertificateAuthorities { get; init; } = [];

    /// <summary>
    /// Certificates of authorities that are trusted for one host (with its port), besides those that are trusted for all.
    /// </summary>
    public IReadOnlyDictionary<string, X509Certificate2Collection> HostAuthorities { get; init; } =
        new Dictionary<string, X509Certificate2Collection>();

    /// <summary>Client certificates by host (with its port).</summary>
    public IReadOnlyDictionary<string, X509Certificate2> ClientCertificates { get; init; } = new Dictionary<string, X509Certificate2>();

    /// <summary>
    /// The folders with certificates, which are read before the first request to a host. Those in the two properties above take precedence.
    /// </summary>
    internal IReadOnlyList<string> CertificateFolders { get; init; } = [];

    /// <summary>The proxy; by default the one in <c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c> and <c>NO_PROXY</c>, or the system's.</summary>
    public System.Net.IWebProxy? Proxy { get; init; }

    /// <summary>The maximum number of connections to one host at the same time. A copy within one registry needs two.</summary>
    public int MaximumConnectionsPerHost { get; init; } = 64;

    /// <summary>The time limit for making a connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The time without progress after which an operation fails, over all its attempts. A longer time limit of one attempt counts instead.
    /// </summary>
    public TimeSpan NoProgressTimeout { get; init; } = Limits.NoProgress;

    /// <summary>
    /// The time without any bytes of a body being transferred, in either direction, after which the transfer counts as broken and is tried
    /// again; by default a quarter of the time without progress.
    /// </summary>
    public TimeSpan StallTimeout
    {
        get => _stallTimeout ?? NoProgressTimeout / 4;
        init => _stallTimeout = value;
    }

    /// <summary>
    /// The time limit for the answer to a request that the registry has received completely, after which it is tried again; by default half
    /// of the time without progress. After a large body the registry has all of that time.
    /// </summary>
    public TimeSpan ResponseTimeout
    {
        get => _responseTimeout ?? NoProgressTimeout / 2;
        init => _responseTimeout = value;
    }

    /// <summary>
    /// The time limit for an answer that only saves other requests, such as the list of tags; the session goes on without it afterwards.
    /// </summary>
    public TimeSpan OptionalResponseTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The limits and pauses of retries.</summary>
    public HttpRetryOptions Retry { get; init; } = new();

    /// <summary>The time limit for waiting until another process has finished writing to the same layout folder.</summary>
    public TimeSpan LayoutLockTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Masks the credentials that this session sends. Errors and the log are masked already; an output that shows what registries store
    /// (annotations, records) can apply it, too.
    /// </summary>
    public SecretMask Secrets { get; init; } = new();

    /// <summary>
    /// Receives one line about each request, retry, token and stored blob, without secrets; null for none. May be called by several threads
    /// at the same time.
    /// </summary>
    public Action<string>? Log { get; init; }

    /// <summary>
    /// Receives a line for people when a registry makes no progress for a while, and before a longer pause that one asks for; null for
    /// none. May be called by several threads at the same time.
    /// </summary>
    public Action<string>? Notice { get; init; }

    /// <summary>
    /// Receives, once each, what the session goes on without: a list that a registry refuses, for example. Null for none. May be called by
    /// several threads at the same time.
    /// </summary>
    public Action<GantryException>? Warn { get; init; }

    /// <summary>The clock for time limits, pauses and the expiry of tokens.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
