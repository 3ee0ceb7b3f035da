using System.Net;
using Gantry.Http;
using Gantry.Oci;

namespace Gantry.Registries.Remote;

/// <summary>A repository in a registry with the distribution API.</summary>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md">OCI distribution-spec 1.1.1</seealso>
internal sealed class DistributionRepository(RegistryConnections connections, HostAddress address, string repository)
    : IImageRepository, IKeepsReferrers, IDeletesImages
{
    private static readonly string Manifests = string.Join(", ", MediaTypes.Manifests);
    private readonly RegistryHost _host = connections.Host(address.Host);

    public string Location => $"{address.Host}/{repository}";

    public string Registry => address.Host;

    /// <summary>The name of the repository in its registry.</summary>
    public string Name => repository;

    /// <summary>A shorter time without progress for everything that is read here; null for that of the session.</summary>
    public TimeSpan? Patience { get; init; }

    private ManifestReader Reader => new(_host, this);

    private MirrorList Mirrors => new(connections, address.Host, repository);

    public async Task<Descriptor?> FindTagAsync(string tag, CancellationToken cancellationToken)
    {
        var request = ManifestRequest(HttpMethod.Head, Names.Tag(tag), $"finding the tag '{tag}'");
        var descriptor = await TryHeadAsync(request, ManifestReader.ReadHeaders, cancellationToken);

        // HEAD is optional: some refuse it, some answer without the digest, or that nothing is there, or what was there before.
        var isOutdated = _host.FindRecentWrite(repository, tag) is { } written && !IsSame(descriptor, written);
        return descriptor is null || isOutdated ? (await FindManifestAsync(tag, cancellationToken))?.Descriptor : descriptor;
    }

    public Task<ManifestContent?> FindManifestAsync(string tag, CancellationToken cancellationToken) =>
        ReadSettledAsync(
            tag,
            ManifestRequest(HttpMethod.Get, Names.Tag(tag), $"reading the manifest of tag '{tag}'"),
            (response, token) => Reader.ReadAsync(response, tag, expected: null, token),
            (manifest, written) => IsSame(manifest?.Descriptor, written),
            cancellationToken);

    public async Task<ManifestContent?> FindManifestAsync(Digest digest, CancellationToken cancellationToken) =>
        await Mirrors.TryAsync(mirror => mirror.ReadManifestAsync(digest, cancellationToken))
        ?? await ReadManifestAsync(digest, cancellationToken);

    private Task<ManifestContent?> ReadManifestAsync(Digest digest, CancellationToken cancellationToken) =>
        ReadSettledAsync(
            digest.ToString(),
            ManifestRequest(HttpMethod.Get, digest.ToString(), $"reading the manifest {digest}"),
            (response, token) => Reader.ReadAsync(response, digest.ToString(), digest, token),
            (manifest, _) => manifest is not null,
            cancellationToken);

    public async Task<bool> HasManifestAsync(Digest digest, CancellationToken cancellationToken)
    {
        var request = ManifestRequest(HttpMethod.Head, digest.ToString(), $"finding the manifest {digest}");
        return await TryHeadAsync<bool?>(request, response => Exists(response, size: null), cancellationToken)
            ?? await ReadManifestAsync(digest, cancellationToken) is not null;
    }

    /// <summary>
    /// Reads what may have just been written here. A registry may show it only after a while (eventual consistency), so what is missing or
    /// old is read again a few times, and believed in the end.
    /// </summary>
    private async Task<T> ReadSettledAsync<T>(
        string reference, HttpCall request, Func<HttpAnswer, CancellationToken, Task<T>> read, Func<T, Digest, bool> isSettled,
        CancellationToken cancellationToken)
    {
        if (_host.FindRecentWrite(repository, reference) is not { } written)
            return await _host.SendAsync(request, read, cancellationToken);

        T seen = default!;
        var isUnsettled = false;
        var unsettled = RegistryErrors.UnexpectedAnswer(Location, request.What, "it does not show yet what was written");
        try
        {
            return await _host.SendAsync(
                request,
                async (response, token) =>
                {
                    isUnsettled = false;
                    seen = await read(response, token);
                    isUnsettled = !isSettled(seen, written);
                    return isUnsettled ? throw new TransientException(FailureKind.Unsettled, unsettled) : seen;
                },
                cancellationToken);
        }
        catch (GantryException) when (isUnsettled)
        {
            return seen;
        }
    }

    private static bool IsSame(Descriptor? seen, Digest written) =>
        seen is not null && (seen.Digest == written || seen.Digest.Algorithm != written.Algorithm);

    // A blob of another size is not the one that is meant: whatever lists it would not verify.
    public async Task<bool> HasBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        var request = BlobRequest(HttpMethod.Head, blob.Digest, "finding");
        return await TryHeadAsync<bool?>(request, response => Exists(response, blob.Size), cancellationToken)
            ?? await _host.SendAsync(
                request with { Method = HttpMethod.Get }, (response, token) => ExistsAsync(response, blob.Size, token), cancellationToken);
    }

    public async Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        if (Mirrors.Trusted is { Count: > 0 } mirrors)
        {
            var downloads = new MirroredDownload([.. mirrors.Select(mirror => mirror.Download(blob)), Download(blob)]);
            return new BlobStream(blob, Location, await downloads.OpenAsync(0, cancellationToken), downloads.OpenAsync)
            {
                FindEncoding = () => downloads.Encoding,
                OnMismatch = () => Mirrors.Distrust(mirrors.Where((_, index) => downloads.HasUsed(index))),
            };
        }

        var download = Download(blob);
        return new BlobStream(blob, Location, await download.OpenAsync(0, cancellationToken), download.OpenAsync)
        {
            FindEncoding = () => download.Encoding,
        };
    }

    private BlobDownload Download(Descriptor blob) => new(_host, BlobRequest(HttpMethod.Get, blob.Digest, "reading"), Location, blob);

    public async Task<BlobPlacement> PutBlobAsync(
        Descriptor blob, Func<CancellationToken, Task<Stream>> open, IImageRepository? mountFrom, CancellationToken cancellationToken)
    {
        var from = mountFrom is DistributionRepository other && other.Registry == Registry ? other : this;
        using var upload = new BlobUpload(_host, this, blob, open);
        return (await upload.RunAsync(from, cancellationToken)).Report(blob, Location, connections.Options.Log, upload.HasResumed);
    }

    public Task PutManifestAsync(ManifestContent manifest, CancellationToken cancellationToken) =>
        PutManifestAsync(manifest, manifest.Descriptor.Digest.ToString(), cancellationToken);

    public Task PutTagAsync(string tag, ManifestContent manifest, CancellationToken cancellationToken) =>
        PutManifestAsync(manifest, Names.Tag(tag), cancellationToken);

    public async Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken) =>
        await new TagPages(_host, this).ReadAllAsync(cancellationToken);

    public Task<IReadOnlyList<string>?> TryListTagsInOnePageAsync(CancellationToken cancellationToken) =>
        new TagPages(_host, this).ReadOnePageAsync(cancellationToken);

    public Task<IReadOnlyList<Descriptor>> ListReferrersAsync(
        Digest subject, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken) =>
        new ReferrerLists(_host, this).ReadAsync(subject, knownTags, cancellationToken);

    public Task EnsureReferrersAreKeptAsync(Digest subject, bool isThere, CancellationToken cancellationToken) =>
        new ReferrerLists(_host, this).EnsureKeptAsync(subject, isThere, cancellationToken);

    public void EnsureReferrersWereListed()
    {
        if (_host.DeniedReferrers.TryGetValue(repository, out var refused))
            throw refused;
    }

    // Azure Container Registry documents it; others may do it or not, and what is gone then is not there to be deleted.
    public bool DeletesReferrers => AcrHost.FindDomain(address.Host) is not null;

    // The specification allows registries to delete the manifest when its tag is deleted.
    public bool RemovesTags => false;

    public async Task<bool> DeleteManifestAsync(Digest digest, CancellationToken cancellationToken)
    {
        var what = $"deleting the manifest {digest}";
        var isDeleted = await _host.SendAsync(
            Request(HttpMethod.Delete, $"manifests/{digest}", what),
            async (response, token) =>
            {
                if (response.IsSuccess && !response.IsHtml)
                    return true;
                if (response.StatusCode != HttpStatusCode.NotFound)
                    throw await CreateDeletionErrorAsync(response, digest, what, token);
                await _host.ThrowIfNotARegistryAsync(response, token);
                return false;
            },
            cancellationToken);
        _host.NoteDeletion(repository, digest);
        return isDeleted;
    }

    public Task RemoveTagAsync(string tag, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A tag cannot be removed by itself with the distribution API.");

    public Task RemoveFromReferrersAsync(Digest subject, IReadOnlySet<Digest> deleted, CancellationToken cancellationToken) =>
        new ReferrerLists(_host, this).RemoveAsync(subject, deleted, cancellationToken);

    private async Task<GantryException> CreateDeletionErrorAsync(
        HttpAnswer response, Digest digest, string what, CancellationToken cancellationToken)
    {
        var (error, _) = await DescribeRefusalAsync(response, what, cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => error,
            _ when response.IsHtml => error,
            HttpStatusCode.BadRequest or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented =>
                RegistryErrors.DeletionOff(Location, error.Problem),
            _ => RegistryErrors.NotDeleted(Location, digest, error.Problem),
        };
    }

    /// <summary>Creates a request for something in this repository, with the scopes that it needs.</summary>
    public HttpCall Request(HttpMethod method, string path, string what, DistributionRepository? mountFrom = null) =>
        Request(method, _host.Address($"{repository}/{path}"), what, mountFrom);

    /// <summary>Creates a request for an address that the registry returned.</summary>
    public HttpCall Request(HttpMethod method, Uri uri, string what, DistributionRepository? mountFrom = null)
    {
        var reads = method == HttpMethod.Get || method == HttpMethod.Head;
        var own = reads ? TokenScope.Pull(repository)
            : method == HttpMethod.Delete ? TokenScope.Delete(repository)
            : TokenScope.PullPush(repository);
        var scopes = mountFrom is null || mountFrom == this ? (IReadOnlyList<TokenScope>)[own] : [own, TokenScope.Pull(mountFrom.Name)];
        return _host.Request(method, uri, $"{what} in {Location}", scopes) with { Patience = Patience };
    }

    private HttpCall ManifestRequest(HttpMethod method, string reference, string what) =>
        Request(method, $"manifests/{reference}", what) with { Accept = Manifests };

    private HttpCall BlobRequest(HttpMethod method, Digest digest, string doing) =>
        Request(method, $"blobs/{digest}", $"{doing} the blob {digest}");

    /// <summary>Sends a HEAD request. Returns null when the answer does not say what a GET would say.</summary>
    private async Task<T?> TryHeadAsync<T>(HttpCall request, Func<HttpAnswer, T?> read, CancellationToken cancellationToken)
    {
        try
        {
            return await _host.SendAsync(request, (response, _) => Task.FromResult(read(response)), cancellationToken);
        }
        catch (GantryException refused) when (refused.Kind == ErrorKind.Unauthorized)
        {
            // Reading may be allowed all the same.
            return default;
        }
    }

    private static bool? Exists(HttpAnswer response, long? size)
    {
        if (response.IsHtml)
            return null;
        if (response.StatusCode == HttpStatusCode.NotFound)
            return false;
        return response.IsSuccess ? size is null || !response.HasOtherLength(size.Value) : null;
    }

    private async Task<bool> ExistsAsync(HttpAnswer response, long size, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            await _host.ThrowIfNotARegistryAsync(response, cancellationToken);
            return false;
        }

        return response.IsSuccess
            ? !response.HasOtherLength(size)
            : throw await _host.CreateErrorAsync(response, Location, "reading", cancellationToken);
    }

    private async Task PutManifestAsync(ManifestContent manifest, string reference, CancellationToken cancellationToken)
    {
        var descriptor = manifest.Descriptor;
        var referrer = Referrer.Of(manifest);
        if (referrer is not null)
            await EnsureReferrersAreKeptAsync(referrer.Value.Subject.Digest, isThere: true, cancellationToken);

        var what = $"writing the manifest {reference}";
        var request = Request(HttpMethod.Put, $"manifests/{reference}", what) with { Content = () => ManifestReader.Body(manifest) };
        var listed = await _host.SendAsync(
            request,
            async (response, token) =>
            {
                if (!response.IsSuccess)
                    throw await CreateManifestErrorAsync(response, what, token);
                if (response.Header("Docker-Content-Digest") is { } stored
                    && stored != descriptor.Digest.ToString()
                    && IsSameAlgorithm(stored, descriptor.Digest))
                    throw RegistryErrors.DigestMismatch(
                        Location, descriptor.Digest, Digest.TryParse(stored, out var other) ? other.ToString() : "malformed");
                return response.Header("OCI-Subject");
            },
            cancellationToken);

        _host.NoteWrite(repository, reference, descriptor.Digest);
        if (referrer is { Subject.Digest: var subject, Entry: var entry })
            await new ReferrerLists(_host, this).AddAsync(subject, entry, claimed: listed == subject.ToString(), cancellationToken);
    }

    /// <summary>Creates the error for a refused write.</summary>
    public async Task<GantryException> CreateWriteErrorAsync(HttpAnswer response, string what, CancellationToken cancellationToken) =>
        (await DescribeRefusalAsync(response, what, cancellationToken)).Error;

    /// <summary>Creates the error for a refused write, and returns the registry's own error code.</summary>
    public async Task<(GantryException Error, string? Code)> DescribeRefusalAsync(
        HttpAnswer response, string what, CancellationToken cancellationToken)
    {
        var (code, reason) = await ErrorReader.ReadAsync(response, cancellationToken);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            return (RegistryErrors.Unauthorized(Location, what, reason, response.Advice), code);
        if (response.IsHtml)
            return (RegistryErrors.NotARegistry(_host.Name, $"a page with {reason}"), code);
        return (RegistryErrors.WriteRefused(Location, what, reason), code);
    }

    // Everything that the manifest needs was stored before, and its digest is right. So these errors are temporary: the reference
    // implementation reads links while they are being written, and others see new blobs only after a while.
    private async Task<Exception> CreateManifestErrorAsync(HttpAnswer response, string what, CancellationToken cancellationToken)
    {
        var (error, code) = await DescribeRefusalAsync(response, what, cancellationToken);
        return code is "DIGEST_INVALID" or "BLOB_UNKNOWN" or "MANIFEST_BLOB_UNKNOWN"
            ? new TransientException(FailureKind.Unsettled, error)
            : error;
    }

    // A registry may report the digest with another algorithm.
    private static bool IsSameAlgorithm(string stored, Digest digest) =>
        stored.StartsWith(digest.Algorithm + ":", StringComparison.Ordinal);
}
