using Gantry.Oci;
using Gantry.Registries.Layout;

namespace Gantry.Registries.Archives;

/// <summary>The names of the parts of an OCI image layout in an archive.</summary>
internal static class ArchivedLayout
{
    public const string Index = "index.json";
    public const string Version = "oci-layout";

    /// <summary>Returns the name of the entry of a blob.</summary>
    public static string BlobName(Digest digest) => $"blobs/{digest.Algorithm}/{digest.Hex}";

    /// <summary>
    /// Returns true when the archive holds an OCI image layout; throws <c>GAN2010</c> when the layout is incomplete or of another version.
    /// </summary>
    public static async Task<bool> IsLayoutAsync(ArchiveFile archive, CancellationToken cancellationToken)
    {
        if (archive.Find(Version) is not { } version)
            return false;
        LayoutVersion.Check(await archive.ReadAsync(version, LayoutVersion.MaximumSize, cancellationToken), archive.Name);
        return true;
    }

    /// <summary>Reads the bytes of the index.</summary>
    public static async Task<byte[]> ReadIndexAsync(ArchiveFile archive, CancellationToken cancellationToken) =>
        archive.Find(Index) is { } index
            ? await archive.ReadAsync(index, Limits.LayoutIndexBytes, cancellationToken)
            : throw ArchiveErrors.Malformed(archive.Name, "it has no index.json");
}
