using Gantry.Copying;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Promotion;

/// <summary>Copies an image on the server side, and checks which parts of it are really at the target.</summary>
internal sealed class ServerSideCopier(PromotionRequest request)
{
    /// <summary>Copies as much of the image as possible; the caller copies what is missing.</summary>
    /// <returns>The result, the blobs that exist at the target, and true when the whole image does.</returns>
    public async Task<(TransferResult Answer, IReadOnlySet<Digest> Blobs, bool IsComplete)> RunAsync(
        ImagePlan image, ImageGraph graph, CancellationToken cancellationToken)
    {
        var answer = await request.ServerSideCopy!.CopyAsync(
            new ServerSideCopyRequest
            {
                From = request.Base,
                To = image.PromotionTarget.Address,
                Image = image.Image.Name,
                Digest = image.Image.Digest,
                Target = image.Target.Repository,
            },
            cancellationToken);
        if (!answer.Succeeded)
            return (answer, image.BlobsThere, false);

        // A manifest is read, which verifies its bytes; the bytes of a blob are verified by the registry that stores it.
        var target = image.Target.Repository;
        var manifests = await Concurrently.SelectAsync(
            graph.Manifests, (node, token) => target.FindManifestAsync(node.Content.Descriptor.Digest, token), cancellationToken);
        var blobs = await Concurrently.SelectAsync(
            graph.Blobs, async (blob, token) => (blob.Digest, IsThere: await target.HasBlobAsync(blob, token)), cancellationToken);
        var there = blobs.Where(blob => blob.IsThere).Select(blob => blob.Digest).ToHashSet();
        var missing = manifests.Count(manifest => manifest is null) + blobs.Count - there.Count;
        return missing == 0
            ? (answer, there, true)
            : (answer with { Reason = $"{answer.Reason}, {missing} of its parts copied" }, there, false);
    }
}
