using System.Security.Cryptography;
using System.Text;
using Gantry.Status;

namespace Gantry.Drift;

/// <summary>What is not as it was promoted, in registries and on hosts, at one time.</summary>
public sealed record DriftReport
{
    /// <summary>The time of the read.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>The registries that were read, with the release that is promoted there.</summary>
    public required IReadOnlyList<DriftPlace> Places { get; init; }

    /// <summary>Each host, with what it runs.</summary>
    public required IReadOnlyList<HostComparison> Hosts { get; init; }

    /// <summary>True when hosts were read; false where only the build knows them.</summary>
    public bool AreHostsRead { get; init; } = true;

    /// <summary>Everything that is not as it was promoted, and what could not be read, the gravest first.</summary>
    public required IReadOnlyList<DriftFinding> Findings { get; init; }

    /// <summary>The state in one word.</summary>
    public DriftState State =>
        Findings.Any(finding => finding.IsDrift) ? DriftState.Drifted
        : Findings.Count > 0 ? DriftState.Unknown
        : DriftState.Settled;

    /// <summary>
    /// The same text for the same drift: 16 hexadecimal characters over all findings that are drift, whatever their order. Empty without
    /// drift.
    /// </summary>
    public string Fingerprint
    {
        get
        {
            var findings = Findings.Where(finding => finding.IsDrift).Select(finding => finding.Identity).Order(StringComparer.Ordinal);
            var all = string.Join('\n', findings);
            return all.Length == 0 ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..16];
        }
    }

    /// <summary>Creates the report of a status, and of the hosts where they were read.</summary>
    /// <param name="status">The status as the registries prove it.</param>
    /// <param name="hosts">The hosts; null when they were not read.</param>
    public static DriftReport Of(FleetStatus status, HostVerification? hosts) => new()
    {
        AsOf = status.AsOf,
        Places = [.. status.Targets.Select(target => DriftPlace.Of(status, target))],
        Hosts = hosts?.Hosts ?? [],
        AreHostsRead = hosts is not null,
        Findings =
        [
            .. status.Marks.Where(mark => DriftFinding.IsReported(mark.Kind)).Select(DriftFinding.Of)
                .Concat(hosts?.Findings ?? [])
                .DistinctBy(finding => finding.Identity)
                .OrderBy(finding => finding.Kind),
        ],
    };
}

/// <summary>The result of a comparison.</summary>
public enum DriftState
{
    /// <summary>Everything could be read, and is as it was promoted.</summary>
    Settled,

    /// <summary>Something is not as it was promoted.</summary>
    Drifted,

    /// <summary>Nothing that was read has drifted, and not everything could be read.</summary>
    Unknown,
}
