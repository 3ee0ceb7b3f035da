using System.Globalization;
using Gantry.Images.BaseImages;
using Gantry.Images.Comparison;
using Gantry.Images.Configuration;
using Gantry.Images.Dockerfiles;
using Gantry.Images.Layers;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Images.Rebasing;

/// <summary>
/// Exchanges the base layers of images that were built in process: without compiling, and with the layers and the configuration that a
/// build of the same files on the new base image has. What may differ from such a build is refused. docs/images.md describes the rules.
/// </summary>
/// <param name="registries">The client for the registries of base images.</param>
/// <param name="options">The options.</param>
public sealed class ImageRebaser(IRegistryClient registries, RebaseOptions? options = null)
{
    private static readonly SourceLine s_nowhere = new("base", 1);

    private readonly RebaseOptions _options = options ?? new RebaseOptions();

    /// <summary>
    /// Finds the new base images, and verifies that the image can stand on them. Throws <c>GAN4840</c> (not built in process),
    /// <c>GAN4841</c> (a stand-in), <c>GAN4842</c> (no base image is recorded, or in a registry that may not be asked), <c>GAN4843</c>
    /// (another major version), <c>GAN4844</c> (another platform), <c>GAN4845</c> (its layers do not begin with those of its base image),
    /// <c>GAN4846</c> (the new base image cannot be built on), <c>GAN4847</c> (the old one is gone), <c>GAN4849</c> and <c>GAN4850</c> (a
    /// build would differ), <c>GAN3040</c> to <c>GAN3042</c> (it cannot be read), and the errors of registries.
    /// </summary>
    /// <param name="request">The image.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<RebasePlan> PlanAsync(RebaseRequest request, CancellationToken cancellationToken)
    {
        var resolver = new BaseImageResolver(registries, _options.PinnedBaseImages);
        var root = await FindAsync(request, request.Digest, cancellationToken);
        var platforms = new List<PlatformRebase>();
        using var workspace = new BuildWorkspace();
        var indexes = new LayerIndexCache(_options.CacheFolder, workspace);
        if (!root.IsIndex)
            platforms.Add(await PlanAsync(request, root, null, resolver, indexes, cancellationToken));
        foreach (var entry in root.IsIndex ? root.ReadIndex().Manifests : [])
        {
            var content = await FindAsync(request, entry.Digest, cancellationToken);
            platforms.Add(await PlanAsync(request, content, entry.Platform, resolver, indexes, cancellationToken));
        }

        return platforms.Count > 0
            ? new RebasePlan(request, root, platforms)
            : throw RebaseErrors.NotInProcess(request.Name, "its index lists no image");
    }

    private async Task<PlatformRebase> PlanAsync(
        RebaseRequest request, ManifestContent content, Platform? listed, BaseImageResolver resolver, LayerIndexCache indexes,
        CancellationToken cancellationToken)
    {
        if (content.IsIndex || content.Descriptor.MediaType != MediaTypes.OciManifest)
            throw RebaseErrors.NotInProcess(request.Name, $"{content.Descriptor.Digest} is of type {content.Descriptor.MediaType}");
        var manifest = content.ReadManifest();
        var (bytes, config) = await ImageContent.ReadConfigAsync(request.Repository, manifest.Config, cancellationToken);
        var (labels, platform) = (config.Config?.Labels, listed ?? PlatformOf(config));
        if (labels?.ContainsKey(StandInLabel.Name) is true)
            throw RebaseErrors.OnStandIn(request.Name);
        if (!bytes.AsSpan().SequenceEqual(PlatformRebase.Serialize(config)))
            throw RebaseErrors.NotInProcess(request.Name, "its configuration is written in another way");
        var recorded = FindRecorded(request, labels);
        if (_options.Registries is { } known && !known.Contains(recorded.Registry.Host, StringComparer.OrdinalIgnoreCase))
            throw RebaseErrors.OtherRegistry(request.Name, recorded, known);

        var old = await ResolveOldAsync(request, recorded, platform, resolver, cancellationToken);
        EnsurePrefix(request, recorded, manifest, config, old);
        var now = await ResolveNewAsync(request, recorded, platform, resolver, cancellationToken);
        var rebase = new PlatformRebase
        {
            Image = request.Name,
            Platform = platform,
            Manifest = manifest,
            Config = config,
            Steps = ReadSteps(request, config, old),
            Old = old,
            New = now,
            Created = TimeOf(config),
            NewCreated = TimeOf(now.Config),
        };

        // The rules must give the image itself on its own base image, or they do not describe how it was built.
        var same = rebase.Derive(old, rebase.OwnLabels, config.Created ?? "");
        if (!bytes.AsSpan().SequenceEqual(PlatformRebase.Serialize(same)))
            throw RebaseErrors.NotInProcess(request.Name, "its configuration does not follow from its base image and its history");
        if (rebase.HasMoved)
            await VerifyAsync(request, rebase, indexes, cancellationToken);
        return rebase;
    }

    private static async Task VerifyAsync(
        RebaseRequest request, PlatformRebase rebase, LayerIndexCache indexes, CancellationToken cancellationToken)
    {
        // The configuration costs no layer.
        rebase.Derive(rebase.New, rebase.OwnLabels, "");
        var oldTree = await ReadTreeAsync(request, rebase.Old, indexes, cancellationToken);
        var newTree = await ReadTreeAsync(request, rebase.New, indexes, cancellationToken);
        var difference = MajorVersions.FindDifference(rebase.Old, oldTree, rebase.New, newTree, out var isKnown);
        if (difference is not null)
            throw RebaseErrors.OtherMajor(request.Name, rebase.Old.Reference!, rebase.New.Reference!, difference);
        if (!isKnown)
            throw RebaseErrors.UnknownMajor(request.Name, rebase.Old.Reference!, rebase.New.Reference!);

        var failures = new LayerFailures(
            (reason, inner) => RebaseErrors.UnusableBase(request.Name, reason, inner ?? new InvalidDataException(reason)),
            (reason, limit) => RebaseErrors.UnusableBase(
                request.Name, $"{reason} (limit {limit})", new InvalidDataException(limit)));
        var layers = new List<LayerIndex>();
        foreach (var blob in rebase.OwnLayers)
            layers.Add(await indexes.GetAsync(
                blob, token => request.Repository.OpenBlobAsync(blob, token), failures, cancellationToken));
        await new LayerFit(request.Name, oldTree, newTree, failures)
            .VerifyAsync(rebase.Steps, layers, rebase.Old.Config.Config?.WorkingDir, cancellationToken);
    }

    private static async Task<ImageTree> ReadTreeAsync(
        RebaseRequest request, BaseImage image, LayerIndexCache indexes, CancellationToken cancellationToken)
    {
        try
        {
            return await indexes.ReadTreeAsync(image, cancellationToken);
        }
        catch (GantryException exception) when (exception.Code is "GAN3009" or "GAN3030")
        {
            throw RebaseErrors.UnusableBase(request.Name, exception.Problem, exception);
        }
    }

    private static ImageReference FindRecorded(RebaseRequest request, IReadOnlyDictionary<string, string>? labels)
    {
        if (RecordedInputs.BaseImageOf(labels ?? new Dictionary<string, string>()) is not { } recorded)
            throw RebaseErrors.NoBase(request.Name, "it does not record a base image, or was built from scratch");
        return recorded.Tag is not null
            ? recorded
            : throw RebaseErrors.NoBase(request.Name, $"it was built on {recorded}, which names no tag that could move");
    }

    private static async Task<BaseImage> ResolveOldAsync(
        RebaseRequest request, ImageReference recorded, Platform platform, BaseImageResolver resolver, CancellationToken cancellationToken)
    {
        try
        {
            return await resolver.ResolveAsync(recorded, platform, s_nowhere, cancellationToken);
        }
        catch (GantryException exception) when (exception.Code == "GAN3007")
        {
            throw RebaseErrors.BaseGone(request.Name, recorded, exception);
        }
        catch (GantryException exception) when (exception.Code is "GAN3003" or "GAN3008" or "GAN3009")
        {
            throw RebaseErrors.NotOnBase(request.Name, recorded, ReasonOf(exception));
        }
    }

    private static async Task<BaseImage> ResolveNewAsync(
        RebaseRequest request, ImageReference recorded, Platform platform, BaseImageResolver resolver, CancellationToken cancellationToken)
    {
        try
        {
            return await resolver.ResolveAsync(recorded with { Digest = null }, platform, s_nowhere, cancellationToken);
        }
        catch (GantryException exception) when (exception.Code == "GAN3008")
        {
            throw RebaseErrors.NoSuchPlatform(request.Name, ReasonOf(exception));
        }
        catch (GantryException exception) when (exception.Code is "GAN3003" or "GAN3007" or "GAN3009")
        {
            throw RebaseErrors.UnusableBase(request.Name, ReasonOf(exception), exception);
        }
    }

    private static void EnsurePrefix(
        RebaseRequest request, ImageReference recorded, Manifest manifest, ImageConfig config, BaseImage old)
    {
        var count = old.Layers.Count;
        var hasLayers = manifest.Layers.Take(count).Select(layer => layer.Digest)
            .SequenceEqual(old.Layers.Select(layer => layer.Blob.Digest));
        var hasFiles = config.RootFs.DiffIds.Take(count).SequenceEqual(old.Layers.Select(layer => layer.DiffId));
        if (!hasLayers || !hasFiles)
            throw RebaseErrors.NotOnBase(request.Name, recorded, "its first layers are not those of that image");
        if (config.RootFs.DiffIds.Count != manifest.Layers.Count)
            throw RebaseErrors.NotOnBase(
                request.Name,
                recorded,
                $"it has {Format.Count(manifest.Layers.Count, "layer")} and {config.RootFs.DiffIds.Count} diff ids");
    }

    private static IReadOnlyList<RecordedStep> ReadSteps(RebaseRequest request, ImageConfig config, BaseImage old)
    {
        var (history, ofBase) = (config.History ?? [], old.ConsistentHistory().ToList());
        if (!history.Take(ofBase.Count).SequenceEqual(ofBase))
            throw RebaseErrors.NotInProcess(request.Name, "its history does not begin with that of its base image");
        var steps = history.Skip(ofBase.Count).Select(RecordedStep.TryRead).ToList();
        if (steps.Contains(null))
            throw RebaseErrors.NotInProcess(request.Name, "its history has entries that the builder here does not write");
        return steps.Count(step => step!.HasLayer) == config.RootFs.DiffIds.Count - old.Layers.Count
            ? [.. steps.OfType<RecordedStep>()]
            : throw RebaseErrors.NotInProcess(request.Name, "its history does not have an entry for each layer");
    }

    private static async Task<ManifestContent> FindAsync(RebaseRequest request, Digest digest, CancellationToken cancellationToken) =>
        await request.Repository.FindManifestAsync(digest, cancellationToken)
        ?? throw ComparisonErrors.Missing(request.Repository.Location, digest);

    private static Platform PlatformOf(ImageConfig config) => new()
    {
        Os = config.Os,
        Architecture = config.Architecture,
        Variant = string.IsNullOrEmpty(config.Variant) ? null : config.Variant,
    };

    // Reproducible base images say 1970.
    private static DateTimeOffset? TimeOf(ImageConfig config) =>
        DateTimeOffset.TryParse(config.Created, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        && time.Year >= 1980
            ? DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds())
            : null;

    // The place of an instruction, which there is none of.
    private static string ReasonOf(GantryException exception) =>
        exception.Problem.StartsWith($"{s_nowhere}: ", StringComparison.Ordinal)
            ? exception.Problem[$"{s_nowhere}: ".Length..]
            : exception.Problem;
}
