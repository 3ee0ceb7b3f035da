using Gantry.Oci;
using Gantry.Registries.Layout;

namespace Gantry.Registries.Archives;

/// <summary>The names of the parts of an image layout in an archive.</summary>
internal static class ArchivedLayout
{
    public const string Index = "index.json";
    public const string Version = "oci-layout";

    /// <summary>The entry of a blob.</summary>
    public static string BlobName(Digest digest) => $"blobs/{digest.Algorithm}/{digest.Hex}";

    /// <summary>Whether the archive holds an image layout; <c>GAN2010</c> when it holds only a part of one, or one of another version.</summary>
    public static async Task<bool> IsLayoutAsync(ArchiveFile archive, CancellationToken cancellationToken)
    {
        if (archive.Find(Version) is not { } version)
            return false;
        LayoutVersion.Check(await archive.ReadAsync(version, LayoutVersion.MaximumSize, cancellationToken), archive.Name);
        return true;
    }

    /// <summary>The bytes of the index.</summary>
    public static async Task<byte[]> ReadIndexAsync(ArchiveFile archive, CancellationToken cancellationToken) =>
        archive.Find(Index) is { } index
            ? await archive.ReadAsync(index, LayoutIndex.MaximumSize, cancellationToken)
            : throw ArchiveErrors.Malformed(archive.Name, "it has no index.json");
}
