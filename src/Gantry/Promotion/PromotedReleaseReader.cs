using Gantry.Environments;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Promotion;

/// <summary>
/// Reads all images of a release in one registry of an environment, with their records, and compares them with the release in the base
/// registry.
/// </summary>
internal sealed class PromotedReleaseReader(IRegistryClient repositories, PromotionTarget target, RecordScope scope)
{
    /// <summary>The releases of the base registry; null when they are not compared.</summary>
    public BaseReleases? Base { get; init; }

    /// <summary>Reads a release; its differences and errors are in the result.</summary>
    /// <param name="version">The version.</param>
    /// <param name="images">The names of the images of the build.</param>
    /// <param name="history">The promotions in the registry.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<FoundInEnvironment> ReadAsync(
        string version, IReadOnlyList<string> images, PromotionHistory history, CancellationToken cancellationToken)
    {
        var tag = ReleaseTag.Of(version);
        var (published, unknown) = await FindPublishedAsync(version, history, cancellationToken);

        // An image that could not be read may still exist.
        var names = published?.Images.Select(image => image.Name) ?? images.Intersect(history.ReadableImages);
        var read = await Concurrently.SelectAsync(
            names, (name, token) => ReadImageAsync(name, tag, version, published, token), cancellationToken);
        if (read.All(image => image.Digest is null && image.Problem is null))
            return FoundInEnvironment.Nothing;

        var problems = read
            .SelectMany(image => image.Problem is { } problem ? [problem, .. image.Implausible] : image.Implausible)
            .Concat(read.Select(image => FindDifference(image, tag, published)).OfType<GantryException>())
            .ToList();
        if (unknown is not null)
            problems.Add(unknown);
        var (gap, incomplete) = FindGap(version, read, published);
        if (gap is not null)
            problems.Add(gap);
        return new FoundInEnvironment
        {
            Release = ToRelease(version, read, history, published),
            ImageProblems =
            [
                .. read.SelectMany(image => ProblemsOf(image, tag, published)
                    .Select(problem => new ImageProblem(image.Name, problem))),
                .. incomplete.Select(name => new ImageProblem(name, gap!)),
            ],
            Elsewhere = [.. read.SelectMany(image => image.Elsewhere).Distinct(StringComparer.Ordinal)],
            Problems = problems,
        };
    }

    private sealed record ImageState(string Name, IImageRepository Repository)
    {
        public Digest? Digest { get; init; }

        public IReadOnlyList<PromotionRecord> Records { get; init; } = [];

        public IReadOnlyList<string> Elsewhere { get; init; } = [];

        public IReadOnlyList<GantryException> Implausible { get; init; } = [];

        public GantryException? Problem { get; init; }
    }

    private async Task<(Release? Published, GantryException? Unknown)> FindPublishedAsync(
        string version, PromotionHistory history, CancellationToken cancellationToken)
    {
        // Nothing is there to compare.
        if (Base is null || history.ReadableImages.Count == 0)
            return (null, null);
        try
        {
            return (await Base.FindAsync(version, cancellationToken), null);
        }
        catch (GantryException error)
        {
            return (null, error);
        }
    }

    private async Task<ImageState> ReadImageAsync(
        string name, string tag, string version, Release? published, CancellationToken cancellationToken)
    {
        var image = new ImageState(name, repositories.Open(target.Address, name));
        try
        {
            if (await image.Repository.FindTagAsync(tag, cancellationToken) is not { } tagged)
                return image;
            image = image with { Digest = tagged.Digest };
            var found = await PromotionReferrer.FindAsync(
                image.Repository, tagged.Digest, scope with { Published = published?.Created }, version, cancellationToken);
            return image with { Records = found.Records, Elsewhere = found.Elsewhere, Implausible = Ignored(found) };
        }
        catch (GantryException problem)
        {
            return image with { Problem = problem };
        }
    }

    // Records of the time before the release was published again say nothing where there are others.
    private static IReadOnlyList<GantryException> Ignored(FoundRecords found) =>
        found.Records.Count > 0 ? found.Implausible : found.Ignored;

    private static IEnumerable<GantryException> ProblemsOf(ImageState image, string tag, Release? published) =>
        image.Implausible
            .Prepend(image.Problem)
            .Append(FindDifference(image, tag, published))
            .OfType<GantryException>();

    private static GantryException? FindDifference(ImageState image, string tag, Release? published) =>
        published?.Images.FirstOrDefault(released => released.Name == image.Name) is { } expected
        && image.Digest is { } there && there != expected.Digest
            ? PromotionErrors.Overwritten(image.Repository.Location, tag, there, expected.Digest)
            : null;

    // What was overwritten is reported as such; that its image has no record says nothing more.
    private (GantryException? Gap, IReadOnlyList<string> Images) FindGap(
        string version, IReadOnlyList<ImageState> images, Release? published)
    {
        var readable = images.Where(image => image.Problem is null).ToList();
        var missing = readable.Where(image => image.Digest is null).Select(image => image.Name).ToList();
        var unrecorded = readable
            .Where(image => image.Digest is { } there && image.Records.Count == 0
                && published?.Images.Any(released => released.Name == image.Name && released.Digest != there) != true)
            .ToList();
        if (missing.Count + unrecorded.Count == 0)
            return (null, []);
        var gap = PromotionErrors.Incomplete(
            version,
            target.DisplayName,
            missing,
            [.. unrecorded.Select(image => image.Name)],
            [.. unrecorded.SelectMany(image => image.Elsewhere).Distinct(StringComparer.Ordinal)]);
        return (gap, [.. missing, .. unrecorded.Select(image => image.Name)]);
    }

    private PromotedRelease ToRelease(
        string version, IReadOnlyList<ImageState> images, PromotionHistory history, Release? published)
    {
        var dates = scope with { Published = published?.Created };
        history = history with
        {
            Promotions = [.. history.Promotions.Where(promotion =>
                promotion.Version != version || !dates.IsBeforePublication(promotion.Promoted))],
        };
        var since = history.FindArrival(version);
        var records = images.Select(image => image.Records).FirstOrDefault(records => records.Count > 0) ?? [];
        var ofStay = OfStay(records, since);
        return new PromotedRelease
        {
            Version = version,
            Since = since,
            Superseded = since is null ? null : history.FindSuccessor(version),
            Images =
            [
                .. images.Where(image => image.Digest is not null).Select(image => ToImage(image, since)),
            ],
            MissingImages = [.. images.Where(image => image is { Digest: null, Problem: null }).Select(image => image.Name)],
            Record = ofStay.LastOrDefault(),
            OpenBypass = FindOpenBypass(ofStay),
            HostsConfirmed = ofStay.Any(record => record.Hosts is not null),
        };
    }

    // An image whose promotion is not recorded in this stay was promoted in an earlier one.
    private static PromotedImage ToImage(ImageState image, DateTimeOffset? since)
    {
        var ofStay = OfStay(image.Records, since);
        return new PromotedImage(image.Name, image.Digest!.Value)
        {
            Record = ofStay is [.., var first] ? first : image.Records is [var latest, ..] ? latest : null,
            OpenBypass = FindOpenBypass(ofStay),
        };
    }

    private static List<PromotionRecord> OfStay(IReadOnlyList<PromotionRecord> records, DateTimeOffset? since) =>
        [.. records.Where(record => since is null || record.Promoted >= since)];

    private static string? FindOpenBypass(List<PromotionRecord> ofStay) =>
        ofStay is [{ IsOpenBypass: true } latest, ..] ? latest.Bypass : null;
}

/// <summary>A release as it was found in a registry of an environment, with everything that is wrong about it.</summary>
internal sealed record FoundInEnvironment
{
    public static FoundInEnvironment Nothing { get; } = new();

    public PromotedRelease? Release { get; init; }

    public IReadOnlyList<string> Elsewhere { get; init; } = [];

    public IReadOnlyList<GantryException> Problems { get; init; } = [];

    public IReadOnlyList<ImageProblem> ImageProblems { get; init; } = [];
}
