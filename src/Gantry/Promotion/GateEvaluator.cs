using System.Globalization;
using Gantry.Environments;
using Gantry.IO;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Promotion;

/// <summary>Evaluates the gates that depend only on the registries and the clock. A service or a person decides about all others.</summary>
internal sealed class GateEvaluator(IRegistryClient repositories, TimeProvider time)
{
    /// <summary>
    /// Evaluates the gates of the environment. Throws <c>GAN5002</c> when a soak time is not over, <c>GAN5003</c> when it cannot be
    /// determined, unless the request overrides it.
    /// </summary>
    public async Task<IReadOnlyList<PlannedGate>> EvaluateAsync(PromotionRequest request, CancellationToken cancellationToken)
    {
        var gates = new List<PlannedGate>();
        foreach (var gate in request.Environment.Gates)
        {
            gates.Add(gate switch
            {
                SoakGate soak => await ReadSoakAsync(request, soak, cancellationToken),
                BusinessHoursGate hours => ReadHours(hours),
                BranchControlGate branches => ReadBranch(branches, request.Release.Branch),
                _ => new PlannedGate(gate),
            });
        }

        return gates;
    }

    private async Task<PlannedGate> ReadSoakAsync(PromotionRequest request, SoakGate gate, CancellationToken cancellationToken)
    {
        var overridden = new PlannedGate(gate) { Verdict = GateVerdict.Overridden, Reason = request.OverrideSoakReason };
        var isOverridden = request.OverrideSoakReason is not null;
        DateTimeOffset since;
        try
        {
            since = await FindArrivalAsync(request, cancellationToken);
        }
        catch (GantryException error) when (isOverridden)
        {
            return overridden with { Finding = error.Problem };
        }

        var due = since + gate.Duration;
        var before = request.Environment.After?.DisplayName ?? "the environment before";
        var finding = $"in {before} since {Format.Time(since)}, over at {Format.Time(due)}";
        return time.GetUtcNow() >= due ? new PlannedGate(gate) { Verdict = GateVerdict.Held, Finding = finding }
            : isOverridden ? overridden with { Finding = finding }
            : throw GateErrors.SoakNotOver(request.Release.Version, request.Environment, before, gate.Duration, since, due);
    }

    /// <summary>Finds the time when the last image of the release reached the last region of the previous environment.</summary>
    private async Task<DateTimeOffset> FindArrivalAsync(PromotionRequest request, CancellationToken cancellationToken)
    {
        if (request.Before.Count == 0)
            throw GateErrors.SoakUnknown(request.Release.Version, request.Environment, "the registry of that environment is not given");

        var arrivals = await Concurrently.SelectAsync(
            request.Before.SelectMany(target => request.Release.Images.Select(image => (Target: target, Image: image))),
            (at, token) => FindArrivalAsync(request, at.Target, at.Image, token),
            cancellationToken);
        return arrivals.Max();
    }

    private async Task<DateTimeOffset> FindArrivalAsync(
        PromotionRequest request, PromotionTarget target, ReleaseImage image, CancellationToken cancellationToken)
    {
        var before = target.Environment;
        var repository = repositories.Open(target.Address, image.Name);
        IReadOnlyList<PromotionRecord> records;
        try
        {
            records = await PromotionReferrer.FindAsync(repository, image.Digest, before.Name, target.Region, request.Release.Version, cancellationToken);
        }
        catch (GantryException error)
        {
            // A gate that cannot be evaluated does not hold.
            throw GateErrors.SoakUnknown(request.Release.Version, request.Environment, error.Problem, error);
        }

        // With hosts, the time counts from the record that they run it.
        return records.FirstOrDefault(record => !before.HasHosts || record.Hosts is not null) is { } arrival ? arrival.Promoted
            : throw GateErrors.SoakUnknown(request.Release.Version, request.Environment, $"{repository.Location} has no record {(records.Count > 0 ? $"that the hosts of {before} run it" : $"of its promotion to {before}")}");
    }

    private PlannedGate ReadHours(BusinessHoursGate gate)
    {
        var planned = new PlannedGate(gate);
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(gate.TimeZone, out var zone))
            return planned with { Finding = $"the time zone {gate.TimeZone} is not known here" };

        var now = TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone);
        var minute = new TimeOnly(now.Hour, now.Minute);
        var holds = gate.Days.Contains(now.DayOfWeek) && minute >= gate.Start && minute <= gate.End;
        var finding = string.Create(CultureInfo.InvariantCulture, $"it is {now:dddd HH:mm} there");
        return holds ? planned with { Verdict = GateVerdict.Held, Finding = finding } : planned with { Finding = "does not hold: " + finding };
    }

    private static PlannedGate ReadBranch(BranchControlGate gate, string? branch)
    {
        var planned = new PlannedGate(gate);
        if (branch is null)
            return planned with { Finding = "the branch of the release is not known" };

        var reference = branch.StartsWith("refs/", StringComparison.Ordinal) ? branch : "refs/heads/" + branch;
        if (!gate.References.Any(pattern => Matches(pattern, reference)))
            return planned with { Finding = $"does not hold: built from {branch}" };
        return gate.RequireProtection
            ? planned with { Finding = $"built from {branch}; whether that is protected is not known here" }
            : planned with { Verdict = GateVerdict.Held, Finding = $"built from {branch}" };
    }

    // '*' matches any characters, as in the check of the service.
    private static bool Matches(string pattern, string reference) =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern.Replace("?", "\\?", StringComparison.Ordinal), reference, ignoreCase: false);
}
