namespace Gantry.Images.Compression;

/// <summary>
/// Compresses parts of a layer, each by itself; the results in a row are the compressed layer. Called by several threads at once.
/// </summary>
internal interface IMemberCompressor
{
    /// <summary>Gets the media type of a layer that is compressed so.</summary>
    string MediaType { get; }

    /// <summary>Gets a name for the bytes that come out: another one as soon as the same content gives other bytes.</summary>
    string Format { get; }

    /// <summary>Compresses the content to one member.</summary>
    byte[] Compress(ReadOnlySpan<byte> content);
}
