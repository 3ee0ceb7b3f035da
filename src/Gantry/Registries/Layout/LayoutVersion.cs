using System.Text.Json;

namespace Gantry.Registries.Layout;

/// <summary>The file <c>oci-layout</c>, which marks a folder as an OCI image layout.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#oci-layout-file">
/// OCI image-spec 1.1.1, oci-layout file
/// </seealso>
internal static class LayoutVersion
{
    /// <summary>The maximum size of the file that is read, in bytes.</summary>
    public const int MaximumSize = Limits.LayoutVersionBytes;

    public static ReadOnlyMemory<byte> Content { get; } = """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray();

    public static void Check(ReadOnlyMemory<byte> content, string folder)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("imageLayoutVersion", out var version)
                || version.ValueKind != JsonValueKind.String
                || version.GetString()?.StartsWith("1.", StringComparison.Ordinal) != true)
                throw RegistryErrors.MalformedLayout(folder, "its oci-layout file does not declare version 1 of the image layout");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw RegistryErrors.MalformedLayout(folder, "its oci-layout file is not JSON", exception);
        }
    }
}
