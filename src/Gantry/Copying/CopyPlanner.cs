using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Copying;

/// <summary>Finds out what <see cref="ImageCopier"/> would write. Writes nothing.</summary>
/// <param name="options">The parts to copy.</param>
public sealed class CopyPlanner(CopyOptions options)
{
    /// <summary>
    /// Plans copies: for each request, one entry for each of its targets. Throws <c>GAN4035</c> for a tag that exists with another digest,
    /// and the errors of registries.
    /// </summary>
    public async Task<IReadOnlyList<PlannedCopy>> PlanAsync(IReadOnlyList<CopyRequest> requests, CancellationToken cancellationToken)
    {
        var planned = await Concurrently.SelectAsync(
            requests,
            async (request, token) =>
            {
                var image = new SourceImage(new ImageSource(request.Source, options), request, options, token);
                return await Concurrently.SelectAsync(request.Targets, (target, _) => PlanAsync(image, target, token), token);
            },
            cancellationToken);
        return [.. planned.SelectMany(ofRequest => ofRequest)];
    }

    private async Task<PlannedCopy> PlanAsync(SourceImage image, CopyTarget target, CancellationToken cancellationToken)
    {
        var (root, chosenFrom) = await image.ReadRootAsync();
        var tagged = await TargetInspector.FindTagAsync(target, cancellationToken);
        target.EnsureTagIsFree(tagged is null || root.Matches(tagged) ? null : tagged.Digest, root.Descriptor.Digest);

        var isTagged = target.Tag is null || (tagged is not null && root.Matches(tagged));
        var missing = await FindMissingAsync(await image.ReadGraphAsync(), target.Repository, cancellationToken);

        // A deep copy writes attachments again to find out what is missing below them; a plan only asks for them.
        var attachments = await new TargetInspector(options with { Deep = false }).FindMissingAsync(
            target, await image.ReadAttachmentsAsync(), fresh: missing.Manifests > 0, cancellationToken);
        return new PlannedCopy
        {
            Source = image.Source.Repository.Location,
            Target = target,
            Root = root.Descriptor,
            ChosenFrom = chosenFrom,
            TagBefore = tagged?.Digest,
            WritesTag = !isTagged,
            Manifests = missing.Manifests,
            Blobs = missing.Blobs.Count,
            Bytes = missing.Blobs.Sum(blob => blob.Size),
            Attachments = attachments.Count,
        };
    }

    // A manifest that exists is complete, unless the copy looks deeper.
    private async Task<(int Manifests, IReadOnlyList<Descriptor> Blobs)> FindMissingAsync(
        ImageGraph graph, IImageRepository target, CancellationToken cancellationToken)
    {
        if (!options.Deep && await target.HasManifestAsync(graph.Root.Descriptor.Digest, cancellationToken))
            return (0, []);
        var manifests = await Concurrently.SelectAsync(
            graph.Manifests, (node, token) => target.HasManifestAsync(node.Content.Descriptor.Digest, token), cancellationToken);
        var blobs = await Concurrently.SelectAsync(graph.Blobs, (blob, token) => target.HasBlobAsync(blob, token), cancellationToken);
        return (manifests.Count(there => !there), [.. graph.Blobs.Where((_, index) => !blobs[index])]);
    }
}

/// <summary>One image at one target, as it would be copied.</summary>
public sealed record PlannedCopy
{
    internal PlannedCopy()
    {
    }

    /// <summary>The location that the image would be copied from.</summary>
    public required string Source { get; init; }

    /// <summary>The target repository and the tag.</summary>
    public required CopyTarget Target { get; init; }

    /// <summary>The manifest or index of the image.</summary>
    public required Descriptor Root { get; init; }

    /// <summary>The digest of the complete image, when only some of its platforms would be copied.</summary>
    public Digest? ChosenFrom { get; init; }

    /// <summary>The digest that the tag points to now; null when it does not exist.</summary>
    public Digest? TagBefore { get; init; }

    /// <summary>True when the tag would be written.</summary>
    public bool WritesTag { get; init; }

    /// <summary>The number of manifests that are missing.</summary>
    public int Manifests { get; init; }

    /// <summary>The number of blobs that are missing.</summary>
    public int Blobs { get; init; }

    /// <summary>The size of the missing blobs in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>The number of referrers and cosign tags that are missing.</summary>
    public int Attachments { get; init; }

    /// <summary>True when everything is at the target.</summary>
    public bool NothingMoves => !WritesTag && Manifests + Blobs + Attachments == 0;
}
