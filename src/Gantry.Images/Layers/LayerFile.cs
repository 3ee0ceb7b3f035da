using Gantry.Oci;

namespace Gantry.Images.Layers;

/// <summary>A layer that was written to a file.</summary>
/// <param name="Path">The file with the compressed layer.</param>
/// <param name="Blob">Media type, digest and size of the file.</param>
/// <param name="DiffId">The digest of the uncompressed layer.</param>
internal sealed record LayerFile(string Path, Descriptor Blob, Digest DiffId);
