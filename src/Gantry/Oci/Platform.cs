using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Gantry.Oci;

/// <summary>The platform that an image runs on.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md">
/// OCI image-spec 1.1.1, image index, platform
/// </seealso>
public sealed record Platform
{
    /// <summary>
    /// The processor architecture, with the name that Go uses: <c>amd64</c>, <c>arm64</c>, …; empty when an index does not name it.
    /// </summary>
    [JsonPropertyName("architecture"), JsonPropertyOrder(0), AllowNull]
    public string Architecture { get; init => field = value ?? ""; } = "";

    /// <summary>
    /// The operating system, with the name that Go uses: <c>linux</c>, <c>windows</c>, …; empty when an index does not name it.
    /// </summary>
    [JsonPropertyName("os"), JsonPropertyOrder(1), AllowNull]
    public string Os { get; init => field = value ?? ""; } = "";

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

    /// <summary>
    /// Returns true when an image for this platform can be used for the other one: arm64 without a variant is arm64/v8, and an image
    /// without an operating system is for linux, as container engines on Linux read it.
    /// </summary>
    public bool Satisfies(Platform wanted) =>
        (Os.Length == 0 ? "linux" : Os) == wanted.Os && Architecture == wanted.Architecture && Normal(this) == Normal(wanted);

    /// <summary>Returns <c>os/architecture[/variant]</c>, without the parts that are not known.</summary>
    public override string ToString() => string.Join('/', new[] { Os, Architecture, Variant }.Where(part => !string.IsNullOrEmpty(part)));

    private static string Normal(Platform platform) =>
        platform.Variant is { Length: > 0 } variant ? variant
        : platform.Architecture == "arm64" ? "v8"
        : "";
}
