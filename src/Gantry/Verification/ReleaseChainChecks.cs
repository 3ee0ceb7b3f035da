using Gantry.Checks;

namespace Gantry.Verification;

/// <summary>Makes checks of verified chains: the build and each registry of an image is one, and each finding that fails it.</summary>
public static class ReleaseChainChecks
{
    /// <summary>Returns the checks.</summary>
    /// <param name="chains">The chains, one for each image.</param>
    /// <param name="file">The file with the declaration of the environments; null when it is not known.</param>
    public static CheckReport Of(IReadOnlyList<ReleaseChain> chains, string? file = null) => new(
        chains is [{ Version: { } version }, ..] ? $"verification of {version}" : "verification",
        [.. chains.SelectMany(ChecksOf)])
    {
        File = file,
    };

    private static IEnumerable<Check> ChecksOf(ReleaseChain chain)
    {
        if (chain.Build is { } build)
            yield return new(chain.Image, "build", CheckState.Passed) { Message = $"signed with {build.Key.Name}" };
        foreach (var place in chain.Places)
        {
            var state = !place.IsThere ? CheckState.Open : CheckState.Passed;
            if (!chain.Findings.Any(finding => finding.Place == place.Target.DisplayName && finding.Kind != ChainFindingKind.Ignored))
                yield return new(chain.Image, place.Target.DisplayName, state)
                {
                    Message = place.IsThere ? $"promoted {Format.Count(place.Promotions.Count, "time")}" : "the image is not there",
                };
        }

        foreach (var finding in chain.Findings)
            yield return Check.Of(
                chain.Image,
                $"{finding.Place}: {finding.Error.Code}",
                finding.Error,
                finding.Kind is ChainFindingKind.Ignored or ChainFindingKind.Bypassed ? CheckState.Warning : CheckState.Failed);
    }
}
