using System.Security.Cryptography.X509Certificates;
using Gantry.Oci;

namespace Gantry.Registries;

/// <summary>
/// The options for accessing registries and layout folders. The defaults suit a developer's machine and a build agent alike.
/// </summary>
public sealed record RegistrySessionOptions
{
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
    public IReadOnlyDictionary<string, IReadOnlyList<HostAddress>> Mirrors { get; init; } = new Dictionary<string, IReadOnlyList<HostAddress>>();

    /// <summary>Certificates of authorities that are trusted besides those of this machine.</summary>
    public X509Certificate2Collection CertificateAuthorities { get; init; } = [];

    /// <summary>Certificates of authorities that are trusted for one host (with its port), besides those that are trusted for all.</summary>
    public IReadOnlyDictionary<string, X509Certificate2Collection> HostAuthorities { get; init; } = new Dictionary<string, X509Certificate2Collection>();

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
    /// The time without any bytes of a body being transferred, in either direction, after which the transfer counts as broken.
    /// </summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The time limit for the answer to a request that the registry has received completely.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The limits and pauses of retries.</summary>
    public RegistryRetryOptions Retry { get; init; } = new();

    /// <summary>The time limit for waiting until another process has finished writing to the same layout folder.</summary>
    public TimeSpan LayoutLockTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The clock for time limits, pauses and the expiry of tokens.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

/// <summary>
/// The options for retries. Broken connections, stalls and the status codes 408, 500, 502, 503 and 504 are retried, each after a pause that
/// doubles and has jitter; 429 is retried after the pause that the registry asks for, which delays all requests to that host. Nothing else
/// is retried.
/// </summary>
public sealed record RegistryRetryOptions
{
    /// <summary>
    /// The maximum number of retries of a failed request; a transfer that made progress in between starts counting from zero again.
    /// </summary>
    public int Attempts { get; init; } = 5;

    /// <summary>The pause before the first retry, which doubles with each further one.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The maximum pause between retries.</summary>
    public TimeSpan MaximumDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The maximum number of retries of a request that was refused because of the rate limit.</summary>
    public int RateLimitAttempts { get; init; } = 10;

    /// <summary>The pause after a refusal because of the rate limit when the registry specifies none.</summary>
    public TimeSpan RateLimitDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The maximum pause that a registry may ask for; a longer one is an error immediately.</summary>
    public TimeSpan MaximumRateLimitDelay { get; init; } = TimeSpan.FromMinutes(5);
}
