using System.Text.Json;
using System.Text.Json.Nodes;
using Gantry.Attestations;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Cli.Images;

/// <summary>A document that is stored in a registry: a manifest, a configuration, a record, the statement of an attestation.</summary>
/// <param name="Digest">The digest of the manifest or blob that holds it.</param>
/// <param name="Type">Its type.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record StoredDocument(Digest Digest, string Type, ReadOnlyMemory<byte> Content)
{
    private const string RecordPrefix = "application/vnd.gantry.";

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = Limits.JsonDepth };

    /// <summary>Returns the document as JSON; throws <c>GAN4119</c> when it is none.</summary>
    public JsonNode? ToJson(string location)
    {
        try
        {
            return JsonNode.Parse(Content.Span, documentOptions: s_options);
        }
        catch (JsonException)
        {
            throw CliErrors.NotJson(location, Digest);
        }
    }

    /// <summary>Reads the records of Gantry beside an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="type">A part of the type.</param>
    /// <param name="problems">Receives what cannot be read: it does not hide the others.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<IReadOnlyList<StoredDocument>> ReadRecordsAsync(
        FoundImage image, string type, List<GantryException> problems, CancellationToken cancellationToken)
    {
        var referrers = (await ListedReferrer.ReadAsync(image.Repository, image.Root, nested: false, cancellationToken))
            .Where(each => each.Descriptor.ArtifactType is { } artifact
                && artifact.StartsWith(RecordPrefix, StringComparison.Ordinal) && each.Is(type));
        return await ReadAsync(image, referrers, $"record '{type}'", (_, bytes) => bytes, problems, cancellationToken);
    }

    /// <summary>Reads the statements of the attestations beside an image, with any signer.</summary>
    /// <param name="image">The image.</param>
    /// <param name="type">A part of the type of the predicate.</param>
    /// <param name="problems">Receives what cannot be read: it does not hide the others.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<IReadOnlyList<StoredDocument>> ReadStatementsAsync(
        FoundImage image, string type, List<GantryException> problems, CancellationToken cancellationToken)
    {
        var referrers = (await ListedReferrer.ReadAsync(image.Repository, image.Root, nested: false, cancellationToken))
            .Where(each => each.Descriptor.ArtifactType == SigstoreBundle.MediaType
                && (each.PredicateType is null || each.PredicateType.Contains(type, StringComparison.OrdinalIgnoreCase)));
        return await ReadAsync(
            image,
            referrers,
            $"attestation '{type}'",
            (origin, bytes) => SigstoreBundle.Read(bytes, origin).Payload,
            problems,
            cancellationToken);
    }

    private static async Task<IReadOnlyList<StoredDocument>> ReadAsync(
        FoundImage image, IEnumerable<ListedReferrer> referrers, string what,
        Func<string, ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> unpack, List<GantryException> problems,
        CancellationToken cancellationToken)
    {
        var documents = new List<StoredDocument>();
        foreach (var referrer in referrers)
        {
            var digest = referrer.Descriptor.Digest;
            try
            {
                if (await ReadLayerAsync(image.Repository, digest, cancellationToken) is { } bytes)
                    documents.Add(new StoredDocument(digest, referrer.Kind, unpack($"{digest} in {image.Repository.Location}", bytes)));
            }
            catch (GantryException exception) when (exception.Kind != ErrorKind.Unauthorized)
            {
                problems.Add(exception);
            }
        }

        return documents.Count + problems.Count > 0
            ? documents
            : throw CliErrors.NothingAttached(image.Repository.Location, image.Digest, what);
    }

    private static async Task<byte[]?> ReadLayerAsync(IImageRepository repository, Digest digest, CancellationToken cancellationToken)
    {
        if (await repository.FindManifestAsync(digest, cancellationToken) is not { } manifest
            || manifest.FindManifest()?.Layers is not [var layer])
            return null;
        return layer.Size <= Limits.ShownDocumentBytes
            ? await repository.ReadBlobAsync(layer, cancellationToken)
            : throw CliErrors.TooLargeToShow(repository.Location, layer.Digest, Limits.ShownDocumentBytes);
    }
}
