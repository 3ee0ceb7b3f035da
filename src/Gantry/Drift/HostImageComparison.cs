using Gantry.Deployments;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Status;

namespace Gantry.Drift;

/// <summary>Compares what a host runs with the image that was promoted.</summary>
/// <param name="target">The registry that the host pulls from.</param>
/// <param name="host">The host, for people.</param>
/// <param name="cell">The image in that registry.</param>
/// <param name="promoted">The digest that was promoted.</param>
internal sealed class HostImageComparison(PromotionTarget target, string host, StatusCell cell, Digest promoted)
{
    private readonly string _repository = target.Address.Describe(cell.Image);

    private string Expected => $"{_repository}@{promoted}";

    /// <summary>Returns the line of the host, and what is wrong with it.</summary>
    public (HostComparison Line, IReadOnlyList<DriftFinding> Findings) Compare(HostReading reading)
    {
        var findings = reading.Images.Count == 0
            ? [Finding(DriftErrors.NoImage(host, target.DisplayName, Expected), found: null)]
            : reading.Images.Select(Compare).OfType<DriftFinding>().ToList();

        // A change in progress is no drift: its end is waited for by the promotion that made it. One that failed has no end.
        if (reading is { HasFailed: true, Unsettled: { } failure })
            findings.Add(Finding(DriftErrors.ChangeFailed(host, target.DisplayName, failure), found: null));
        var line = new HostComparison
        {
            Place = target.DisplayName,
            Host = host,
            Image = cell.Image,
            Agreement = findings.Count == 0 ? HostAgreement.AsPromoted : HostAgreement.Different,
            Expected = Expected,
            Found = [.. reading.Images.Select(image => image.Reference)],
            Since = reading.Images.Select(image => image.Since).Max(),
            Note = reading.Unsettled,
        };
        return (line, findings);
    }

    /// <summary>Returns the command that sets the hosts of an environment again.</summary>
    public static string Command(PromotionTarget target, string version) =>
        $"./build.sh Promote{target.Environment.Identifier} --skip --release {version}";

    private DriftFinding? Compare(HostImage image)
    {
        var found = image.Part is { } part ? $"{image.Reference} ({part})" : image.Reference;
        return FindError(image, found) is { } error ? Finding(error, image.Reference) : null;
    }

    private GantryException? FindError(HostImage image, string found)
    {
        if (image.Digest is not { } digest)
            return DriftErrors.TagOnly(host, target.DisplayName, found, Expected);
        if (digest != promoted)
            return DriftErrors.OtherImage(host, target.DisplayName, found, Expected);
        return image.Repository is { } repository && !repository.Equals(_repository, StringComparison.OrdinalIgnoreCase)
            ? DriftErrors.OtherRegistry(host, target.DisplayName, found, _repository)
            : null;
    }

    private DriftFinding Finding(GantryException error, string? found) =>
        DriftFinding.OfHost(StatusMarkKind.OtherOnHosts, target, host, cell.Image, error) with
        {
            Expected = Expected,
            Found = found,
            Command = cell.Version is { } version ? Command(target, version) : null,
        };
}
