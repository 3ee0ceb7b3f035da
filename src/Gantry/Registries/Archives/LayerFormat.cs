namespace Gantry.Registries.Archives;

/// <summary>The compression of a layer.</summary>
internal enum LayerFormat
{
    /// <summary>A plain tar.</summary>
    Tar,

    /// <summary>A tar compressed with gzip.</summary>
    Gzip,

    /// <summary>A tar compressed with zstd.</summary>
    Zstd,
}

/// <summary>Detects the compression of a layer by its first bytes.</summary>
internal static class LayerFormats
{
    /// <summary>Reads the first bytes and returns the compression.</summary>
    public static async Task<LayerFormat> ReadAsync(Stream layer, CancellationToken cancellationToken)
    {
        var magic = new byte[4];
        var read = await layer.ReadAtLeastAsync(magic, magic.Length, throwOnEndOfStream: false, cancellationToken);
        return magic[..read] switch
        {
            [0x1F, 0x8B, ..] => LayerFormat.Gzip,
            [0x28, 0xB5, 0x2F, 0xFD] => LayerFormat.Zstd,
            _ => LayerFormat.Tar,
        };
    }
}
