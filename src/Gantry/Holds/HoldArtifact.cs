using Gantry.Attestations;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Holds;

/// <summary>The record of a hold in an environment without keys, which anyone may write who may push there.</summary>
internal static class HoldArtifact
{
    public const string ArtifactType = "application/vnd.gantry.hold.v1+json";

    public static Task PutAsync(
        IImageRepository image, HoldStatement statement, Descriptor anchor, CancellationToken cancellationToken)
    {
        var json = statement.ToJson();
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [DocumentArtifact.CreatedAnnotation] = DocumentArtifact.FormatTime(statement.Time),
        };
        return DocumentArtifact.PutAsync(
            image, DocumentArtifact.Create(ArtifactType, json, anchor, annotations), json, cancellationToken);
    }

    /// <summary>Reads a record; null when it does not exist any more. Throws <c>GAN4604</c> when it cannot be read.</summary>
    public static async Task<HoldStatement?> ReadAsync(
        IImageRepository image, Descriptor record, Digest anchor, CancellationToken cancellationToken)
    {
        try
        {
            return await DocumentArtifact.ReadAsync(
                image, record, ArtifactType, anchor, Limits.RecordBytes, (json, origin) => HoldStatement.Read(json, origin),
                (origin, fault) => HoldErrors.Unreadable(origin, fault), cancellationToken);
        }
        catch (GantryException fault) when (fault.Kind is ErrorKind.NotFound or ErrorKind.DigestMismatch)
        {
            throw HoldErrors.Unreadable(DocumentArtifact.Origin(image, record), fault.Problem, fault);
        }
    }
}
