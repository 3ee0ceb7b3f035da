using System.Net;
using System.Text.Json;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Registries.Remote;

namespace Gantry.Azure.Registries;

/// <summary>Locks tags and manifests of Azure Container Registries with their own API and the credentials of a session.</summary>
/// <seealso href="https://learn.microsoft.com/azure/container-registry/container-registry-image-lock">Lock a container image in an Azure container registry</seealso>
/// <seealso href="https://learn.microsoft.com/rest/api/containerregistry/tag/update-attributes">Tag, update attributes</seealso>
public sealed class AcrLocks(RegistrySession session) : IImageLocks
{
    private const string ApiVersion = "2021-07-01";
    private const int LargestAnswer = 256 * 1024;

    /// <summary>Custom domains of Azure registries, which cannot be recognized by their name. Empty by default.</summary>
    public IReadOnlySet<string> CustomDomains { get; init; } = new HashSet<string>();

    /// <inheritdoc/>
    public async Task<LockState?> FindAsync(RegistryAddress at, string image, string tag, Digest digest, CancellationToken cancellationToken)
    {
        if (at is not HostAddress address || !(AcrCredentialSource.IsAzureRegistry(address.Host) || CustomDomains.Contains(address.Host)))
            return null;
        var tagAttributes = await ReadAsync(address, image, TagPath(tag), cancellationToken);
        var manifestAttributes = await ReadAsync(address, image, ManifestPath(digest), cancellationToken);
        return new LockState(IsLocked(tagAttributes), IsLocked(manifestAttributes)) { IsTagFixed = tagAttributes?.WriteEnabled == false };
    }

    /// <inheritdoc/>
    /// <exception cref="GantryException"><c>GAN9023</c>: the lock did not take effect; <c>GAN9024</c>: the registry refuses.</exception>
    public async Task LockAsync(RegistryAddress at, string image, string tag, Digest digest, ImageLock what, CancellationToken cancellationToken)
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

    private Task<ChangeableAttributes?> WriteAsync(HostAddress at, string image, string path, bool enabled, CancellationToken cancellationToken) =>
        SendAsync(at, image, HttpMethod.Patch, path, new ChangeableAttributes { WriteEnabled = enabled, DeleteEnabled = enabled }, cancellationToken);

    private Task<ChangeableAttributes?> SendAsync(HostAddress at, string image, HttpMethod method, string path, ChangeableAttributes? content, CancellationToken cancellationToken)
    {
        var host = session.Host(at.Host);
        var repository = at.FullRepository(image);
        var request = new RegistryRequest
        {
            Method = method,
            Uri = host.Address($"/acr/v1/{repository}/{path}?api-version={ApiVersion}"),
            What = $"{(content is null ? "reading" : "changing")} the lock of {path} in {at.Describe(image)}",
            Accept = "application/json",
            Content = content is null ? null : () => new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(content, AzureJson.Default.ChangeableAttributes)) { Headers = { { "Content-Type", "application/json" } } },
        };
        var action = content is null ? "metadata_read" : "metadata_write";
        return host.SendAsync(
            host.Authenticated(request, new TokenScope($"repository:{repository}", new HashSet<string> { action })),
            (response, token) => ReadAsync(response, content is null, at.Describe(image), path, token),
            cancellationToken);
    }

    private static async Task<ChangeableAttributes?> ReadAsync(RegistryResponse response, bool reads, string location, string path, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.NotFound && reads && !response.IsHtml)
            return null;
        if (!response.IsSuccess)
        {
            var (_, reason) = await ErrorReader.ReadAsync(response, cancellationToken);
            throw reads ? AcrErrors.NoLockApi(location, reason) : AcrErrors.LockRefused(location, path, reason);
        }

        try
        {
            var body = await response.ReadBytesAsync(LargestAnswer, "the attributes", cancellationToken);
            var answer = JsonSerializer.Deserialize(body, AzureJson.Default.AttributesAnswer);
            return (answer?.Tag ?? answer?.Manifest)?.ChangeableAttributes ?? throw AcrErrors.NoLockApi(location, "its response has no attributes");
        }
        catch (JsonException)
        {
            throw AcrErrors.NoLockApi(location, "its response is not JSON");
        }
    }
}
