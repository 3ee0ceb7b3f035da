using Gantry.Oci;

namespace Gantry.Registries.Remote;

/// <summary>The lists of referrers under tags, for registries without the referrers API: <c>sha256-…</c> names an index of them.</summary>
/// <remarks>
/// GitLab reads such a tag as the digest that it spells: it returns the manifest itself, and keeps nothing under the tag. One look at the
/// tag of a manifest that is there shows it.
/// </remarks>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema">
/// OCI distribution-spec 1.1.1, referrers tag schema
/// </seealso>
internal sealed class FallbackTags(RegistryHost host, DistributionRepository repository)
{
    private const int MaximumWrites = 5;

    /// <summary>Reads the list of a manifest; empty when there is none.</summary>
    /// <param name="subject">The manifest.</param>
    /// <param name="isRequired">False when the registry has the referrers API, and need not know such a tag.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IReadOnlyList<Descriptor>> ReadAsync(Digest subject, bool isRequired, CancellationToken cancellationToken)
    {
        if (host.ReadsTagsAsDigests == true)
            return [];
        var list = isRequired ? await FindAsync(subject, cancellationToken) : await TryFindAsync(subject, cancellationToken);
        return list is { IsIndex: true } ? list.ReadIndex().Manifests : [];
    }

    /// <summary>Returns true when the registry keeps no lists under tags. Asks it once.</summary>
    /// <param name="subject">A manifest.</param>
    /// <param name="isThere">True when it is in the repository. Otherwise another image is used for the question, if there is one.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<bool> ReadsTagsAsDigestsAsync(Digest subject, bool isThere, CancellationToken cancellationToken)
    {
        if (host.ReadsTagsAsDigests is { } known)
            return known;

        // Single-flight: concurrent callers share one request.
        using var turn = await host.AcquireLockAsync("tags as digests", cancellationToken);
        if (host.ReadsTagsAsDigests is null && (isThere ? subject : await FindAnyAsync(cancellationToken)) is { } manifest)
        {
            await TryFindAsync(manifest, cancellationToken);
            host.ReadsTagsAsDigests ??= manifest.Algorithm == "sha256" ? false : null;
        }

        return host.ReadsTagsAsDigests == true;
    }

    /// <summary>
    /// Adds a referrer to the index under the fallback tag. Two writers at the same moment may overwrite each other's changes, because
    /// registries have no conditional writes; so the index is read again afterwards. Within a session, one writer also adds the referrers
    /// that wait for the same index: ten signatures cost two or three writes, not ten.
    /// </summary>
    public async Task AddAsync(Digest subject, Descriptor entry, CancellationToken cancellationToken)
    {
        var tag = Referrer.FallbackTag(subject);
        var unlisted = host.UnlistedReferrers($"{repository.Name}:{tag}");
        unlisted[entry.Digest] = entry;
        using var turn = await host.AcquireLockAsync($"{repository.Name}:{tag}", cancellationToken);
        if (!unlisted.ContainsKey(entry.Digest))
            return;

        var entries = unlisted.Values.OrderBy(waiting => waiting.Digest.Hex, StringComparer.Ordinal).ToList();
        for (var writes = 0; ; writes++)
        {
            var there = await FindAsync(subject, cancellationToken);
            if (host.ReadsTagsAsDigests == true)
                throw RegistryErrors.KeepsNoReferrers(repository.Location, subject);
            if (there is { IsIndex: false })
                throw RegistryErrors.UnexpectedAnswer(
                    repository.Location,
                    $"adding a referrer of {subject}",
                    $"its tag '{tag}' is not an index of referrers");
            var index = there?.ReadIndex() ?? new ImageIndex { MediaType = MediaTypes.OciIndex, Manifests = [] };
            var missing = entries.ExceptBy(index.Manifests.Select(manifest => manifest.Digest), waiting => waiting.Digest).ToList();
            if (missing.Count == 0)
                break;
            if (writes == MaximumWrites)
                throw RegistryErrors.UnexpectedAnswer(
                    repository.Location,
                    $"adding a referrer of {subject}",
                    $"its tag '{tag}' does not keep what is written to it");

            // An index with a subject would have to be added to a list itself, possibly to this one, and would wait for its own lock.
            var longer = index with { Manifests = [.. index.Manifests, .. missing], Subject = null };
            await WriteAsync(subject, tag, ManifestContent.Create(longer), cancellationToken);
        }

        entries.ForEach(listed => unlisted.TryRemove(listed.Digest, out _));
    }

    /// <summary>
    /// Removes referrers from the index under the fallback tag. An index that is empty then stays: the tag of a manifest that is there is
    /// not deleted while others may write to it.
    /// </summary>
    public async Task RemoveAsync(Digest subject, IReadOnlySet<Digest> deleted, CancellationToken cancellationToken)
    {
        var tag = Referrer.FallbackTag(subject);
        using var turn = await host.AcquireLockAsync($"{repository.Name}:{tag}", cancellationToken);
        for (var writes = 0; ; writes++)
        {
            if (await FindAsync(subject, cancellationToken) is not { IsIndex: true } there)
                return;
            var index = there.ReadIndex();
            var kept = index.Manifests.Where(entry => !deleted.Contains(entry.Digest)).ToList();
            if (kept.Count == index.Manifests.Count)
                return;
            if (writes == MaximumWrites)
                throw RegistryErrors.UnexpectedAnswer(
                    repository.Location,
                    $"removing referrers of {subject}",
                    $"its tag '{tag}' does not keep what is written to it");
            await WriteAsync(subject, tag, ManifestContent.Create(index with { Manifests = kept, Subject = null }), cancellationToken);
        }
    }

    private async Task WriteAsync(Digest subject, string tag, ManifestContent index, CancellationToken cancellationToken)
    {
        try
        {
            await repository.PutTagAsync(tag, index, cancellationToken);
        }
        catch (GantryException refused) when (refused.Kind == ErrorKind.Refused)
        {
            throw RegistryErrors.KeepsNoReferrers(repository.Location, subject, refused);
        }
    }

    /// <summary>Finds the list of a manifest, and notices when the registry returns the manifest itself.</summary>
    private async Task<ManifestContent?> FindAsync(Digest subject, CancellationToken cancellationToken)
    {
        var found = await repository.FindManifestAsync(Referrer.FallbackTag(subject), cancellationToken);
        if (found is null || subject.OfSameAlgorithm(found.Bytes.Span) != subject)
            return found;
        host.ReadsTagsAsDigests = true;
        return null;
    }

    private async Task<ManifestContent?> TryFindAsync(Digest subject, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(subject, cancellationToken);
        }
        catch (GantryException exception) when (exception.Kind == ErrorKind.UnexpectedAnswer)
        {
            // It knows no such tag.
            return null;
        }
    }

    private async Task<Digest?> FindAnyAsync(CancellationToken cancellationToken)
    {
        var tags = await repository.TryListTagsInOnePageAsync(cancellationToken);
        var tag = tags?.FirstOrDefault(tag => !DigestTags.IsDigestTag(tag));
        return tag is null ? null : (await repository.FindManifestAsync(tag, cancellationToken))?.Descriptor.Digest;
    }
}
