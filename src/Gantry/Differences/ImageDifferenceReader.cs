using Gantry.Oci;

namespace Gantry.Differences;

/// <summary>Reads what differs between two images. What cannot be read is in the result, and leaves its part empty.</summary>
/// <param name="parts">The parts to read.</param>
/// <param name="files">Compares files; null when they are not compared.</param>
/// <param name="firstPlatformOnly">True to compare the first platform alone, as a short summary does.</param>
internal sealed class ImageDifferenceReader(DifferenceParts parts, IFileDifferences? files, bool firstPlatformOnly)
{
    /// <summary>Compares two images; one of them may be missing.</summary>
    /// <param name="from">The image that is compared from; null when the other one is new.</param>
    /// <param name="to">The image that is compared to; null when the other one is gone.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<FoundDifferences> ReadAsync(ImageToCompare? from, ImageToCompare? to, CancellationToken cancellationToken)
    {
        var name = (to ?? from)!.Name;
        var found = new FoundDifferences(new ImageDifferences { Image = name, From = from?.Digest, To = to?.Digest }, []);
        if (from?.Digest == to?.Digest || parts == DifferenceParts.None)
            return found;
        var unknown = new UnknownParts();
        await unknown.TryAsync($"what differs in {name}", async () =>
        {
            var sides = await Task.WhenAll(OpenAsync(from, cancellationToken), OpenAsync(to, cancellationToken));
            found = found with { Image = await CompareAsync(found.Image, sides[0], sides[1], unknown, cancellationToken) };
        });
        return found with { Unknown = unknown.Sentences };
    }

    private sealed record Side(ImageToCompare Image, ManifestContent Root, IReadOnlyList<PlatformImage> Platforms);

    private sealed record Pair(string? Platform, PlatformImage? From, PlatformImage? To)
    {
        public bool IsChanged => From is not null && To is not null && From.Digest != To.Digest;
    }

    private static async Task<Side?> OpenAsync(ImageToCompare? image, CancellationToken cancellationToken)
    {
        if (image is null)
            return null;
        var root = await image.Repository.FindManifestAsync(image.Digest, cancellationToken)
            ?? throw DifferenceErrors.Missing(image.Repository.Location, image.Digest);
        return new Side(image, root, PlatformImage.ListOf(image.Repository, root));
    }

    private async Task<ImageDifferences> CompareAsync(
        ImageDifferences result, Side? from, Side? to, UnknownParts unknown, CancellationToken cancellationToken)
    {
        var name = result.Image;
        var all = PairUp(from?.Platforms ?? [], to?.Platforms ?? []);
        var pairs = all.Take(firstPlatformOnly ? 1 : Limits.ComparedPlatforms).ToList();
        if (!firstPlatformOnly && all.Count > pairs.Count)
            unknown.Add(
                $"{name} has {Format.Count(all.Count, "platform")}, and {pairs.Count} of them are compared "
                    + $"(limit {nameof(Limits.ComparedPlatforms)})");
        var changed = pairs.Where(pair => pair.IsChanged).ToList();

        if (parts.HasFlag(DifferenceParts.Layers))
            await unknown.TryAsync($"the layers of {name}", async () =>
                result = await CompareLayersAsync(result, pairs, cancellationToken));
        if (parts.HasFlag(DifferenceParts.Packages) && from is not null && to is not null)
            await unknown.TryAsync($"the packages of {name}", async () =>
                result = result with { Packages = await ComparePackagesAsync(changed, cancellationToken) });
        if (parts.HasFlag(DifferenceParts.BaseImage) && from is not null && to is not null)
            await unknown.TryAsync($"the base image of {name}", async () =>
                result = result with { BaseImage = await CompareBaseAsync(from, to, changed, cancellationToken) });
        if (parts.HasFlag(DifferenceParts.Settings) && from is not null && to is not null)
            await unknown.TryAsync($"the settings of {name}", async () =>
                result = result with { Settings = [.. Platforms(pairs), .. await CompareSettingsAsync(changed, cancellationToken)] });
        if (parts.HasFlag(DifferenceParts.Files) && files is not null)
            await unknown.TryAsync($"the files of {name}", async () =>
                result = result with { Files = await CompareFilesAsync(name, changed, files, unknown, cancellationToken) });
        return result;
    }

    // An image without an index is compared with the only entry of an index, too: publishing for one platform more is no other image.
    private static IReadOnlyList<Pair> PairUp(IReadOnlyList<PlatformImage> from, IReadOnlyList<PlatformImage> to)
    {
        if (from is [var one] && to is [var other])
            return [new Pair(other.Platform ?? one.Platform, one, other)];
        if (from is [{ Platform: null } single] && to.Count > 0)
            return [new Pair(to[0].Platform, single, to[0]), .. to.Skip(1).Select(added => new Pair(added.Platform, null, added))];
        if (to is [{ Platform: null } last] && from.Count > 0)
            return [new Pair(from[0].Platform, from[0], last), .. from.Skip(1).Select(gone => new Pair(gone.Platform, gone, null))];

        var rest = from.ToList();
        var pairs = new List<Pair>();
        foreach (var image in to)
        {
            var match = rest.Find(candidate => candidate.Platform == image.Platform);
            if (match is not null)
                rest.Remove(match);
            pairs.Add(new Pair(image.Platform, match, image));
        }

        return [.. pairs, .. rest.Select(gone => new Pair(gone.Platform, gone, null))];
    }

    private static IEnumerable<ChangedSetting> Platforms(IReadOnlyList<Pair> pairs) => pairs
        .Where(pair => pair.From is null || pair.To is null)
        .Select(pair => new ChangedSetting($"Platform {pair.Platform}", pair.From?.Digest.ToString(), pair.To?.Digest.ToString()));

    private static async Task<ImageDifferences> CompareLayersAsync(
        ImageDifferences result, IReadOnlyList<Pair> pairs, CancellationToken cancellationToken)
    {
        var layers = new List<ChangedLayer>();
        var (before, after) = (new Dictionary<Digest, long>(), new Dictionary<Digest, long>());
        foreach (var pair in pairs)
        {
            var sides = await Task.WhenAll(LayersOf(pair.From, cancellationToken), LayersOf(pair.To, cancellationToken));
            foreach (var layer in sides[0])
                before[layer.Digest] = layer.Size;
            foreach (var layer in sides[1])
                after[layer.Digest] = layer.Size;
            var (one, other) = (sides[0].Select(layer => layer.Digest).ToHashSet(), sides[1].Select(layer => layer.Digest).ToHashSet());
            layers.AddRange(sides[0].Where(layer => !other.Contains(layer.Digest))
                .Select(layer => new ChangedLayer(layer.Digest, layer.Size, IsRemoved: true, pair.Platform)));
            layers.AddRange(sides[1].Where(layer => !one.Contains(layer.Digest))
                .Select(layer => new ChangedLayer(layer.Digest, layer.Size, IsRemoved: false, pair.Platform)));
        }

        return result with { Layers = layers, SizeBefore = Sum(before.Values), SizeAfter = Sum(after.Values) };
    }

    // A manifest can name any size.
    private static long Sum(IEnumerable<long> sizes)
    {
        var sum = sizes.Aggregate(default(UInt128), (total, size) => total + (UInt128)Math.Max(0, size));
        return sum > long.MaxValue ? long.MaxValue : (long)sum;
    }

    private static async Task<IReadOnlyList<Descriptor>> LayersOf(PlatformImage? image, CancellationToken cancellationToken) =>
        image is null ? [] : (await image.ReadManifestAsync(cancellationToken)).Layers;

    private static async Task<IReadOnlyList<ChangedPackage>> ComparePackagesAsync(
        IReadOnlyList<Pair> changed, CancellationToken cancellationToken)
    {
        var packages = new List<ChangedPackage>();
        foreach (var pair in changed)
        {
            var sides = await Task.WhenAll(
                ImagePackages.ReadAsync(pair.From!.Repository, pair.From.Digest, cancellationToken),
                ImagePackages.ReadAsync(pair.To!.Repository, pair.To.Digest, cancellationToken));
            packages.AddRange(Package.Compare(sides[0], sides[1]));
        }

        return
        [
            .. packages.Distinct()
                .OrderBy(package => package.Name, StringComparer.Ordinal).ThenBy(package => package.Type, StringComparer.Ordinal),
        ];
    }

    private static async Task<ChangedBaseImage?> CompareBaseAsync(
        Side from, Side to, IReadOnlyList<Pair> changed, CancellationToken cancellationToken)
    {
        var before = await BaseImages.FindAsync(from.Image, from.Root, from.Platforms, cancellationToken);
        var after = await BaseImages.FindAsync(to.Image, to.Root, to.Platforms, cancellationToken);
        return before == after ? null : new ChangedBaseImage(before, after, await FindNewerAsync(changed, cancellationToken));
    }

    // By how much it is newer is worth a question, and no error.
    private static async Task<TimeSpan?> FindNewerAsync(IReadOnlyList<Pair> changed, CancellationToken cancellationToken)
    {
        if (changed is not [var pair, ..])
            return null;
        try
        {
            var configs = await Task.WhenAll(pair.From!.ReadConfigAsync(cancellationToken), pair.To!.ReadConfigAsync(cancellationToken));
            return PlatformImage.Parsing(
                pair.To.Digest, () => BaseImages.FindCreated(configs[1]) - BaseImages.FindCreated(configs[0]));
        }
        catch (GantryException)
        {
            return null;
        }
    }

    private static async Task<IReadOnlyList<ChangedSetting>> CompareSettingsAsync(
        IReadOnlyList<Pair> changed, CancellationToken cancellationToken)
    {
        var settings = new List<ChangedSetting>();
        foreach (var pair in changed)
        {
            var configs = await Task.WhenAll(pair.From!.ReadConfigAsync(cancellationToken), pair.To!.ReadConfigAsync(cancellationToken));
            settings.AddRange(PlatformImage.Parsing(pair.To.Digest, () => ImageSettings.Compare(configs[0], configs[1])));
        }

        return [.. settings.Distinct()];
    }

    private static async Task<IReadOnlyList<ChangedFile>> CompareFilesAsync(
        string name, IReadOnlyList<Pair> changed, IFileDifferences files, UnknownParts unknown, CancellationToken cancellationToken)
    {
        var result = new List<ChangedFile>();
        foreach (var pair in changed)
        {
            var found = await files.CompareAsync(
                new(pair.From!.Repository, await pair.From.ReadContentAsync(cancellationToken)),
                new(pair.To!.Repository, await pair.To.ReadContentAsync(cancellationToken)),
                cancellationToken);
            result.AddRange(found.Files.Select(file => file with { Platform = pair.Platform }));
            if (found.IsTruncated)
                unknown.Add($"more files of {name} differ than are listed (limit {nameof(Limits.ChangedFiles)})");
        }

        return result;
    }
}

/// <summary>What differs between two images, and what could not be read.</summary>
/// <param name="Image">The differences.</param>
/// <param name="Unknown">The reasons for what is missing.</param>
internal sealed record FoundDifferences(ImageDifferences Image, IReadOnlyList<string> Unknown);
