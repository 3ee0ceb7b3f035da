using Gantry.IO;
using Gantry.Oci;

namespace Gantry.Copying;

/// <summary>
/// Finds what belongs to an image without being named by it: the referrers graph (referrers of referrers, too) and cosign's legacy tags.
/// </summary>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers">OCI distribution-spec 1.1.1, listing referrers</seealso>
/// <seealso href="https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md#tag-based-discovery">cosign, tag-based discovery</seealso>
internal sealed class AttachmentReader(ImageSource source, CopyOptions options)
{
    private static readonly string[] CosignSuffixes = [".sig", ".att", ".sbom"];

    /// <summary>
    /// Everything that belongs to these manifests: what is about the image before what is about that. Each is visited once, so that a
    /// registry that says they refer to each other in a circle holds up nobody.
    /// </summary>
    public async Task<IReadOnlyList<Attachment>> ReadAsync(IEnumerable<Digest> manifests, CancellationToken cancellationToken)
    {
        if (options is { Referrers: false, CosignTags: false })
            return [];

        var attachments = new Dictionary<(Digest, string?), Attachment>();
        var asked = new HashSet<Digest>();
        for (var subjects = manifests.Where(asked.Add).ToList(); subjects.Count > 0;)
        {
            var found = await Concurrently.SelectAsync(subjects, ReadOneAsync, cancellationToken);
            var news = found.SelectMany(ofOne => ofOne).Where(attachment => attachments.TryAdd((attachment.Graph.Root.Descriptor.Digest, attachment.Tag), attachment)).ToList();
            if (attachments.Count > ImageSource.MaximumManifests)
                throw CopyErrors.TooManyManifests(source.Repository.Location, ImageSource.MaximumManifests);
            subjects = [.. news.SelectMany(attachment => attachment.Graph.Manifests).Select(node => node.Content.Descriptor.Digest).Where(asked.Add)];
        }

        return [.. attachments.Values];
    }

    /// <summary>What belongs to one manifest.</summary>
    private async Task<IReadOnlyList<Attachment>> ReadOneAsync(Digest subject, CancellationToken cancellationToken)
    {
        var knownTags = await source.TryListTagsInOnePageAsync(cancellationToken);
        var referrers = options.Referrers ? await ReadReferrersAsync(subject, knownTags, cancellationToken) : [];
        var tagged = options.CosignTags ? await ReadCosignTagsAsync(subject, knownTags, cancellationToken) : [];
        return [.. referrers, .. tagged];
    }

    private async Task<IEnumerable<Attachment>> ReadReferrersAsync(Digest subject, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken)
    {
        var listed = await source.Repository.ListReferrersAsync(subject, knownTags, cancellationToken);
        var read = await Concurrently.SelectAsync(
            listed.Where(referrer => IsIncluded(referrer.ArtifactType)).DistinctBy(referrer => referrer.Digest),
            async (referrer, token) => await source.ReadAsync(await source.ReadManifestAsync(referrer.Digest, token), token),
            cancellationToken);

        // A list may be wrong: what does not itself say that it is about the subject would not be found again at the target.
        return read
            .Where(graph => graph.Manifests[^1].Subject?.Digest == subject && IsIncluded(Referrer.Of(graph.Root)?.Entry.ArtifactType))
            .Select(graph => new Attachment(subject, null, graph));
    }

    // Lists may leave types out; the manifests themselves do not.
    private bool IsIncluded(string? artifactType) => artifactType is null || !options.ExcludedArtifactTypes.Contains(artifactType);

    private async Task<IEnumerable<Attachment>> ReadCosignTagsAsync(Digest subject, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken)
    {
        // With a longer digest than sha256 it is no tag any more, and cosign writes none.
        var tags = CosignSuffixes.Select(suffix => $"{subject.Algorithm}-{subject.Hex}{suffix}").Where(tag => Names.IsTag(tag) && knownTags?.Contains(tag) != false);
        var read = await Concurrently.SelectAsync(
            tags,
            async (tag, token) => await source.Repository.FindManifestAsync(tag, token) is { } root
                ? new Attachment(subject, tag, await source.ReadAsync(root, token))
                : null,
            cancellationToken);
        return read.OfType<Attachment>();
    }
}
