using Gantry.Differences;
using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Registries;
using Gantry.Nuke.Reporting;
using Gantry.Nuke.Signing;
using Gantry.Releases;
using Gantry.Status;

namespace Gantry.Nuke.Promoting;

/// <summary>Shows what happened in environments and to images.</summary>
/// <param name="registries">The registries of the build.</param>
/// <param name="keys">Its keys.</param>
/// <param name="images">The names of the images.</param>
/// <param name="writer">Writes the report.</param>
internal sealed class Histories(
    RegistrySettings registries, SigningKeys keys, IReadOnlyList<string> images, ReportWriter writer)
{
    /// <summary>Shows the history of an environment. Throws the first problem after that.</summary>
    /// <param name="name">The name of the environment.</param>
    /// <param name="image">The only image that is read; null for all.</param>
    /// <param name="changes">True to compare each release with the one before.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    public async Task ShowAsync(string name, string? image, bool changes, CancellationToken cancellationToken)
    {
        var environment = (EnvironmentDeclarations.Of(registries.Build) ?? EnvironmentSet.Create([])).Find(name);
        var reader = ReaderOf(environment, changes);
        var histories = new List<EnvironmentHistory>();
        foreach (var target in await keys.TargetsOfAsync(environment, cancellationToken))
            histories.Add(await reader.ReadAsync(target, Choose(image), cancellationToken));
        writer.Write(HistoryFormatter.Describe(environment.DisplayName, histories), EnvironmentHistoryDocument.Of(histories));
        ThrowIfAny([.. histories.SelectMany(history => history.Problems)]);
    }

    /// <summary>Shows the way of the images of a release. Throws the first problem after that.</summary>
    /// <param name="release">The release.</param>
    /// <param name="image">The only image that is shown; null for all.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    public async Task ShowWayAsync(Release release, string? image, CancellationToken cancellationToken)
    {
        var audits = await ReadAsync(release, image, cancellationToken);
        writer.Write(
            [.. audits.Select(HistoryFormatter.DescribeWay)], [.. audits.Select(audit => DigestAuditDocument.Of(audit.WayOnly()))]);
        ThrowIfAny([.. audits.SelectMany(audit => audit.Problems).Select(problem => problem.Error)]);
    }

    /// <summary>Shows everything that is known about the images of a release. Throws the first problem after that.</summary>
    /// <param name="release">The release.</param>
    /// <param name="image">The only image that is shown; null for all.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    public async Task AuditAsync(Release release, string? image, CancellationToken cancellationToken)
    {
        var audits = await ReadAsync(release, image, cancellationToken);
        writer.Write([.. audits.Select(AuditFormatter.Describe)], [.. audits.Select(DigestAuditDocument.Of)]);
        ThrowIfAny([.. audits.SelectMany(audit => audit.Problems).Select(problem => problem.Error)]);
    }

    private async Task<IReadOnlyList<DigestAudit>> ReadAsync(Release release, string? image, CancellationToken cancellationToken)
    {
        var policy = await new Verifications(registries, keys, images).PolicyAsync(cancellationToken);
        var chosen = Choose(image);
        var reader = new AuditReader(CachedRegistries.Of(registries), policy, TimeProvider.System)
        {
            ClientOf = environment => CachedRegistries.Of(registries, environment),
        };
        var audits = new List<DigestAudit>();
        foreach (var each in release.Images.Where(each => chosen.Contains(each.Name)))
            audits.Add(await reader.ReadAsync(each.Name, each.Digest, cancellationToken));
        return audits;
    }

    private EnvironmentHistoryReader ReaderOf(PromotionEnvironment environment, bool changes) =>
        new(CachedRegistries.Of(registries, environment), TimeProvider.System)
        {
            Base = new BaseReleases(CachedRegistries.Of(registries), registries.Base, images),
            Differences = changes ? new ReleaseDifferenceReader { Commits = new GitCommitLog(registries.Build.RootDirectory) } : null,
        };

    private IReadOnlyList<string> Choose(string? image) =>
        image is null ? images
        : images.Contains(image) ? [image]
        : throw PromoteErrors.UnknownImage(image, images);

    private static void ThrowIfAny(IReadOnlyList<GantryException> problems)
    {
        if (problems is [var first, ..])
            throw problems.Count == 1 ? first : PromoteErrors.SeveralProblems(first, problems.Count - 1);
    }
}
