using System.Collections.Frozen;
using Gantry.Oci;

namespace Gantry.Copying;

/// <summary>One image on its way to one target: finds out what is there, writes what is missing, and tags it.</summary>
internal sealed class ImageCopy(SourceImage image, CopyTarget target, IBlobFeed feed, TargetInspector inspector, TargetLane lane, CopyOptions options)
{
    private readonly Destination _to = new(target.Repository, feed, FrozenSet<Digest>.Empty);

    public async Task<ImageOutcome> RunAsync()
    {
        var reading = image.ReadRootAsync();
        var tagged = await inspector.FindTagAsync(target, lane.Token);
        var (root, chosenFrom) = await reading;
        var digest = root.Descriptor.Digest;
        if (tagged is not null && !root.Is(tagged) && target.MoveTagReason is null)
            throw CopyErrors.TagTaken(target.Repository.Location, target.Tag!, tagged.Digest, digest);

        var there = await inspector.HasImageAsync(target, tagged, digest, lane.Token);
        var attachments = image.ReadAttachmentsAsync();
        if (!there)
            await lane.PlaceAsync(_to, await image.ReadGraphAsync(), withRoot: false);

        var tagging = target.Tag is not null && (tagged is null || !root.Is(tagged));
        await PlaceRestAsync(root, there, tagging, await attachments);
        if (tagging)
            await lane.PlaceTagAsync(_to, target.Tag!, root);

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
            LeftOut = there ? [] : (await image.ReadGraphAsync()).LeftOut,
            TagWritten = tagging,
        };
    }

    private async Task PlaceRestAsync(ManifestContent root, bool there, bool tagging, IReadOnlyList<Attachment> attachments)
    {
        // A tag brings its manifest with it, in one request. What is about the image needs it there before, and is needed before the tag.
        if (!there && (!tagging || attachments.Count > 0))
            await lane.PlaceManifestAsync(_to, root);

        var missing = await inspector.FindMissingAsync(target, attachments, fresh: !there && !options.Deep, lane.Token);
        await AttachmentWriter.PlaceAsync(lane, _to, missing);
    }
}
