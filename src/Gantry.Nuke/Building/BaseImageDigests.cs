using Gantry.Oci;

namespace Gantry.Nuke.Building;

/// <summary>Reads and writes the value of <c>--base-image-digests</c>.</summary>
internal static class BaseImageDigests
{
    /// <summary>Parses the value; throws <c>GAN7095</c> for a reference without tag or digest.</summary>
    public static IReadOnlyList<ImageReference> Parse(string? text) =>
    [
        .. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(part =>
            ImageReference.ParseRepository(part) is { Tag: not null, Digest: not null } reference
                ? reference
                : throw BaseImageDigestErrors.Incomplete(part)),
    ];

    /// <summary>Formats references as a value.</summary>
    public static string Format(IEnumerable<ImageReference> references) => string.Join(',', references);
}
