using System.Collections.Frozen;
using Gantry.Oci;

namespace Gantry.Copying;

/// <summary>Copies one image to one target: checks what exists, writes what is missing, and tags it.</summary>
internal sealed class ImageCopy(
    SourceImage image, CopyTarget target, IBlobSource feed, TargetInspector inspector, TargetWriter lane, CopyOptions options)
{
    private readonly Destination _to = new(target.Repository, feed, FrozenSet<Digest>.Empty);

    public async Task<ImageOutcome> RunAsync()
    {
        using var activity = Telemetry.StartImage("copy", target.Repository.Location, target.Tag);
        var reading = image.ReadRootAsync();
        var tagged = await TargetInspector.FindTagAsync(target, lane.Token);
        var (root, chosenFrom) = await reading;
        var digest = root.Descriptor.Digest;
        activity?.SetTag("oci.manifest.digest", $"{digest}");
        target.EnsureTagIsFree(tagged is null || root.Matches(tagged) ? null : tagged.Digest, digest);

        var there = await inspector.HasImageAsync(target, tagged, digest, lane.Token);
        var tagging = target.Tag is not null && (tagged is null || !root.Matches(tagged));
        var attachments = image.ReadAttachmentsAsync();

        // Reading the image finds what would not verify. It gets no tag, not even where another tool has put it.
        var graph = there && !tagging ? null : await image.ReadGraphAsync();
        if (!there)
            await lane.WriteAsync(_to, graph!, withRoot: false);

        await WriteRootAndAttachmentsAsync(root, there, tagging, await attachments);
        if (tagging)
            await lane.TagAsync(_to, target.Tag!, root);
        else if (target.Tag is not null)
            lane.NoteTag(target.Repository, target.Tag);

        return new ImageOutcome
        {
            Source = image.Source.Repository.Location,
            Target = target,
            Root = root.Descriptor,
            TagBefore = tagged?.Digest,
            ChosenFrom = chosenFrom,
            BlobsUploaded = _to.Tally.BlobsUploaded,
            BytesUploaded = _to.Tally.BytesUploaded,
            BlobsMounted = _to.Tally.BlobsMounted,
            ManifestsWritten = _to.Tally.ManifestsWritten,
            Attachments = (await attachments).Count,
            SkippedLayers = there ? [] : graph!.SkippedLayers,
            TagWritten = tagging,
        };
    }

    private async Task WriteRootAndAttachmentsAsync(ManifestContent root, bool there, bool tagging, IReadOnlyList<Attachment> attachments)
    {
        // Tagging writes the manifest, too, in one request. Attachments need the manifest to exist before them, and must exist before the
        // tag.
        if (!there && (!tagging || attachments.Count > 0))
            await lane.WriteManifestAsync(_to, root);

        var missing = await inspector.FindMissingAsync(target, attachments, fresh: !there && !options.Deep, lane.Token);
        await AttachmentWriter.WriteAsync(lane, _to, missing);
    }
}
