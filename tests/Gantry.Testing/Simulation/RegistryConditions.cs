namespace Gantry.Testing.Simulation;

/// <summary>How far away a simulated registry is, what it carries, and what it allows.</summary>
public sealed record RegistryConditions
{
    private const double BytesOfMegabit = 1_000_000 / 8.0;

    /// <summary>The time between a request and its answer.</summary>
    public TimeSpan RoundTrip { get; init; } = TimeSpan.FromMilliseconds(30);

    /// <summary>The bytes that are read from it in a second, over all connections.</summary>
    public double DownloadSpeed { get; init; } = double.PositiveInfinity;

    /// <summary>The bytes that are written to it in a second, over all connections.</summary>
    public double UploadSpeed { get; init; } = double.PositiveInfinity;

    /// <summary>The requests of one client that are open at the same time.</summary>
    public int Connections { get; init; } = 64;

    /// <summary>The requests in a minute that it answers to all identities together.</summary>
    public RequestLimits Limits { get; init; } = new();

    /// <summary>The requests in a minute that it answers to one identity.</summary>
    public RequestLimits IdentityLimits { get; init; } = new();

    /// <summary>The time since the beginning at which it stops to answer anything but 503; null when it never does.</summary>
    public TimeSpan? FailsFrom { get; init; }

    /// <summary>
    /// The tiers of Azure Container Registry with the numbers that its documentation gave for each: operations in a minute, and megabits in
    /// a second. It gives none for one identity, and none for lists of referrers, which count as reads.
    /// </summary>
    /// <seealso href="https://learn.microsoft.com/azure/container-registry/container-registry-skus">Service tiers and limits</seealso>
    public static IReadOnlyDictionary<string, RegistryConditions> Tiers { get; } = new Dictionary<string, RegistryConditions>
    {
        ["Basic"] = Tier(reads: 1_000, writes: 100, download: 30, upload: 10),
        ["Standard"] = Tier(reads: 3_000, writes: 500, download: 60, upload: 20),
        ["Premium"] = Tier(reads: 10_000, writes: 2_000, download: 100, upload: 50),
    };

    private static RegistryConditions Tier(int reads, int writes, int download, int upload) => new()
    {
        Limits = new RequestLimits { Reads = reads, Writes = writes },
        DownloadSpeed = download * BytesOfMegabit,
        UploadSpeed = upload * BytesOfMegabit,
    };
}

/// <summary>The requests that are answered in a minute; null for any number.</summary>
public sealed record RequestLimits
{
    /// <summary>The requests that read anything, lists of referrers included.</summary>
    public int? Reads { get; init; }

    /// <summary>The requests that write.</summary>
    public int? Writes { get; init; }

    /// <summary>The lists of referrers, which count as reads, too.</summary>
    public int? ReferrerLists { get; init; }
}
