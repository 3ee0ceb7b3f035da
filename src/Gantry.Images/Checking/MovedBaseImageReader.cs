using System.Globalization;
using Gantry.Differences;
using Gantry.Images.Comparison;
using Gantry.Images.Sboms;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Sboms;

namespace Gantry.Images.Checking;

/// <summary>Reads what is different in a base image whose tag has moved.</summary>
/// <param name="repository">The repository of the base image.</param>
/// <param name="recorded">The base image that releases stand on.</param>
/// <param name="options">The options.</param>
internal sealed class MovedBaseImageReader(IImageRepository repository, ImageReference recorded, CheckOptions options)
{
    private readonly List<string> _unknown = [];

    /// <summary>Reads both; what cannot be read is said in the result. Returns null when nothing differs for the platforms.</summary>
    /// <param name="root">What the tag points to.</param>
    /// <param name="platforms">The platforms of the images that stand on it.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<MovedBaseImage?> ReadAsync(
        ManifestContent root, IReadOnlyList<Platform> platforms, CancellationToken cancellationToken)
    {
        var after = await ReadPlatformsAsync(root, platforms, cancellationToken);
        var old = await FindOldAsync(cancellationToken);
        var before = old is null ? [] : await ReadPlatformsAsync(old, platforms, cancellationToken);
        var isSame = after.Count > 0 && after.Count == before.Count
            && after.Zip(before).All(pair => pair.First.Manifest.Descriptor.Digest == pair.Second.Manifest.Descriptor.Digest);
        if (isSame)
            return null;

        var packages = options.ComparePackages && old is not null
            ? await ComparePackagesAsync(before, after, cancellationToken)
            : [];
        return new MovedBaseImage
        {
            Before = recorded,
            After = recorded.At(root.Descriptor.Digest),
            BeforeCreated = before.Max(image => image.Created),
            AfterCreated = after.Max(image => image.Created),
            Packages = packages,
            Unknown = [.. _unknown.Distinct(StringComparer.Ordinal)],
        };
    }

    private sealed record PlatformManifest(Platform Platform, ManifestContent Manifest, DateTimeOffset? Created);

    private async Task<ManifestContent?> FindOldAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await repository.FindManifestAsync(recorded.Digest!.Value, cancellationToken) is { } old)
                return old;
            _unknown.Add(Format.Line(
                $"the packages are not compared, because {repository.Location} no longer has the old base image {recorded.Digest}"));
        }
        catch (GantryException exception)
        {
            _unknown.Add(Format.Line($"the packages are not compared: {exception.Problem}"));
        }

        return null;
    }

    private async Task<List<PlatformManifest>> ReadPlatformsAsync(
        ManifestContent root, IReadOnlyList<Platform> platforms, CancellationToken cancellationToken)
    {
        var found = new List<PlatformManifest>();
        foreach (var platform in platforms)
        {
            try
            {
                if (await FindAsync(root, platform, cancellationToken) is { } manifest)
                    found.Add(new PlatformManifest(platform, manifest, await ReadCreatedAsync(manifest, cancellationToken)));
                else
                    _unknown.Add(Format.Line($"{repository.Location}@{root.Descriptor.Digest} has no image for {platform}"));
            }
            catch (GantryException exception)
            {
                _unknown.Add(exception.Problem);
            }
        }

        return found;
    }

    private async Task<ManifestContent?> FindAsync(ManifestContent root, Platform platform, CancellationToken cancellationToken)
    {
        if (!root.IsIndex)
            return root;
        var entry = root.ReadIndex().Manifests.FirstOrDefault(entry =>
            MediaTypes.IsManifest(entry.MediaType) && entry.Platform?.Satisfies(platform) is true);
        return entry is null ? null : await repository.FindManifestAsync(entry.Digest, cancellationToken);
    }

    // Reproducible images say 1970.
    private async Task<DateTimeOffset?> ReadCreatedAsync(ManifestContent manifest, CancellationToken cancellationToken)
    {
        var (_, config) = await ImageContent.ReadConfigAsync(repository, manifest.ReadManifest().Config, cancellationToken);
        return DateTimeOffset.TryParse(config.Created, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var created)
            && created.Year >= 1980
                ? created
                : null;
    }

    private async Task<IReadOnlyList<ChangedPackage>> ComparePackagesAsync(
        List<PlatformManifest> before, List<PlatformManifest> after, CancellationToken cancellationToken)
    {
        var changed = new List<ChangedPackage>();
        foreach (var now in after)
        {
            if (before.Find(one => one.Platform == now.Platform) is not { } old)
                continue;
            try
            {
                changed.AddRange(PackageChanges.Compare(
                    await ReadPackagesAsync(old.Manifest, cancellationToken), await ReadPackagesAsync(now.Manifest, cancellationToken)));
            }
            catch (GantryException exception)
            {
                _unknown.Add(Format.Line($"the packages for {now.Platform} are not compared: {exception.Problem}"));
            }
        }

        return
        [
            .. changed.Distinct().OrderBy(package => package.Name, StringComparer.Ordinal)
                .ThenBy(package => package.Type, StringComparer.Ordinal).ThenBy(package => package.Before, StringComparer.Ordinal),
        ];
    }

    private async Task<IReadOnlyList<SbomComponent>> ReadPackagesAsync(ManifestContent manifest, CancellationToken cancellationToken)
    {
        var sboms = await new SbomGenerator(repository).CreateAsync(
            manifest,
            new SbomOptions { Name = recorded.Repository, Created = DateTimeOffset.UnixEpoch, CacheFolder = options.CacheFolder },
            cancellationToken);
        _unknown.AddRange(sboms.SelectMany(sbom => sbom.Notes).Select(note => Format.Line($"{manifest.Descriptor.Digest}: {note}")));
        return [.. sboms.SelectMany(sbom => sbom.Components)];
    }
}
