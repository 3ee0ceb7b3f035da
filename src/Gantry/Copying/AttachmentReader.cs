using Gantry.IO;
using Gantry.Oci;

namespace Gantry.Copying;

/// <summary>Finds the attachments of an image: the referrers graph (including referrers of referrers) and cosign's legacy tags.</summary>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers">
/// OCI distribution-spec 1.1.1, listing referrers
/// </seealso>
/// <seealso href="https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md#tag-based-discovery">
/// cosign, tag-based discovery
/// </seealso>
internal sealed class AttachmentReader(ImageSource source, CopyOptions options)
{
    private static readonly string[] CosignSuffixes = [".sig", ".att", ".sbom"];
    private readonly ManifestBudget _budget = new(source.Repository.Location);

    /// <summary>
    /// Reads all attachments of these manifests; attachments of the image come before attachments of those. Visits each manifest once, so
    /// circular references reported by a registry do no harm.
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
            var news = found
                .SelectMany(ofOne => ofOne)
                .Where(attachment => attachments.TryAdd((attachment.Graph.Root.Descriptor.Digest, attachment.Tag), attachment))
                .ToList();
            subjects =
            [
                .. news
                    .SelectMany(attachment => attachment.Graph.Manifests)
                    .Select(node => node.Content.Descriptor.Digest)
                    .Where(asked.Add),
            ];
        }

        return [.. attachments.Values];
    }

    /// <summary>Reads the attachments of one manifest.</summary>
    private async Task<IReadOnlyList<Attachment>> ReadOneAsync(Digest subject, CancellationToken cancellationToken)
    {
        var knownTags = await source.TryListTagsInOnePageAsync(cancellationToken);
        var referrers = options.Referrers ? await ReadReferrersAsync(subject, knownTags, cancellationToken) : [];
        var tagged = options.CosignTags ? await ReadCosignTagsAsync(subject, knownTags, cancellationToken) : [];
        return [.. referrers, .. tagged];
    }

    private async Task<IEnumerable<Attachment>> ReadReferrersAsync(
        Digest subject, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken)
    {
        var listed = await source.Repository.ListReferrersAsync(subject, knownTags, cancellationToken);
        var read = await Concurrently.SelectAsync(
            listed.Where(referrer => IsIncluded(referrer.ArtifactType)).DistinctBy(referrer => referrer.Digest),
            async (referrer, token) =>
                await source.ReadAsync(await source.ReadManifestAsync(referrer.Digest, _budget, token), _budget, token),
            cancellationToken);

        // A list may be wrong: a manifest that does not itself name the subject would not be found again at the target.
        return read
            .Where(graph => graph.Manifests[^1].Subject?.Digest == subject && IsIncluded(Referrer.Of(graph.Root)?.Entry.ArtifactType))
            .Select(graph => new Attachment(subject, null, graph));
    }

    // Lists may omit artifact types; the manifests themselves do not.
    private bool IsIncluded(string? artifactType) => artifactType is null || !options.ExcludedArtifactTypes.Contains(artifactType);

    private async Task<IEnumerable<Attachment>> ReadCosignTagsAsync(
        Digest subject, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken)
    {
        // With a longer digest than sha256 this is not a valid tag, and cosign writes none.
        var tags = CosignSuffixes.Select(suffix => $"{subject.Algorithm}-{subject.Hex}{suffix}")
            .Where(tag => Names.IsTag(tag) && knownTags?.Contains(tag) != false);
        var read = await Concurrently.SelectAsync(
            tags,
            async (tag, token) => await source.Repository.FindManifestAsync(tag, token) is { } root
                ? new Attachment(subject, tag, await source.ReadAsync(root, _budget, token))
                : null,
            cancellationToken);
        return read.OfType<Attachment>();
    }
}
