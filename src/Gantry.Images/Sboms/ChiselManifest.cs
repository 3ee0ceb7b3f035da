using System.Text.Json;
using ZstdSharp;

namespace Gantry.Images.Sboms;

/// <summary>
/// Reads <c>var/lib/chisel/manifest.wall</c>, the list in images that are cut out of packages of Ubuntu: JSON objects, one a line,
/// compressed with zstd.
/// </summary>
/// <seealso href="https://documentation.ubuntu.com/chisel/en/latest/reference/manifest/">Chisel, manifest</seealso>
internal static class ChiselManifest
{
    private static readonly JsonDocumentOptions s_options = new() { AllowDuplicateProperties = false, MaxDepth = Limits.JsonDepth };

    /// <summary>
    /// Reads the packages of which parts are in the image; throws <see cref="InvalidDataException"/> when the file is malformed.
    /// </summary>
    public static IReadOnlyList<OsPackage> Read(ReadOnlyMemory<byte> content)
    {
        try
        {
            using var lines = new StreamReader(Unpack(content));
            var packages = new List<OsPackage>();
            while (lines.ReadLine() is { } line)
            {
                if (line.Contains("\"package\"", StringComparison.Ordinal) && ToPackage(line) is { } package)
                    packages.Add(package);
            }

            return packages;
        }
        catch (Exception exception) when (exception is JsonException or ZstdException or InvalidOperationException or EndOfStreamException)
        {
            throw new InvalidDataException("it is not a manifest of chisel", exception);
        }
    }

    private static MemoryStream Unpack(ReadOnlyMemory<byte> content)
    {
        var plain = new MemoryStream();
        using var packed = new DecompressionStream(new MemoryStream(content.ToArray(), writable: false));
        var buffer = new byte[81920];
        while (packed.Read(buffer) is > 0 and var read)
        {
            if (plain.Length + read > Limits.PackageFileBytes)
                throw new InvalidDataException(
                    $"it unpacks to more than {Format.Bytes(Limits.PackageFileBytes)} (limit {nameof(Limits.PackageFileBytes)})");
            plain.Write(buffer.AsSpan(0, read));
        }

        plain.Position = 0;
        return plain;
    }

    // Paths contain the text, too: the kind says what a line is.
    private static OsPackage? ToPackage(string line)
    {
        using var document = JsonDocument.Parse(line, s_options);
        var root = document.RootElement;
        if (TextOf(root, "kind") != "package")
            return null;
        return ForeignName.Clean(TextOf(root, "name")) is { } name && ForeignName.Clean(TextOf(root, "version")) is { } version
            ? new OsPackage(name, version) { Architecture = ForeignName.Clean(TextOf(root, "arch")) }
            : throw new InvalidDataException("a package has no name or no version");
    }

    private static string? TextOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
