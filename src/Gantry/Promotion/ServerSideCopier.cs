using Gantry.Copying;
using Gantry.IO;
using Gantry.Oci;

namespace Gantry.Promotion;

/// <summary>Lets a target fetch an image itself, and finds out what of it is really there.</summary>
internal sealed class ServerSideCopier(PromotionRequest request)
{
    /// <summary>Brings the image as far as it goes; whoever called copies what is still missing.</summary>
    /// <returns>What was said, the blobs that are at the target, and whether all of the image is.</returns>
    public async Task<(TransferResult Answer, IReadOnlySet<Digest> Blobs, bool IsComplete)> RunAsync(
        PlannedImage image, ImageGraph graph, CancellationToken cancellationToken)
    {
        var answer = await request.ServerSideCopy!.CopyAsync(
            new ServerSideCopyRequest
            {
                From = request.Base,
                To = request.Targets[image.TargetNumber],
                Image = image.Image.Name,
                Digest = image.Image.Digest,
                Target = image.Target.Repository,
            },
            cancellationToken);
        if (!answer.Succeeded)
            return (answer, image.BlobsThere, false);

        // A manifest is read, so its bytes are what its digest says; a blob's bytes are the registry's to hold against the name that it
        // gives them.
        var target = image.Target.Repository;
        var manifests = await Concurrently.SelectAsync(graph.Manifests, (node, token) => target.FindManifestAsync(node.Content.Descriptor.Digest, token), cancellationToken);
        var blobs = await Concurrently.SelectAsync(graph.Blobs, async (blob, token) => (blob.Digest, IsThere: await target.HasBlobAsync(blob, token)), cancellationToken);
        var there = blobs.Where(blob => blob.IsThere).Select(blob => blob.Digest).ToHashSet();
        var missing = manifests.Count(manifest => manifest is null) + blobs.Count - there.Count;
        return missing == 0 ? (answer, there, true) : (answer with { Reason = $"{answer.Reason}, {missing} of its parts copied" }, there, false);
    }
}
