using Gantry.Images.Comparison;
using Gantry.Images.Rebasing;
using Gantry.Nuke.Execution;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Nuke.BaseImages;

/// <summary>Repeats the rebase of a release, and compares the digests: the same inputs give the same ones.</summary>
internal sealed class RebaseRepetition
{
    /// <summary>The client for the registries of base images.</summary>
    public required IRegistryClient BaseImages { get; init; }

    /// <summary>Opens the repository of an image in the base registry.</summary>
    public required Func<string, IImageRepository> OpenBase { get; init; }

    /// <summary>Finds a release of the base registry by its version.</summary>
    public required Func<string, CancellationToken, Task<Release>> FindRelease { get; init; }

    /// <summary>Finds the options without pinned base images: only for a release that was rebased.</summary>
    public required Func<CancellationToken, Task<RebaseOptions>> FindOptionsAsync { get; init; }

    /// <summary>
    /// Returns the release and those that it was made from, the built one last: one release when it was built itself. Throws
    /// <c>GAN4855</c> when one of them cannot be found, <c>GAN4856</c> when there are too many.
    /// </summary>
    /// <param name="release">The release.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IReadOnlyList<Release>> FindOriginsAsync(Release release, CancellationToken cancellationToken)
    {
        var chain = new List<Release> { release };
        while (await FindOriginAsync(chain[^1], cancellationToken) is { } origin)
        {
            if (chain.Count > Limits.Rebases)
                throw RebaseRunErrors.TooManyRebases(release, Limits.Rebases);
            chain.Add(origin);
        }

        return chain;
    }

    /// <summary>Repeats one rebase. Throws <c>GAN4853</c> when a digest differs, and the errors of the rebaser.</summary>
    /// <param name="origin">The release that it was made from.</param>
    /// <param name="rebased">The release.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task RepeatAsync(Release origin, Release rebased, CancellationToken cancellationToken)
    {
        var options = await FindOptionsAsync(cancellationToken);
        var plans = new List<(ReleaseImage Image, RebasePlan Plan)>();
        foreach (var image in rebased.Images)
        {
            var before = origin.Images.FirstOrDefault(other => other.Name == image.Name)
                ?? throw RebaseRunErrors.OtherOrigin(rebased, [origin.Version]);
            var pinned = (await ReadAsync(image, cancellationToken)).BaseImages;
            plans.Add((image, await new ImageRebaser(BaseImages, options with { PinnedBaseImages = pinned }).PlanAsync(
                new RebaseRequest(image.Name, OpenBase(image.Name), before.Digest), cancellationToken)));
        }

        var created = plans.Max(planned => planned.Plan.Created);
        var (different, first) = (new List<string>(), "");
        foreach (var (image, plan) in plans)
        {
            var repeated = plan.Create(origin.Version, rebased.Version, created);
            var comparison = await new ImageComparer().CompareAsync(
                new ComparedImage(OpenBase(image.Name), image.Digest),
                new ComparedImage(repeated.Source, repeated.Image.Root.Descriptor.Digest),
                cancellationToken);
            if (comparison.IsSame)
            {
                BuildOutput.Information($"{image.Name} {rebased.Version} is the same: {image.Digest}");
                continue;
            }

            different.Add(image.Name);
            if (first.Length == 0)
                first = $"{image.Name}, {comparison.Differences[0]}";
        }

        if (different.Count > 0)
            throw RebaseRunErrors.Differs(rebased, different, first);
    }

    private async Task<Release?> FindOriginAsync(Release release, CancellationToken cancellationToken)
    {
        var sources = new List<(ReleaseImage Image, RebasedFrom? From)>();
        foreach (var image in release.Images)
            sources.Add((image, (await ReadAsync(image, cancellationToken)).RebasedFrom));
        var versions = sources.Select(source => source.From?.Version).OfType<string>().Distinct().ToList();
        if (versions.Count == 0)
            return null;

        // An image whose base image had not moved came as it was, and may name an earlier release, or none.
        foreach (var version in versions.Where(version => version != release.Version))
        {
            var origin = await FindAsync(release, version, cancellationToken);
            if (sources.TrueForAll(source => IsFrom(origin, source.Image, source.From)))
                return origin;
        }

        throw RebaseRunErrors.OtherOrigin(release, versions);
    }

    private static bool IsFrom(Release origin, ReleaseImage image, RebasedFrom? from)
    {
        var before = origin.Images.FirstOrDefault(other => other.Name == image.Name)?.Digest;
        return before is not null && (before == image.Digest || from == new RebasedFrom(origin.Version, before.Value));
    }

    private async Task<Release> FindAsync(Release release, string version, CancellationToken cancellationToken)
    {
        try
        {
            return await FindRelease(version, cancellationToken);
        }
        catch (GantryException cause)
        {
            throw RebaseRunErrors.NoOrigin(release, version, cause);
        }
    }

    private Task<RecordedInputs> ReadAsync(ReleaseImage image, CancellationToken cancellationToken) =>
        RecordedInputs.ReadAsync(new ComparedImage(OpenBase(image.Name), image.Digest), cancellationToken);
}
