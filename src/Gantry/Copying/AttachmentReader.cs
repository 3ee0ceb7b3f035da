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
    /// Reads all attachments of an image; its own come before attachments of those. Visits each manifest once, so circular references
    /// reported by a registry do no harm.
    /// </summary>
    /// <param name="root">The image.</param>
    /// <param name="manifests">All its manifests.</param>
    /// <param name="tag">The tag that it was read by; null when it was read by its digest.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IReadOnlyList<Attachment>> ReadAsync(
        Digest root, IEnumerable<Digest> manifests, string? tag, CancellationToken cancellationToken)
    {
        if (options is { Referrers: false, CosignTags: false })
            return [];

        var tags = await FindTagsAsync(root, tag, cancellationToken);
        var attachments = new Dictionary<(Digest, string?), Attachment>();
        var asked = new HashSet<Digest>();
        for (var subjects = manifests.Prepend(root).Where(asked.Add).ToList(); subjects.Count > 0;)
        {
            var found = await Concurrently.SelectAsync(subjects, (subject, token) => ReadOneAsync(subject, tags, token), cancellationToken);
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

    /// <summary>
    /// Lists the tags of the repository; returns null when they cannot be listed, so that each tag is asked for. A list may leave tags out
    /// without saying so: it is not used when it lacks the tag of the image, or one of the two tags of its signatures that is there.
    /// </summary>
    private async Task<IReadOnlySet<string>?> FindTagsAsync(Digest root, string? tag, CancellationToken cancellationToken)
    {
        if (await source.TryListTagsInOnePageAsync(cancellationToken) is not { } listed)
            return null;
        if (tag is not null && !listed.Contains(tag))
            return null;
        var probes = new[]
        {
            options.CosignTags ? CosignTag(root, CosignSuffixes[0]) : null,
            options.Referrers ? Referrer.FallbackTag(root) : null,
        };
        var hidden = await Concurrently.SelectAsync(
            probes.OfType<string>().Where(probe => Names.IsTag(probe) && !listed.Contains(probe)),
            (probe, token) => IsHiddenAsync(probe, root, token),
            cancellationToken);
        return hidden.Any(isHidden => isHidden) ? null : listed;
    }

    private async Task<bool> IsHiddenAsync(string tag, Digest root, CancellationToken cancellationToken)
    {
        try
        {
            // GitLab returns the image itself under its fallback tag.
            return await source.Repository.FindManifestAsync(tag, cancellationToken) is { } found
                && root.OfSameAlgorithm(found.Bytes.Span) != root;
        }
        catch (GantryException)
        {
            // It is not listed, and cannot be read either.
            return false;
        }
    }

    private static string CosignTag(Digest subject, string suffix) => $"{subject.Algorithm}-{subject.Hex}{suffix}";

    /// <summary>Reads the attachments of one manifest.</summary>
    private async Task<IReadOnlyList<Attachment>> ReadOneAsync(
        Digest subject, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken)
    {
        var referrers = options.Referrers ? await ReadReferrersAsync(subject, knownTags, cancellationToken) : [];
        var tagged = options.CosignTags ? await ReadCosignTagsAsync(subject, knownTags, cancellationToken) : [];
        return [.. referrers, .. tagged];
    }

    private async Task<IEnumerable<Attachment>> ReadReferrersAsync(
        Digest subject, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken)
    {
        var listed = await source.Repository.ListReferrersAsync(subject, knownTags, cancellationToken);
        var read = await Concurrently.SelectAsync(
            listed.Where(IsIncluded).DistinctBy(referrer => referrer.Digest),
            async (referrer, token) =>
                await source.ReadAsync(await source.ReadManifestAsync(referrer.Digest, _budget, token), _budget, token),
            cancellationToken);

        // A list may be wrong: a manifest that does not itself name the subject would not be found again at the target.
        return read
            .Where(graph => graph.Manifests[^1].Subject?.Digest == subject
                && (Referrer.Of(graph.Root) is not { } own || IsIncluded(own.Entry)))
            .Select(graph => new Attachment(subject, null, graph));
    }

    // Lists may omit artifact types and annotations; the manifests themselves do not.
    private bool IsIncluded(Descriptor referrer) =>
        (referrer.ArtifactType is not { } artifactType || !options.ExcludedArtifactTypes.Contains(artifactType))
        && referrer.Annotations?.Keys.Any(options.ExcludedAnnotations.Contains) != true;

    private async Task<IEnumerable<Attachment>> ReadCosignTagsAsync(
        Digest subject, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken)
    {
        // With a longer digest than sha256 this is not a valid tag, and cosign writes none.
        var tags = CosignSuffixes.Select(suffix => CosignTag(subject, suffix))
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
