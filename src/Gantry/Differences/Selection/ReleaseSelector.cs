using Gantry.Environments;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Differences.Selection;

/// <summary>
/// Finds the release that a person names: by the environment that has it (<c>prod</c>, <c>prod/west-europe</c>), its version, or the digest
/// of one of its images. The name of an environment comes first.
/// </summary>
/// <param name="repositories">The client that opens the base registry.</param>
/// <param name="baseRegistry">The base registry.</param>
/// <param name="images">The names of the images of the build.</param>
/// <param name="targets">The registries of all environments.</param>
/// <param name="time">The clock; the system clock by default.</param>
public sealed class ReleaseSelector(
    IRegistryClient repositories, RegistryAddress baseRegistry, IReadOnlyList<string> images, IReadOnlyList<PromotionTarget> targets,
    TimeProvider? time = null)
{
    /// <summary>The client for an environment, when one has an identity of its own; that of the base registry by default.</summary>
    public Func<PromotionEnvironment, IRegistryClient>? ClientOf { get; init; }

    /// <summary>
    /// Finds a release. Throws <c>GAN4807</c> when the environment has none, <c>GAN4808</c> when its regions have different ones,
    /// <c>GAN4809</c> for a name that is none, <c>GAN4810</c> for an unknown region, those of <see cref="ReleaseFinder.FindAsync"/>, and
    /// the errors of registries.
    /// </summary>
    /// <param name="name">The name of an environment, a version or a digest.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<SelectedRelease> SelectAsync(string name, CancellationToken cancellationToken)
    {
        if (FindTargets(name) is { Count: > 0 } named)
            return new SelectedRelease(await FindPromotedAsync(named, cancellationToken), FindRemark(name, named[0].Environment));
        var digest = Digest.TryParse(name, out var parsed) ? parsed : (Digest?)null;
        if (digest is null && !VersionComparer.IsVersion(name))
            throw DifferenceErrors.UnknownName(name, targets.Select(target => target.Environment.Name).Distinct());
        var release = await new ReleaseFinder(repositories, time).FindAsync(
            baseRegistry, images, digest is null ? name : null, digest, cancellationToken);
        return new SelectedRelease(ReleaseToCompare.Of(release, repositories, baseRegistry), Remark: null);
    }

    private List<PromotionTarget> FindTargets(string name)
    {
        var parts = name.Split('/', 2);
        var ofEnvironment = targets.Where(target => IsSame(target.Environment.Name, parts[0])).ToList();
        if (parts is [_] || ofEnvironment.Count == 0)
            return ofEnvironment;
        var ofRegion = ofEnvironment.Where(target => IsSame(target.Region, parts[1])).ToList();
        return ofRegion.Count > 0
            ? ofRegion
            : throw DifferenceErrors.UnknownRegion(
                ofEnvironment[0].Environment.Name, parts[1], ofEnvironment.Select(target => target.Region).OfType<string>());
    }

    private async Task<ReleaseToCompare> FindPromotedAsync(List<PromotionTarget> named, CancellationToken cancellationToken)
    {
        var environment = named[0].Environment;
        var finder = new PromotedReleaseFinder(ClientOf?.Invoke(environment) ?? repositories, time ?? TimeProvider.System);
        var found = await Concurrently.SelectAsync(
            named, (target, token) => finder.FindAsync(target, images, version: null, token), cancellationToken);
        if (found.All(release => release is null))
            throw DifferenceErrors.NothingThere(named.Count == 1 ? named[0].DisplayName : environment.DisplayName);
        return found.Select(Content).Distinct(StringComparer.Ordinal).Count() == 1
            ? found[0]! with { Place = named.Count == 1 ? named[0].DisplayName : environment.DisplayName }
            : throw DifferenceErrors.RegionsDiffer(
                environment.DisplayName,
                named.Zip(found).Select(pair => $"{pair.First.Region} {pair.Second?.Name ?? "none"}"),
                $"{environment.Name}/{named[0].Region}");
    }

    private static string Content(ReleaseToCompare? release) => release is null
        ? ""
        : string.Join(' ', release.Images.Select(image => $"{image.Name}@{image.Digest}").Prepend(release.Name));

    // A declaration may have an environment that is called as a version is.
    private static string? FindRemark(string name, PromotionEnvironment environment) => VersionComparer.IsVersion(name)
        ? Format.Line($"{name} is taken for the environment {environment.DisplayName}: name the release by a digest to compare that")
        : null;

    private static bool IsSame(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A release that a person has named.</summary>
/// <param name="Release">The release.</param>
/// <param name="Remark">What the name could also have meant; null when it has one meaning.</param>
public sealed record SelectedRelease(ReleaseToCompare Release, string? Remark);
