using Gantry.Nuke.Parameters;
using Gantry.Nuke.Promoting;

namespace Gantry.Nuke;

/// <summary>Shows what differs between two environments or releases: commits, packages, base images, layers, files, settings.</summary>
public interface ICompareReleases : IPromote, IHazReportFormat
{
    /// <summary>What is compared from: an environment, a version, or the digest of an image of a release.</summary>
    [Parameter("First side of the comparison: an environment, a version or a digest")]
    string? From => TryGetValue(() => From).NullIfWhiteSpace();

    /// <summary>True to compare the files of the layers that differ, too: these layers are read completely.</summary>
    [Parameter("Also compares the files in the layers that differ; these layers are read completely")]
    bool Files => TryGetValue<bool?>(() => Files) ?? false;

    /// <summary>
    /// Shows what differs between <see cref="From"/> and <see cref="IPromote.To"/>. Succeeds whether or not something differs.
    /// </summary>
    Target Diff => _ => _
        .Description("Shows the differences between two environments or releases: --from, --to")
        .Uses(new(nameof(From), nameof(To), nameof(Files), nameof(Format), nameof(Output)) { Registries = true })
        .ExecutesAsync(this, cancellationToken => new ReleaseComparison(RegistrySettings, Keys, ImageNames).ShowAsync(
            From ?? throw PromoteErrors.NothingToCompare(nameof(From)),
            To ?? throw PromoteErrors.NothingToCompare(nameof(To)),
            Files,
            ReportWriter,
            cancellationToken));
}
