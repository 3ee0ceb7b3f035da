using Gantry.IO;
using Gantry.Registries;

namespace Gantry.Copying;

/// <summary>Writes the attachments of an image.</summary>
internal static class AttachmentWriter
{
    /// <summary>Writes referrers first, then cosign's tags. The manifests that they refer to are in place.</summary>
    public static async Task WriteAsync(TargetWriter lane, Destination to, IReadOnlyList<Attachment> attachments)
    {
        if (attachments.FirstOrDefault(attachment => attachment.Tag is null) is { } first)
            await to.Repository.EnsureReferrersAreKeptAsync(first.Subject, isThere: true, lane.Token);
        await Concurrently.ForEachAsync(
            attachments.Where(attachment => attachment.Tag is null),
            (attachment, _) => lane.WriteAsync(to, attachment.Graph, withRoot: true),
            lane.Token);
        await Concurrently.ForEachAsync(
            attachments.Where(attachment => attachment.Tag is not null),
            async (attachment, _) =>
            {
                await lane.WriteAsync(to, attachment.Graph, withRoot: false);
                await lane.TagAsync(to, attachment.Tag!, attachment.Graph.Root);
                to.Tally.ManifestWritten();
            },
            lane.Token);
    }
}
