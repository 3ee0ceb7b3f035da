using System.Net;
using System.Text.Json;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Azure.Registries;

/// <summary>Locks tags and manifests of Azure Container Registries with their own API and the credentials of a session.</summary>
/// <seealso href="https://learn.microsoft.com/azure/container-registry/container-registry-image-lock">
/// Lock a container image in an Azure container registry
/// </seealso>
/// <seealso href="https://learn.microsoft.com/rest/api/containerregistry/tag/update-attributes">Tag, update attributes</seealso>
public sealed class AcrLocks(RegistrySession session) : IImageLocks
{
    private const string ApiVersion = "2021-07-01";

    /// <summary>Custom domains of Azure registries, which cannot be recognized by their name. Empty by default.</summary>
    public IReadOnlySet<string> CustomDomains { get; init; } = new HashSet<string>();

    /// <inheritdoc/>
    public async Task<LockState?> FindAsync(
        RegistryAddress at, string image, string tag, Digest digest, CancellationToken cancellationToken)
    {
        if (at is not HostAddress address || !(AcrCredentialSource.IsAzureRegistry(address.Host) || CustomDomains.Contains(address.Host)))
            return null;
        var tagAttributes = await ReadAsync(address, image, TagPath(tag), cancellationToken);
        var manifestAttributes = await ReadAsync(address, image, ManifestPath(digest), cancellationToken);
        return new LockState(IsLocked(tagAttributes), IsLocked(manifestAttributes)) { IsTagFixed = tagAttributes?.WriteEnabled == false };
    }

    /// <inheritdoc/>
    /// <exception cref="GantryException"><c>GAN9023</c>: the lock did not take effect; <c>GAN9024</c>: the registry refuses.</exception>
    public async Task LockAsync(
        RegistryAddress at, string image, string tag, Digest digest, ImageLock what, CancellationToken cancellationToken)
    {
        // The tag first: when the second call fails, the next run finds what is missing.
        if (what != ImageLock.None)
            await LockAsync((HostAddress)at, image, TagPath(tag), cancellationToken);
        if (what == ImageLock.TagAndManifest)
            await LockAsync((HostAddress)at, image, ManifestPath(digest), cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="GantryException"><c>GAN9024</c>: the registry refuses.</exception>
    public Task UnlockTagAsync(RegistryAddress at, string image, string tag, CancellationToken cancellationToken) =>
        WriteAsync((HostAddress)at, image, TagPath(tag), enabled: true, cancellationToken);

    private static string TagPath(string tag) => $"_tags/{tag}";

    private static string ManifestPath(Digest digest) => $"_manifests/{digest}";

    private static bool IsLocked(ChangeableAttributes? attributes) => attributes is { WriteEnabled: false, DeleteEnabled: false };

    private async Task LockAsync(HostAddress at, string image, string path, CancellationToken cancellationToken)
    {
        var attributes = await WriteAsync(at, image, path, enabled: false, cancellationToken);
        if (!IsLocked(attributes))
            throw AcrErrors.NotLocked(at.Describe(image), path);
    }

    private Task<ChangeableAttributes?> ReadAsync(HostAddress at, string image, string path, CancellationToken cancellationToken) =>
        SendAsync(at, image, HttpMethod.Get, path, null, cancellationToken);

    private Task<ChangeableAttributes?> WriteAsync(
        HostAddress at, string image, string path, bool enabled, CancellationToken cancellationToken) =>
        SendAsync(
            at,
            image,
            HttpMethod.Patch,
            path,
            new ChangeableAttributes { WriteEnabled = enabled, DeleteEnabled = enabled },
            cancellationToken);

    private async Task<ChangeableAttributes?> SendAsync(
        HostAddress at, string image, HttpMethod method, string path, ChangeableAttributes? content, CancellationToken cancellationToken)
    {
        var (location, repository, reads) = (at.Describe(image), at.FullRepository(image), content is null);
        var request = new RegistryApiRequest
        {
            Host = at.Host,
            Method = method,
            Path = $"/acr/v1/{repository}/{path}?api-version={ApiVersion}",
            Scope = $"repository:{repository}:{(reads ? "metadata_read" : "metadata_write")}",
            What = $"{(reads ? "reading" : "changing")} the lock of {path} in {location}",
            Json = reads ? null : JsonSerializer.SerializeToUtf8Bytes(content!, AzureJson.Default.ChangeableAttributes),
        };
        var answer = await session.SendAsync(request, cancellationToken);
        if (answer is { Status: HttpStatusCode.NotFound, MediaType: not "text/html" } && reads)
            return null;
        if (answer.Refusal is { } reason)
            throw reads ? AcrErrors.NoLockApi(location, reason) : AcrErrors.LockRefused(location, path, reason);
        return Read(answer.Body) ?? throw AcrErrors.NoLockApi(location, "its response has no attributes");

        ChangeableAttributes? Read(byte[] body)
        {
            try
            {
                var attributes = JsonSerializer.Deserialize(body, AzureJson.Default.AttributesAnswer);
                return (attributes?.Tag ?? attributes?.Manifest)?.ChangeableAttributes;
            }
            catch (JsonException)
            {
                throw AcrErrors.NoLockApi(location, "its response is not JSON");
            }
        }
    }
}
