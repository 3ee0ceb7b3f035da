using System.Security.Cryptography.X509Certificates;
using Gantry.Oci;

namespace Gantry.Registries;

/// <summary>How registries and layout folders are reached. The defaults suit a laptop and an agent alike.</summary>
public sealed record RegistrySessionOptions
{
    /// <summary>Where credentials come from, asked in this order; by default nowhere: everything is anonymous.</summary>
    public IReadOnlyList<ICredentialSource> Credentials { get; init; } = [];

    /// <summary>The folder that relative <c>oci:</c> addresses are taken from; by default the current directory.</summary>
    public string RootFolder { get; init; } = Environment.CurrentDirectory;

    /// <summary>
    /// Hosts, with their ports, that are spoken to over plain HTTP although they are not this machine. Loopback hosts
    /// (<c>localhost:5001</c>) always are, unless they are in <see cref="TlsHosts"/>.
    /// </summary>
    public IReadOnlySet<string> PlainHttpHosts { get; init; } = new HashSet<string>();

    /// <summary>Loopback hosts, with their ports, that are spoken to over TLS.</summary>
    public IReadOnlySet<string> TlsHosts { get; init; } = new HashSet<string>();

    /// <summary>
    /// Other registries that hold copies, by the host that they stand in for. They are asked first when something is read by its
    /// digest; tags, and everything that is written, go to the registry itself.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<HostAddress>> Mirrors { get; init; } = new Dictionary<string, IReadOnlyList<HostAddress>>();

    /// <summary>Certificates of authorities that are trusted besides those of this machine.</summary>
    public X509Certificate2Collection CertificateAuthorities { get; init; } = [];

    /// <summary>Certificates of authorities that are trusted for one host (with its port), besides those that are trusted for all.</summary>
    public IReadOnlyDictionary<string, X509Certificate2Collection> HostAuthorities { get; init; } = new Dictionary<string, X509Certificate2Collection>();

    /// <summary>Client certificates by host (with its port).</summary>
    public IReadOnlyDictionary<string, X509Certificate2> ClientCertificates { get; init; } = new Dictionary<string, X509Certificate2>();

    /// <summary>Where certificates are looked for when a host is first spoken to: those in the two properties above go before them.</summary>
    internal IReadOnlyList<string> CertificateFolders { get; init; } = [];

    /// <summary>
    /// The proxy; by default the one that <c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c> and <c>NO_PROXY</c> name, or the system's.
    /// </summary>
    public System.Net.IWebProxy? Proxy { get; init; }

    /// <summary>The most connections to one host at once. A copy within one registry needs two.</summary>
    public int MaximumConnectionsPerHost { get; init; } = 64;

    /// <summary>How long making a connection may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long bytes of a body may fail to move, in either direction, before the transfer counts as broken.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a registry may take to answer a request that it has received in full.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>What is tried again, how often and how soon.</summary>
    public RegistryRetryOptions Retry { get; init; } = new();

    /// <summary>How long to wait for another process that is writing to the same layout folder.</summary>
    public TimeSpan LayoutLockTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The clock, for time limits, pauses and the expiry of tokens.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

/// <summary>
/// What is tried again: broken connections, stalls, 408, 500, 502, 503, 504, each after a pause that doubles and is jittered; and
/// 429 after the pause that the registry asks for, which holds for everything sent to that host. Nothing else is.
/// </summary>
public sealed record RegistryRetryOptions
{
    /// <summary>How often a failed request is tried again; a transfer that moved bytes in between starts counting anew.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>The pause before the first repetition, which doubles with each further one.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest pause between repetitions.</summary>
    public TimeSpan MaximumDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How often a request is tried again that was refused because of the rate.</summary>
    public int RateLimitAttempts { get; init; } = 10;

    /// <summary>The pause after a refusal because of the rate when the registry names none.</summary>
    public TimeSpan RateLimitDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause that is taken when a registry asks for one; a longer one is an error at once.</summary>
    public TimeSpan MaximumRateLimitDelay { get; init; } = TimeSpan.FromMinutes(5);
}
