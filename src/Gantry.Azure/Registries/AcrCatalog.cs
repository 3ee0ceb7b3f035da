using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gantry.Oci;
using Gantry.Pruning;
using Gantry.Registries;

namespace Gantry.Azure.Registries;

/// <summary>
/// Lists the manifests of Azure Container Registries with their times and locks, and removes tags, with their own API and the credentials
/// of a session.
/// </summary>
/// <seealso href="https://learn.microsoft.com/rest/api/containerregistry/manifests/get-list">Manifests, get list</seealso>
/// <seealso href="https://learn.microsoft.com/azure/container-registry/container-registry-soft-delete-policy">Soft delete policy</seealso>
public sealed class AcrCatalog(RegistrySession session) : IRegistryCatalog
{
    private const string ApiVersion = "2021-07-01";
    private const int PageSize = 100;

    /// <summary>Custom domains of Azure registries, which cannot be recognized by their name. Empty by default.</summary>
    public IReadOnlySet<string> CustomDomains { get; init; } = new HashSet<string>();

    /// <inheritdoc/>
    public bool Knows(RegistryAddress address) =>
        address is HostAddress host && (AcrCredentialSource.IsAzureRegistry(host.Host) || CustomDomains.Contains(host.Host));

    /// <inheritdoc/>
    /// <exception cref="GantryException"><c>GAN4717</c>: the registry does not list them.</exception>
    public async Task<IReadOnlyList<StoredManifest>> ListManifestsAsync(
        RegistryAddress address, string image, CancellationToken cancellationToken)
    {
        var host = (HostAddress)address;
        var locked = (await ListAsync(host, image, "_tags", AzureJson.Default.TagListAnswer, answer => answer.Tags, cancellationToken))
            .Where(tag => IsLocked(tag.ChangeableAttributes))
            .Select(tag => tag.Digest)
            .ToHashSet(StringComparer.Ordinal);
        var manifests = await ListAsync(
            host, image, "_manifests", AzureJson.Default.ManifestListAnswer, answer => answer.Manifests, cancellationToken);
        return
        [
            .. manifests.Select(manifest => new StoredManifest(Digest.Parse(manifest.Digest))
            {
                Written = Latest(manifest.CreatedTime, manifest.LastUpdateTime),
                IsLocked = IsLocked(manifest.ChangeableAttributes) || locked.Contains(manifest.Digest),
            }),
        ];
    }

    /// <inheritdoc/>
    public async Task<bool> IsLockedAsync(
        RegistryAddress address, string image, Digest digest, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        foreach (var path in tags.Select(tag => $"_tags/{tag}").Prepend($"_manifests/{digest}"))
        {
            var answer = await SendAsync((HostAddress)address, image, HttpMethod.Get, path, "metadata_read", cancellationToken);
            if (answer.Status == HttpStatusCode.NotFound)
                continue;
            var attributes = Read(answer, (HostAddress)address, image, AzureJson.Default.AttributesAnswer);
            if (IsLocked((attributes.Tag ?? attributes.Manifest)?.ChangeableAttributes))
                return true;
        }

        return false;
    }

    /// <inheritdoc/>
    /// <exception cref="GantryException"><c>GAN4718</c>: the registry refuses.</exception>
    public async Task RemoveTagAsync(RegistryAddress address, string image, string tag, CancellationToken cancellationToken)
    {
        var answer = await SendAsync((HostAddress)address, image, HttpMethod.Delete, $"_tags/{tag}", "delete", cancellationToken);
        if (answer.Refusal is { } reason && answer.Status != HttpStatusCode.NotFound)
            throw AcrErrors.TagNotRemoved(address.Describe(image), tag, reason);
    }

    /// <inheritdoc/>
    public string? Explain(RegistryAddress address) =>
        $"{((HostAddress)address).Host}: if soft delete is on there (az acr config soft-delete show), deleted images stay for its "
            + "retention time, are paid for, and cannot be pushed or promoted again until then: az acr manifest restore brings one back";

    // Either one prevents a deletion.
    private static bool IsLocked(ChangeableAttributes? attributes) => attributes is { DeleteEnabled: false } or { WriteEnabled: false };

    private static DateTimeOffset? Latest(DateTimeOffset? created, DateTimeOffset? updated) =>
        created is null || updated > created ? updated : created;

    private async Task<IReadOnlyList<T>> ListAsync<TAnswer, T>(
        HostAddress address, string image, string path, JsonTypeInfo<TAnswer> type, Func<TAnswer, IReadOnlyList<T>?> read,
        CancellationToken cancellationToken)
        where TAnswer : class
        where T : class, IListed
    {
        var listed = new Dictionary<string, T>(StringComparer.Ordinal);
        for (string? last = null; ;)
        {
            var query = last is null ? $"n={PageSize}" : $"n={PageSize}&last={Uri.EscapeDataString(last)}";
            var answer = await SendAsync(address, image, HttpMethod.Get, $"{path}?{query}", "metadata_read", cancellationToken);

            // A repository that does not exist.
            if (answer is { Status: HttpStatusCode.NotFound, MediaType: not "text/html" } && last is null)
                return [];
            var page = read(Read(answer, address, image, type)) ?? [];
            var known = listed.Count;
            foreach (var entry in page)
                listed[entry.Key] = entry;
            if (page.Count == 0)
                return [.. listed.Values];
            if (listed.Count == known)
                throw AcrErrors.NoList(address.Describe(image), "its pages have no end");
            last = page[^1].Key;
        }
    }

    private static T Read<T>(RegistryApiAnswer answer, HostAddress address, string image, JsonTypeInfo<T> type)
        where T : class
    {
        if (answer.Refusal is { } reason)
            throw AcrErrors.NoList(address.Describe(image), reason);
        try
        {
            return JsonSerializer.Deserialize(answer.Body, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException)
        {
            throw AcrErrors.NoList(address.Describe(image), "its response is not what it documents");
        }
    }

    private Task<RegistryApiAnswer> SendAsync(
        HostAddress address, string image, HttpMethod method, string path, string action, CancellationToken cancellationToken)
    {
        var repository = address.FullRepository(image);
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        return session.SendAsync(
            new RegistryApiRequest
            {
                Host = address.Host,
                Method = method,
                Path = $"/acr/v1/{repository}/{path}{separator}api-version={ApiVersion}",
                Scope = $"repository:{repository}:{action}",
                What = $"{(method == HttpMethod.Delete ? "removing" : "listing")} {path.Split('?')[0]} of {address.Describe(image)}",
            },
            cancellationToken);
    }
}
