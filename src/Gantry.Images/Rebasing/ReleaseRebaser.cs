using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Images.Rebasing;

/// <summary>Plans to make a new release from an existing one, by exchanging the base layers of its images.</summary>
/// <param name="registries">The client for the registries of base images.</param>
/// <param name="open">Opens the repository of an image in the base registry.</param>
/// <param name="options">The options.</param>
public sealed class ReleaseRebaser(IRegistryClient registries, Func<string, IImageRepository> open, RebaseOptions? options = null)
{
    /// <summary>
    /// Plans all images, and writes nothing. Throws the refusal of <see cref="ImageRebaser"/> for the first image that has one,
    /// and <c>GAN4848</c> when no base image has moved.
    /// </summary>
    /// <param name="release">The release.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<ReleaseRebasePlan> PlanAsync(Release release, CancellationToken cancellationToken)
    {
        var rebaser = new ImageRebaser(registries, options);
        var (plans, refusals) = (new List<RebasePlan>(), new List<GantryException>());
        foreach (var image in release.Images)
        {
            try
            {
                plans.Add(image.StandIn
                    ? throw RebaseErrors.OnStandIn(image.Name)
                    : await rebaser.PlanAsync(new RebaseRequest(image.Name, open(image.Name), image.Digest), cancellationToken));
            }
            catch (GantryException refusal)
            {
                refusals.Add(refusal);
            }
        }

        if (refusals is [var first, .. var others])
            throw others.Count == 0 ? first : RebaseErrors.SeveralRefused(first, others.Count);
        return plans.Exists(plan => plan.HasMoved)
            ? new ReleaseRebasePlan(release, plans)
            : throw RebaseErrors.NothingMoved(
                release.Version, plans.SelectMany(plan => plan.BaseImages).Select(exchanged => exchanged.Before).Distinct());
    }
}

/// <summary>A release that can be made from another one.</summary>
public sealed class ReleaseRebasePlan
{
    internal ReleaseRebasePlan(Release release, IReadOnlyList<RebasePlan> images)
    {
        Release = release;
        Images = images;
    }

    /// <summary>The release that it is made from.</summary>
    public Release Release { get; }

    /// <summary>The images, in the order of the release. One whose base image has not moved stays as it is.</summary>
    public IReadOnlyList<RebasePlan> Images { get; }

    /// <summary>The time of the new release: that of the latest image.</summary>
    public DateTimeOffset Created => Images.Max(image => image.Created);

    /// <summary>Creates the images; throws <c>GAN4849</c> when a configuration cannot be derived.</summary>
    /// <param name="version">The version of the new release.</param>
    public IReadOnlyList<RebasedImage> Create(string version) =>
        [.. Images.Select(image => image.Create(Release.Version, version, Created))];
}
