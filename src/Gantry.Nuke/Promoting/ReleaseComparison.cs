using Gantry.Differences;
using Gantry.Differences.Selection;
using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Images.Differences;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Registries;
using Gantry.Nuke.Reporting;
using Gantry.Nuke.Signing;

namespace Gantry.Nuke.Promoting;

/// <summary>Shows what differs between two environments or releases.</summary>
/// <param name="registries">The registries of the build.</param>
/// <param name="keys">Its keys.</param>
/// <param name="images">The names of the images.</param>
internal sealed class ReleaseComparison(RegistrySettings registries, SigningKeys keys, IReadOnlyList<string> images)
{
    /// <summary>Compares and writes the report.</summary>
    /// <param name="from">The environment, version or digest that is compared from.</param>
    /// <param name="to">The environment, version or digest that is compared to.</param>
    /// <param name="files">True to compare files.</param>
    /// <param name="writer">Writes the report.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    public async Task ShowAsync(string from, string to, bool files, ReportWriter writer, CancellationToken cancellationToken)
    {
        var targets = new List<PromotionTarget>();
        foreach (var environment in EnvironmentDeclarations.Of(registries.Build) ?? EnvironmentSet.Create([]))
            targets.AddRange(await keys.TargetsOfAsync(environment, cancellationToken));
        var selector = new ReleaseSelector(RegistryAccess.Of(registries).Reading, registries.Base, images, targets, TimeProvider.System)
        {
            ClientOf = environment => RegistryAccess.Of(registries, environment).Reading,
        };
        var (one, other) = (await selector.SelectAsync(from, cancellationToken), await selector.SelectAsync(to, cancellationToken));
        foreach (var remark in new[] { one.Remark, other.Remark }.OfType<string>())
            BuildOutput.Warning(remark);
        var reader = new ReleaseDifferenceReader
        {
            Commits = new GitCommitLog(registries.Build.RootDirectory),
            Files = new LayerFileDifferences(),
            Parts = files ? DifferenceParts.All | DifferenceParts.Files : DifferenceParts.All,
        };
        var difference = await reader.ReadAsync(one.Release, other.Release, cancellationToken);
        writer.Write(ReleaseDifferenceFormatter.Describe(difference), ReleaseDifferenceDocument.Of(difference));
    }
}
