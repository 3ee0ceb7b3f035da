using System.Text;

namespace Gantry.Images.Sboms;

/// <summary>Writes package URLs.</summary>
/// <seealso href="https://github.com/package-url/purl-spec">Package URL specification</seealso>
internal static class PackageUrl
{
    /// <summary>Returns the URL of a NuGet package.</summary>
    public static string NuGet(string name, string version) => Create("nuget", null, name, version);

    /// <summary>Returns the URL of an image: it has no registry, because the image is the same in each.</summary>
    /// <param name="name">The name of the image, of which the last part counts.</param>
    /// <param name="digest">The digest of its manifest.</param>
    /// <param name="architecture">The architecture.</param>
    public static string Image(string name, string digest, string architecture) =>
        Create("oci", null, ImagePath.Name(name).ToLowerInvariant(), digest, ("arch", architecture));

    /// <summary>Creates a URL; leaves out parts and qualifiers without a value.</summary>
    /// <param name="type">The type of the package.</param>
    /// <param name="space">The name space: that of a distribution.</param>
    /// <param name="name">The name.</param>
    /// <param name="version">The version.</param>
    /// <param name="qualifiers">The qualifiers, in the order of their names.</param>
    public static string Create(
        string type, string? space, string name, string? version, params ReadOnlySpan<(string Name, string? Value)> qualifiers)
    {
        var url = new StringBuilder("pkg:").Append(type).Append('/');
        if (!string.IsNullOrEmpty(space))
            url.Append(Encode(space)).Append('/');
        url.Append(Encode(name));
        if (!string.IsNullOrEmpty(version))
            url.Append('@').Append(Encode(version));

        var separator = '?';
        foreach (var (qualifier, value) in qualifiers)
        {
            if (string.IsNullOrEmpty(value))
                continue;
            url.Append(separator).Append(qualifier).Append('=').Append(Encode(value));
            separator = '&';
        }

        return url.ToString();
    }

    private static string Encode(string text) => Uri.EscapeDataString(text);
}
