using Gantry.Attestations;
using Gantry.Environments;
using Gantry.Oci;

namespace Gantry.Promotion.Gates;

/// <summary>The verdict on the reports beside one manifest.</summary>
/// <param name="Problems">The reasons why the image must not pass.</param>
/// <param name="Findings">What the reports say that count.</param>
/// <param name="Refused">The reasons why other reports do not count.</param>
internal sealed record ScanVerdict(
    IReadOnlyList<string> Problems, IReadOnlyList<string> Findings, IReadOnlyList<string> Refused)
{
    /// <summary>True when there is a report that counts, and no problem.</summary>
    public bool IsCovered => Problems.Count == 0 && Findings.Count > 0;
}

/// <summary>Decides which reports count, and what they mean.</summary>
/// <param name="gate">The gate.</param>
/// <param name="now">The present time.</param>
internal sealed class ScanJudge(VulnerabilityGate gate, DateTimeOffset now)
{
    public DateTimeOffset Now => now;

    public ScanVerdict Judge(BaseImage image, Digest place, IReadOnlyList<Scan> scans, IReadOnlyList<string> refused)
    {
        var problems = new List<string>();
        var notCounted = refused.ToList();
        var counted = new List<Scan>();
        var unreadable = new List<Scan>();
        foreach (var scan in scans)
        {
            if (scan.Report is { } report && !Counts(report.Scanner))
                notCounted.Add(Format.Line($"{scan.Origin} is by {report.Scanner}"));
            else if (FindFault(scan, image) is { } fault)
                unreadable.Add(scan with { Fault = fault });
            else if (now - scan.Time > gate.MaximumAge)
                notCounted.Add(DescribeAge(scan));
            else
                counted.Add(scan);
        }

        // The latest counts: one that cannot be read is followed by a better one, or is in its way.
        var newest = counted.Max(scan => scan.Time);
        foreach (var scan in unreadable)
        {
            if (newest is { } good && scan.Time < good)
                notCounted.Add(Format.Line($"{scan.Origin}: {scan.Fault}"));
            else
                problems.Add(Format.Line(
                    $"the vulnerability report {scan.Origin} of {image.Describe(place)} does not count: {scan.Fault}"));
        }

        var findings = new List<string>();
        var scanners = counted.GroupBy(scan => scan.Report!.Scanner, StringComparer.OrdinalIgnoreCase);
        foreach (var latest in scanners.SelectMany(Latest))
            Add(latest, $"{image.Describe(place)}: {latest.Report!.Scanner} at {Format.Time(latest.Time!.Value)}", problems, findings);
        return new ScanVerdict(problems, findings, notCounted);
    }

    // Several of the same second all count.
    private static IEnumerable<Scan> Latest(IEnumerable<Scan> scans)
    {
        var all = scans.ToList();
        return all.Where(scan => scan.Time == all.Max(other => other.Time));
    }

    private static bool IsOf(ScanReport report, BaseImage image) =>
        report.Images.Count == 0 || report.Images.Any(image.Places.Contains);

    private string? FindFault(Scan scan, BaseImage image)
    {
        if (scan.Fault is not null)
            return scan.Fault;
        if (scan.Time is not { } time)
            return "it does not say when the scan was";
        if (time - now > TrustPolicy.ClockSkew)
            return $"it is of the future: {Format.Time(time)}";
        return IsOf(scan.Report!, image) ? null : "it is about another image";
    }

    private void Add(Scan scan, string name, List<string> problems, List<string> findings)
    {
        var found = scan.Report!.Findings.DistinctBy(one => (one.Id, one.Severity)).ToList();
        var excepted = found.Where(one => gate.Except.Contains(one.Id, StringComparer.OrdinalIgnoreCase)).ToList();
        var blocking = found.Except(excepted).Where(Blocks).OrderByDescending(one => one.Severity).ToList();
        if (blocking.Count > 0)
        {
            var list = blocking.Select(one => Format.Line($"{one.Id} ({VulnerabilityGate.Name(one.Severity)})")).ToList();
            problems.Add(Format.Line($"{name} has {Format.Count(blocking.Count, "finding")}: {Reasons.Join(list, ", ")}"));
            return;
        }

        var others = found.Count - excepted.Count;
        var ids = excepted.Select(one => Format.Line($"{one.Id}")).Distinct().ToList();
        findings.Add(Format.Line(
            $"{name} has {Format.Count(others, "finding")}{(others == 0 ? "" : $" below {VulnerabilityGate.Name(gate.Threshold)}")}"
                + $"{(ids.Count == 0 ? "" : ", except ")}{Reasons.Join(ids, ", ")}"));
    }

    private bool Counts(string scanner) =>
        gate.Scanners.Count == 0 || gate.Scanners.Contains(scanner, StringComparer.OrdinalIgnoreCase);

    private string DescribeAge(Scan scan) => Format.Line(
        $"{scan.Origin} is of {Format.Time(scan.Time!.Value)}, and counts for {Format.Duration(gate.MaximumAge)}");

    private bool Blocks(ScanFinding found) =>
        found.Severity == VulnerabilitySeverity.Unknown ? !gate.AllowUnknownSeverity : found.Severity >= gate.Threshold;
}
