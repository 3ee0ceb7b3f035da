using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Copying;

/// <summary>Finds out which parts of an image are already at a target, with as few requests as possible.</summary>
internal sealed class TargetInspector(CopyOptions options)
{
    /// <summary>
    /// Finds the manifest that the tag of a target points to. A list of tags would save requests where many are needed, but a tag that it
    /// leaves out would be moved unseen.
    /// </summary>
    public static Task<Descriptor?> FindTagAsync(CopyTarget target, CancellationToken cancellationToken) =>
        target.Tag is null ? Task.FromResult<Descriptor?>(null) : target.Repository.ReadTagAsync(target.Tag, cancellationToken);

    /// <summary>Checks whether the image is at the target, given what its tag points to.</summary>
    public async Task<bool> HasImageAsync(CopyTarget target, Descriptor? tagged, Digest root, CancellationToken cancellationToken)
    {
        if (options.Deep)
            return false;

        // A new tag nearly always means a new image; if not, each blob is found to exist when it is written.
        return tagged is null && target.Tag is not null
            ? false
            : tagged?.Digest == root || await target.Repository.HasManifestAsync(root, cancellationToken);
    }

    /// <summary>Finds the attachments of an image that are missing at the target or not yet linked to their subjects.</summary>
    /// <param name="target">The target.</param>
    /// <param name="attachments">The attachments at the source.</param>
    /// <param name="fresh">True when the image itself is new at the target, so that nothing is linked to it yet.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IReadOnlyList<Attachment>> FindMissingAsync(
        CopyTarget target, IReadOnlyList<Attachment> attachments, bool fresh, CancellationToken cancellationToken)
    {
        var trusted = fresh || options.Deep;
        var missing = await Concurrently.SelectAsync(
            attachments.GroupBy(attachment => (attachment.Subject, attachment.Tag)),
            FindAsync,
            cancellationToken);
        return [.. missing.SelectMany(ofOne => ofOne)];

        async Task<IEnumerable<Attachment>> FindAsync(IGrouping<(Digest Subject, string? Tag), Attachment> group, CancellationToken token)
        {
            if (group.Key.Tag is { } tag)
                return await IsTagMissingAsync(target, tag, group.Single().Graph.Root, token) ? group : [];
            return trusted ? group : await FindUnlinkedAsync(target, group.Key.Subject, group, token);
        }
    }

    private static async Task<IEnumerable<Attachment>> FindUnlinkedAsync(
        CopyTarget target, Digest subject, IEnumerable<Attachment> attachments, CancellationToken cancellationToken)
    {
        var linked = (await target.Repository.ListReferrersAsync(subject, cancellationToken))
            .Select(referrer => referrer.Digest)
            .ToHashSet();
        return attachments.Where(attachment => !linked.Contains(attachment.Graph.Root.Descriptor.Digest));
    }

    /// <summary>
    /// Compares a cosign tag with its source. cosign adds signatures by writing the tag again with one more layer, or with one more entry
    /// when it is an index. A target with more of them than the source keeps its own; a target with fewer gets those of the source; a
    /// target with different ones is not overwritten without a reason (<c>GAN4035</c>).
    /// </summary>
    private async Task<bool> IsTagMissingAsync(CopyTarget target, string tag, ManifestContent wanted, CancellationToken cancellationToken)
    {
        var there = await target.Repository.FindManifestAsync(tag, cancellationToken);
        if (there is null)
            return true;
        if (there.Descriptor.Digest == wanted.Descriptor.Digest)
            return options.Deep;
        if (HasAllOf(there, wanted))
            return false;
        if (!HasAllOf(wanted, there))
            (target with { Tag = tag }).EnsureTagIsFree(there.Descriptor.Digest, wanted.Descriptor.Digest);
        return true;

        // The configuration differs with every layer; the layers are the signatures. Manifests without layers cannot be compared.
        static bool HasAllOf(ManifestContent larger, ManifestContent smaller) =>
            Signatures(smaller) is { Count: > 0 } signatures && signatures.IsSubsetOf(Signatures(larger));

        static HashSet<string> Signatures(ManifestContent manifest) => [.. ManifestLinks.Read(manifest).Entries.Select(Describe)];
    }

    // All signatures are of the same payload, which is the layer: the annotations distinguish the signers.
    private static string Describe(Descriptor entry)
    {
        var annotations = (entry.Annotations ?? new Dictionary<string, string>()).OrderBy(
            annotation => annotation.Key, StringComparer.Ordinal);
        return string.Concat(annotations
            .Select(annotation => $" {annotation.Key.Length}:{annotation.Key}={annotation.Value?.Length}:{annotation.Value}")
            .Prepend(entry.Digest.ToString()));
    }
}
