using System.Net;
using System.Net.Http.Headers;
using Gantry.Http;
using Gantry.Oci;

namespace Gantry.Registries.Remote;

/// <summary>Reads the answers to requests for manifests.</summary>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests">
/// OCI distribution-spec 1.1.1, pulling manifests
/// </seealso>
internal sealed class ManifestReader(RegistryHost host, DistributionRepository repository)
{
    /// <summary>The algorithm of the digests that tags stand for.</summary>
    private const string TagAlgorithm = "sha256";

    /// <summary>Reads the descriptor of a manifest from the headers of an answer; returns null when they are not sufficient.</summary>
    public static Descriptor? ReadHeaders(HttpAnswer response) =>
        response is { IsSuccess: true, MediaType: { } mediaType, ContentLength: > 0 and { } size }
            && (MediaTypes.IsIndex(mediaType) || MediaTypes.IsManifest(mediaType))
            && Digest.TryParse(response.Header("Docker-Content-Digest"), out var digest)
            && digest.Algorithm == TagAlgorithm
            ? new Descriptor { MediaType = mediaType, Digest = digest, Size = size }
            : null;

    /// <summary>
    /// Reads a manifest and verifies it against the requested digest, or else against the one in the headers. A manifest that was found by
    /// its tag has its sha256 digest, whatever the headers say: everything that belongs to it is found by that one.
    /// </summary>
    public async Task<ManifestContent?> ReadAsync(
        HttpAnswer response, string reference, Digest? expected, CancellationToken cancellationToken)
    {
        if (!await IsThereAsync(response, reference, cancellationToken))
            return null;

        var content = await response.ReadBytesAsync(ManifestContent.MaximumSize, "manifest", cancellationToken);
        Digest? named = expected ?? (Digest.TryParse(response.Header("Docker-Content-Digest"), out var told) ? told : null);
        var actual = named?.OfSameAlgorithm(content) ?? Digest.Of(content);
        if (named is not null && actual != named)
        {
            // Content that was damaged in transit is right the next time; content that is stored wrong is not.
            throw new TransientException(
                FailureKind.Broken,
                RegistryErrors.DigestMismatch(repository.Location, named.Value, actual.ToString(), response.ContentEncoding));
        }

        var mediaType = ManifestInspector.MediaTypeOf(
            content, response.MediaType, $"{repository.Location} {reference}{RegistryErrors.Unasked(response.ContentEncoding)}");
        return expected is not null || actual.Algorithm == TagAlgorithm
            ? ManifestContent.FromVerified(mediaType, actual, content)
            : ManifestContent.FromVerified(mediaType, Digest.Of(content), content) with { Alias = actual };
    }

    /// <summary>Creates the body of a request that writes a manifest.</summary>
    public static HttpContent Body(ManifestContent manifest)
    {
        var content = new ReadOnlyMemoryContent(manifest.Bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(manifest.Descriptor.MediaType);
        return content;
    }

    private async Task<bool> IsThereAsync(HttpAnswer response, string reference, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            await host.ThrowIfNotARegistryAsync(response, cancellationToken);
            return false;
        }

        if (!response.IsSuccess)
            throw await host.CreateErrorAsync(response, repository.Location, $"reading the manifest {reference}", cancellationToken);
        if (response.IsHtml)
            throw RegistryErrors.NotARegistry(host.Name, "a page instead of a manifest");
        if (ManifestInspector.IsSchemaOne(response.MediaType))
            throw RegistryErrors.SchemaOne(repository.Location, reference);
        return true;
    }
}
