namespace Gantry.Oci;

/// <summary>Reads documents from streams.</summary>
internal static class DocumentStream
{
    /// <summary>Reads a whole small document; <c>GAN1008</c> when it is larger than the limit.</summary>
    /// <exception cref="EndOfStreamException">The stream became shorter meanwhile.</exception>
    public static async Task<byte[]> ReadAllAsync(Stream stream, string name, long limit, CancellationToken cancellationToken)
    {
        if (stream.Length > limit)
            throw OciErrors.DocumentTooLarge("file", name, limit);
        var content = new byte[stream.Length];
        await stream.ReadExactlyAsync(content, cancellationToken);
        return content;
    }
}
