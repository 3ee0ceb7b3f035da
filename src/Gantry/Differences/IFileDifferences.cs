using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Differences;

/// <summary>Compares the files in the layers of two images. Gantry.Images implements it, which reads layers.</summary>
public interface IFileDifferences
{
    /// <summary>
    /// Compares the files of those layers that are in one of two images only. Throws a <see cref="GantryException"/> when a layer cannot be
    /// read, or exceeds a limit.
    /// </summary>
    /// <param name="from">The image of one platform that is compared from.</param>
    /// <param name="to">The image of the same platform that is compared to.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The files, sorted by path. Their platform is set by the caller.</returns>
    Task<FileDifferences> CompareAsync(PlatformToCompare from, PlatformToCompare to, CancellationToken cancellationToken);
}

/// <summary>The image of one platform whose files are compared.</summary>
/// <param name="Repository">Its repository.</param>
/// <param name="Manifest">Its manifest.</param>
public sealed record PlatformToCompare(IImageRepository Repository, ManifestContent Manifest);

/// <summary>The files that differ.</summary>
/// <param name="Files">The files, sorted by path.</param>
/// <param name="IsTruncated">True when there are more than <see cref="Limits.ChangedFiles"/>.</param>
public sealed record FileDifferences(IReadOnlyList<ChangedFile> Files, bool IsTruncated);
