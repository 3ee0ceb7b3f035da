using System.Text.Json.Serialization;

namespace Gantry.Oci;

/// <summary>The platform that an image runs on.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md">
/// OCI image-spec 1.1.1, image index, platform
/// </seealso>
public sealed record Platform
{
    /// <summary>The processor architecture, with the name that Go uses: <c>amd64</c>, <c>arm64</c>, …</summary>
    [JsonPropertyName("architecture"), JsonPropertyOrder(0)]
    public required string Architecture { get; init; }

    /// <summary>The operating system, with the name that Go uses: <c>linux</c>, <c>windows</c>, …</summary>
    [JsonPropertyName("os"), JsonPropertyOrder(1)]
    public required string Os { get; init; }

    /// <summary>The version of the operating system; required for Windows images.</summary>
    [JsonPropertyName("os.version"), JsonPropertyOrder(2)]
    public string? OsVersion { get; init; }

    /// <summary>The variant of the processor: <c>v7</c>, <c>v8</c>, …</summary>
    [JsonPropertyName("variant"), JsonPropertyOrder(3)]
    public string? Variant { get; init; }

    /// <summary>Linux on 64-bit Intel and AMD processors.</summary>
    public static Platform LinuxAmd64 { get; } = new() { Os = "linux", Architecture = "amd64" };

    /// <summary>Linux on 64-bit ARM processors.</summary>
    public static Platform LinuxArm64 { get; } = new() { Os = "linux", Architecture = "arm64" };

    /// <summary>Parses <c>os/architecture[/variant]</c>; throws <c>GAN1004</c> when it is malformed.</summary>
    public static Platform Parse(string text)
    {
        var parts = text.Split('/');
        if (parts.Length is not (2 or 3)
            || parts.Any(part => part.Length == 0 || part.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789_.-")))
            throw OciErrors.MalformedPlatform(text);

        return new Platform { Os = parts[0], Architecture = parts[1], Variant = parts.Length == 3 ? parts[2] : null };
    }

    /// <summary>Returns true when an image for this platform can be used for the other one: arm64 without a variant is arm64/v8.</summary>
    public bool Satisfies(Platform wanted) =>
        Os == wanted.Os && Architecture == wanted.Architecture && Normal(this) == Normal(wanted);

    /// <inheritdoc/>
    public override string ToString() => Variant is null ? $"{Os}/{Architecture}" : $"{Os}/{Architecture}/{Variant}";

    private static string? Normal(Platform platform) => platform is { Architecture: "arm64", Variant: null } ? "v8" : platform.Variant;
}
