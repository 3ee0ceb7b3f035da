using System.Net;
using System.Text.Json;
using Gantry.Http;
using Gantry.Oci;

namespace Gantry.Registries.Remote;

/// <summary>
/// Lists the referrers of a manifest: with the registry's referrers API, and from the index under the fallback tag, which is all that there
/// is without the API. Nothing that belongs to an image is lost silently: a list that ends too early is an error.
/// </summary>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers">
/// OCI distribution-spec 1.1.1, listing referrers
/// </seealso>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#unavailable-referrers-api">
/// OCI distribution-spec 1.1.1, unavailable referrers API
/// </seealso>
internal sealed class ReferrerLists(RegistryHost host, DistributionRepository repository)
{
    public async Task<IReadOnlyList<Descriptor>> ReadAsync(
        Digest subject, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken)
    {
        var listed = await AskApiAsync(subject, cancellationToken);

        // Tools without the API, and registries before they had it, kept the list under the tag. Where the tags are not known, a request
        // for it is made only when the API finds nothing.
        var mayBeTagged = knownTags?.Contains(Referrer.FallbackTag(subject)) ?? listed is not { Count: > 0 };
        var tagged = mayBeTagged
            ? await new FallbackTags(host, repository).ReadAsync(subject, isRequired: listed is null, cancellationToken)
            : [];
        if (host.ReadsTagsAsDigests == true && knownTags?.Contains(Referrer.FallbackTag(subject)) == true)
            host.Warn(RegistryErrors.UnreadableReferrers(repository.Location, subject));
        return [.. (listed ?? []).Concat(tagged).DistinctBy(referrer => referrer.Digest)];
    }

    /// <summary>
    /// Ensures that referrers that are written will be found. Throws <c>GAN2041</c> when the registry neither lists them nor keeps a list
    /// under the fallback tag.
    /// </summary>
    /// <param name="subject">The manifest that they refer to.</param>
    /// <param name="isThere">True when it is in the repository. Otherwise another image is used for the question, if there is one.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task EnsureKeptAsync(Digest subject, bool isThere, CancellationToken cancellationToken)
    {
        if (!HasApi
            && await new FallbackTags(host, repository).ReadsTagsAsDigestsAsync(subject, isThere, cancellationToken)
            && await AskApiAsync(subject, cancellationToken) is null)
            throw RegistryErrors.KeepsNoReferrers(repository.Location, subject);
    }

    /// <summary>Makes a referrer that was just written findable, or ensures that it is.</summary>
    /// <param name="subject">The manifest that it refers to.</param>
    /// <param name="entry">Its entry in the list.</param>
    /// <param name="claimed">True when the registry says that it lists the referrer.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task AddAsync(Digest subject, Descriptor entry, bool claimed, CancellationToken cancellationToken)
    {
        if (!claimed || !await ConfirmAsync(subject, entry, cancellationToken))
            await new FallbackTags(host, repository).AddAsync(subject, entry, cancellationToken);
    }

    /// <summary>Removes deleted referrers from the list under the fallback tag, where that is the list.</summary>
    public Task RemoveAsync(Digest subject, IReadOnlySet<Digest> deleted, CancellationToken cancellationToken) => HasApi
        ? Task.CompletedTask
        : new FallbackTags(host, repository).RemoveAsync(subject, deleted, cancellationToken);

    private bool HasApi => host.HasReferrersApi == true && !host.DeniedReferrers.ContainsKey(repository.Name);

    /// <summary>
    /// Returns true when the registry lists the referrer; false when it does not list any. Throws <c>GAN2040</c> when it lists others only.
    /// Within a session, one list confirms all referrers of the subject that wait for it.
    /// </summary>
    private async Task<bool> ConfirmAsync(Digest subject, Descriptor entry, CancellationToken cancellationToken)
    {
        var key = $"{repository.Name}@{subject}";
        var unconfirmed = host.UnlistedReferrers(key);
        unconfirmed[entry.Digest] = entry;
        using var turn = await host.AcquireLockAsync(key, cancellationToken);
        try
        {
            return !unconfirmed.ContainsKey(entry.Digest) || await host.Retry.ExecuteAsync(FindAsync, cancellationToken);
        }
        finally
        {
            unconfirmed.TryRemove(entry.Digest, out _);
        }

        async Task<bool> FindAsync(CancellationToken token)
        {
            if (await AskApiAsync(subject, token) is not { } listed)
                return false;
            foreach (var found in listed)
                unconfirmed.TryRemove(found.Digest, out _);
            return !unconfirmed.ContainsKey(entry.Digest)
                ? true
                : throw new TransientException(
                    FailureKind.Unsettled, RegistryErrors.ReferrerNotListed(repository.Location, subject, entry.Digest));
        }
    }

    // Null when there is no referrers API; an empty list when there are no referrers.
    private async Task<IReadOnlyList<Descriptor>?> AskApiAsync(Digest subject, CancellationToken cancellationToken)
    {
        if (host.HasReferrersApi is null)
        {
            // Single-flight: concurrent callers share one request.
            using var turn = await host.AcquireLockAsync("referrers API", cancellationToken);
            if (host.HasReferrersApi is null && !host.DeniedReferrers.ContainsKey(repository.Name))
                return await ReadFromApiAsync(subject, cancellationToken);
        }

        return HasApi ? await ReadFromApiAsync(subject, cancellationToken) : null;
    }

    private async Task<IReadOnlyList<Descriptor>?> ReadFromApiAsync(Digest subject, CancellationToken cancellationToken)
    {
        var links = new PageLinks(repository.Location, $"the referrers of {subject}");
        var first = await ReadFirstPageAsync(subject, links, cancellationToken);
        if (first is null)
            return null;

        var referrers = new Dictionary<Digest, Descriptor>();
        for (var page = first; ; page = await ReadPageAsync(page.Next, subject, links, isFirst: false, cancellationToken))
        {
            var known = referrers.Count;
            foreach (var referrer in page!.Referrers)
                referrers.TryAdd(referrer.Digest, referrer);
            if (referrers.Count > Limits.Referrers)
                throw RegistryErrors.EndlessList(
                    repository.Location,
                    $"the referrers of {subject}",
                    $"there are more than {Limits.Referrers} (limit {nameof(Limits.Referrers)})");
            if (page.Next is null)
                return [.. referrers.Values];
            links.EnsureProgress(referrers.Count - known);
        }
    }

    // A registry may let an identity pull and not list. Then the fallback tag is what is left.
    private async Task<Page?> ReadFirstPageAsync(Digest subject, PageLinks links, CancellationToken cancellationToken)
    {
        try
        {
            var first = host.Address($"{repository.Name}/referrers/{subject}");
            return await ReadPageAsync(first, subject, links, isFirst: true, cancellationToken);
        }
        catch (GantryException refused) when (refused.Kind == ErrorKind.Unauthorized)
        {
            host.DeniedReferrers.TryAdd(repository.Name, refused);
            host.Warn(RegistryErrors.ReferrersDenied(repository.Location, refused));
            return null;
        }
    }

    private Task<Page?> ReadPageAsync(Uri? address, Digest subject, PageLinks links, bool isFirst, CancellationToken cancellationToken) =>
        host.SendAsync(
            repository.Request(HttpMethod.Get, address!, $"listing the referrers of {subject}") with { Accept = MediaTypes.OciIndex },
            (response, token) => ReadPageAsync(response, links, isFirst, token),
            cancellationToken);

    private async Task<Page?> ReadPageAsync(HttpAnswer response, PageLinks links, bool isFirst, CancellationToken cancellationToken)
    {
        if (!isFirst && (!response.IsSuccess || response.IsHtml))
            throw await links.CreateErrorAsync(response, cancellationToken);

        // Some answer with an HTML page (GHCR), some with one error or another.
        var unknown = response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest or HttpStatusCode.MethodNotAllowed
            or HttpStatusCode.NotImplemented;
        if (unknown || response.IsHtml)
            return await ReadAbsenceAsync(response, links, cancellationToken);

        if (!response.IsSuccess)
            throw await host.CreateErrorAsync(response, repository.Location, "listing referrers", cancellationToken);
        try
        {
            var body = await links.ReadAsync(response, "list of referrers", cancellationToken);
            var index = JsonSerializer.Deserialize(body, OciJson.Default.ImageIndex) ?? throw new JsonException();
            host.HasReferrersApi = true;
            return new Page(index.Manifests, links.Next(response));
        }
        catch (JsonException exception)
        {
            throw RegistryErrors.UnexpectedAnswer(
                repository.Location,
                "listing referrers",
                $"it is not an index{RegistryErrors.Unasked(response.ContentEncoding)}",
                exception);
        }
    }

    // A registry that lists the referrers of some images has the API: another answer does not mean that there are none.
    private async Task<Page?> ReadAbsenceAsync(HttpAnswer response, PageLinks links, CancellationToken cancellationToken)
    {
        var (code, _) = await ErrorReader.ReadAsync(response, cancellationToken);
        if (code is "NAME_UNKNOWN" or "MANIFEST_UNKNOWN")
            return host.HasReferrersApi == true ? new Page([], null) : null;
        host.HasReferrersApi ??= false;
        return host.HasReferrersApi == true ? throw await links.CreateErrorAsync(response, cancellationToken) : null;
    }

    private sealed record Page(IReadOnlyList<Descriptor> Referrers, Uri? Next);
}
