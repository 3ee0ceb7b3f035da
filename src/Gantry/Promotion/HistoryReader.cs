using Gantry.Environments;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Promotion;

/// <summary>
/// Reads the promotions that are recorded in one registry of an environment: beside the image under each tag, and beside the image that the
/// base registry has under it, which shows what was there before the tag was moved.
/// </summary>
internal sealed class HistoryReader(IRegistryClient repositories, PromotionTarget target, IReadOnlyList<string> images, RecordScope scope)
{
    /// <summary>The maximum number of versions that are read, the highest first.</summary>
    public required int MaximumVersions { get; init; }

    /// <summary>The releases of the base registry; null when they are not compared.</summary>
    public BaseReleases? Base { get; init; }

    /// <summary>Returns true for the versions that are read; all of them when null.</summary>
    public Func<string, bool>? Includes { get; init; }

    /// <summary>The versions whose promotions are checked in any case.</summary>
    public IReadOnlySet<string> Checked { get; init; } = new HashSet<string>();

    /// <summary>Reads the promotions; errors are in the result.</summary>
    /// <param name="wanted">A version that is read in any case; null for none.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<PromotionHistory> ReadAsync(string? wanted, CancellationToken cancellationToken)
    {
        var listed = await Concurrently.SelectAsync(images, ListTagsAsync, cancellationToken);
        var tags = listed
            .SelectMany(image => image.Tags)
            .Where(tag => !DigestTags.IsDigestTag(tag) && ReleaseTag.IsVersion(ReleaseTag.VersionOf(tag)))
            .Where(tag => Includes?.Invoke(ReleaseTag.VersionOf(tag)) != false)
            .Distinct(StringComparer.Ordinal)
            .OrderByDescending(tag => wanted is not null && ReleaseTag.VersionOf(tag) == wanted)
            .ThenByDescending(tag => tag, VersionComparer.Instance)
            .ToList();
        var read = await Concurrently.SelectAsync(
            tags.Take(MaximumVersions), (tag, token) => ReadTagAsync(tag, listed, token), cancellationToken);
        var sorted = read
            .SelectMany(tag => tag.Promotions)
            .OrderByDescending(each => each.Promotion.Promoted)
            .ThenByDescending(each => each.Promotion.Version, VersionComparer.Instance);
        var (promotions, faults) = await CheckAsync(sorted, wanted, cancellationToken);
        return new PromotionHistory
        {
            Promotions = promotions,
            Unrecorded = [.. read.Where(tag => tag.IsUnrecorded && VersionComparer.IsVersion(tag.Version)).Select(tag => tag.Version)],
            Unproven =
            [
                .. read.Where(tag => tag.Promotions.Count > 0).Select(tag => tag.Version)
                    .Except(promotions.Select(promotion => promotion.Version)),
            ],
            OfOtherEnvironments = [.. read.Where(tag => tag.IsOfOtherEnvironments).Select(tag => tag.Version)],
            ReadableImages = [.. listed.Where(image => image.Problem is null).Select(image => image.Name)],
            Skipped = [.. tags.Skip(MaximumVersions).Select(ReleaseTag.VersionOf)],
            Elsewhere = [.. read.SelectMany(tag => tag.Elsewhere).Distinct(StringComparer.Ordinal)],
            Implausible = [.. read.SelectMany(tag => tag.Implausible)],
            Problems =
            [
                .. listed.Select(image => image.Problem).OfType<GantryException>(),
                .. read.SelectMany(tag => tag.Problems),
                .. faults,
            ],
            ImageProblems =
            [
                .. listed.Where(image => image.Problem is not null).Select(image => new ImageProblem(image.Name, image.Problem!)),
            ],
        };
    }

    // Annotations without a record behind them are easily forged. Those of the current release and of the wanted one decide what is shown.
    private async Task<(IReadOnlyList<RecordedPromotion> Promotions, IReadOnlyList<GantryException> Faults)> CheckAsync(
        IEnumerable<ListedPromotion> sorted, string? wanted, CancellationToken cancellationToken)
    {
        var promotions = new List<RecordedPromotion>();
        var faults = new List<GantryException>();
        foreach (var (promotion, check) in sorted)
        {
            var decides = promotions.Count == 0 || promotion.Version == promotions[0].Version || promotion.Version == wanted
                || Checked.Contains(promotion.Version);
            if (decides && check is not null && await check(cancellationToken) is { } fault)
                faults.Add(fault);
            else
                promotions.Add(promotion);
        }

        return (promotions, faults);
    }

    private sealed record ListedImage(string Name, IImageRepository Repository)
    {
        public HashSet<string> Tags { get; init; } = [];

        public GantryException? Problem { get; init; }
    }

    private sealed record TagHistory(string Version)
    {
        public List<ListedPromotion> Promotions { get; init; } = [];

        public bool IsOfOtherEnvironments { get; init; }

        public IReadOnlyList<string> Elsewhere { get; init; } = [];

        public IReadOnlyList<GantryException> Implausible { get; init; } = [];

        public IReadOnlyList<GantryException> Problems { get; init; } = [];

        public bool IsUnrecorded { get; init; }
    }

    private async Task<ListedImage> ListTagsAsync(string name, CancellationToken cancellationToken)
    {
        var image = new ListedImage(name, repositories.Open(target.Address, name));
        try
        {
            return image with { Tags = (await image.Repository.ListTagsAsync(cancellationToken)).ToHashSet(StringComparer.Ordinal) };
        }
        catch (GantryException problem)
        {
            return image with { Problem = problem };
        }
    }

    // A promotion is recorded beside each image, so the first image that has a record is enough.
    private async Task<TagHistory> ReadTagAsync(string tag, IReadOnlyList<ListedImage> listed, CancellationToken cancellationToken)
    {
        var history = new TagHistory(ReleaseTag.VersionOf(tag)) { IsUnrecorded = true };
        foreach (var image in listed.Where(image => image.Tags.Contains(tag)))
        {
            try
            {
                history = await ReadImageAsync(history, tag, image, cancellationToken);
            }
            catch (GantryException problem)
            {
                history = history with { IsUnrecorded = false, Problems = [.. history.Problems, problem] };
            }

            if (history.Promotions.Count > 0)
                break;
        }

        return history;
    }

    private async Task<TagHistory> ReadImageAsync(TagHistory history, string tag, ListedImage image, CancellationToken cancellationToken)
    {
        if (await image.Repository.FindTagAsync(tag, cancellationToken) is not { } tagged)
            return history;

        history = Add(history, await ListAsync(image, tagged.Digest, cancellationToken));
        return history.Promotions.Count == 0 && await FindReplacedAsync(tag, image, tagged.Digest, cancellationToken) is { } replaced
            ? Add(history, await ListAsync(image, replaced, cancellationToken))
            : history;
    }

    private Task<ListedPromotions> ListAsync(ListedImage image, Digest digest, CancellationToken cancellationToken) =>
        PromotionReferrer.ListAsync(image.Repository, digest, scope, image.Tags, cancellationToken);

    // Where the tag points to another image than in the base registry, the records are beside that image.
    private async Task<Digest?> FindReplacedAsync(string tag, ListedImage image, Digest there, CancellationToken cancellationToken)
    {
        if (Base is not { } published || published.Address == target.Address)
            return null;
        try
        {
            var expected = await published.FindTagAsync(image.Name, tag, cancellationToken);
            return expected == there ? null : expected;
        }
        catch (GantryException)
        {
            // Reported where the release is compared with the base registry.
            return null;
        }
    }

    private TagHistory Add(TagHistory history, ListedPromotions listed)
    {
        var promotions = listed.Promotions.Where(each => each.Promotion.Version == history.Version).ToList();
        var isOfOthers = history.IsOfOtherEnvironments
            || listed.OtherEnvironments.Contains(history.Version)
            || Base?.Address == target.Address;
        return history with
        {
            Promotions = promotions,
            IsOfOtherEnvironments = isOfOthers && promotions.Count == 0,
            IsUnrecorded = history.IsUnrecorded && !isOfOthers && promotions.Count == 0,
            Elsewhere = [.. history.Elsewhere, .. listed.Elsewhere],
            Implausible = [.. history.Implausible, .. listed.Implausible],
        };
    }
}
