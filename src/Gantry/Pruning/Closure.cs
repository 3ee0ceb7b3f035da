using Gantry.Oci;

namespace Gantry.Pruning;

/// <summary>Finds everything in a repository that belongs to images: platforms, referrers, their referrers, cosign's tags.</summary>
internal static class Closure
{
    private static readonly string[] s_suffixes = [".sig", ".att", ".sbom"];

    /// <summary>Returns the images themselves and everything that belongs to them.</summary>
    public static HashSet<Digest> Of(RepositoryInventory inventory, IEnumerable<Digest> roots) =>
        Of(inventory.Manifests, inventory.Tags, roots);

    /// <summary>Returns the images themselves and everything that belongs to them.</summary>
    public static HashSet<Digest> Of(
        IReadOnlyDictionary<Digest, ManifestNode> nodes, IReadOnlyDictionary<string, Digest> tags, IEnumerable<Digest> roots)
    {
        var found = new HashSet<Digest>();
        var unread = new Stack<Digest>(roots);
        while (unread.TryPop(out var digest))
        {
            if (!nodes.TryGetValue(digest, out var node) || !found.Add(digest))
                continue;
            foreach (var next in node.Children.Concat(node.Referrers).Concat(TaggedFor(tags, digest)))
                unread.Push(next);
        }

        return found;
    }

    /// <summary>
    /// Returns true when a tag names the digest of what its manifest belongs to: a list of referrers, cosign's signatures. Other tags of
    /// that kind stand for themselves.
    /// </summary>
    public static bool IsAttachmentTag(string tag)
    {
        var dot = tag.IndexOf('.', StringComparison.Ordinal);
        return DigestTags.IsDigestTag(tag) && (dot < 0 || s_suffixes.Contains(tag[dot..]));
    }

    /// <summary>Returns the tags that point to what belongs to a manifest.</summary>
    public static IEnumerable<string> AttachmentTagsOf(Digest digest) =>
        s_suffixes.Select(suffix => $"{digest.Algorithm}-{digest.Hex}{suffix}").Prepend(Referrer.FallbackTag(digest)).Where(Names.IsTag);

    /// <summary>Returns the manifests under the tags that name a digest: lists of referrers, cosign's signatures.</summary>
    public static IEnumerable<Digest> TaggedFor(IReadOnlyDictionary<string, Digest> tags, Digest digest) =>
        AttachmentTagsOf(digest).Where(tags.ContainsKey).Select(tag => tags[tag]);
}
