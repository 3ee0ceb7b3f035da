using Gantry.Promotion;

namespace Gantry.Verification;

/// <summary>Formats a chain as a story: one line for the build and one for each promotion, then what is wrong.</summary>
public static class ReleaseChainFormatter
{
    /// <summary>Formats a chain.</summary>
    /// <param name="chain">The chain.</param>
    public static IEnumerable<string> Describe(ReleaseChain chain) => Lines(chain).Select(DisplayText.Neutralize);

    private static IEnumerable<string> Lines(ReleaseChain chain)
    {
        yield return $"{chain.Image}{(chain.Version is { } version ? " " + version : "")} {chain.Digest}";
        if (chain.Build is { Provenance: var provenance } build)
        {
            var how = provenance.BuildDefinition.ExternalParameters.RebasedFrom is { } rebased
                ? $"rebased {Format.Time(provenance.Time)} from the release {rebased}, which is from {CommitOf(build)},"
                : $"built {Format.Time(provenance.Time)} from {CommitOf(build)}";
            yield return $"  base: {how} by {provenance.RunDetails.Builder.Id}"
                + (provenance.RunDetails.Metadata.InvocationId is { } run ? $" ({run})" : "");
            foreach (var baseImage in provenance.BaseImages)
                yield return $"    on {baseImage.Uri}";
            yield return $"    signed with {build.Key.Name} ({build.Key.Key.ShortId})";
        }

        foreach (var place in chain.Places)
        {
            if (!place.IsThere)
                yield return $"  {place.Target.DisplayName}: not there";
            foreach (var line in place.Promotions.SelectMany(promotion => Lines(place, promotion)))
                yield return line;
        }

        foreach (var finding in chain.Findings)
            yield return $"  {(finding.Kind == ChainFindingKind.Ignored ? "does not count" : "WRONG")}: {finding.Error.Message}";
        yield return Verdict(chain);
    }

    private static IEnumerable<string> Lines(VerifiedPlace place, PromotionRecord promotion)
    {
        yield return $"  {place.Target.DisplayName}: promoted {Format.Time(promotion.Promoted)} by {promotion.By}"
            + (promotion.WentBack is { } back ? $", back from {back.From} because: {back.Reason}" : "")
            + (promotion.Hosts is { } hosts ? $", {Format.Count(hosts.Count, "host")} done" : "");
        foreach (var gate in promotion.Gates)
            yield return $"    {gate.Gate}: {Describe(gate)}";
        if (promotion.BreakGlass is { } glass)
            yield return $"    break-glass because: {glass.Reason} (skipped {string.Join("; ", glass.Skipped)})";
        if (promotion.MovedTag is { } moved)
            yield return $"    tag moved from {moved.From} because: {moved.Reason}";
        yield return promotion.Signature is { } signature
            ? $"    signed with {signature.Key.Name} ({signature.Key.Key.ShortId})"
            : "    not signed";
    }

    private static string Describe(RecordedGate gate)
    {
        var verdict = gate.Verdict switch
        {
            GateVerdict.Held => "held",
            GateVerdict.Approved => "approved",
            GateVerdict.Service => "held by the service",
            _ => "overridden",
        };
        return verdict + (gate.Reason is { } reason ? $" because: {reason}" : "") + (gate.Finding is { } finding ? $" ({finding})" : "");
    }

    private static string CommitOf(VerifiedBuild build) =>
        build.Provenance.Commit is { Length: >= 12 } found ? found[..12] : "an unknown commit";

    private static string Verdict(ReleaseChain chain)
    {
        var wrong = chain.Findings.Count(finding => finding.Kind != ChainFindingKind.Ignored);
        var promotions = chain.Places.Sum(place => place.Promotions.Count);
        return wrong == 0
            ? $"  Holds: the build and {Format.Count(promotions, "promotion")}, in order, without a gap."
            : $"  Does not hold: {Format.Count(wrong, "finding")}.";
    }
}
