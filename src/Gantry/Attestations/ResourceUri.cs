using Gantry.Oci;

namespace Gantry.Attestations;

/// <summary>
/// Creates the URI of the place that an attestation is for: a repository in a registry (<c>oci://contoso.azurecr.io/shop/api</c>), or in a
/// folder, whose path says nothing to others (<c>oci://folder.invalid/prod/west-europe/api</c>).
/// </summary>
public static class ResourceUri
{
    private const string Scheme = "oci://";

    // No host can have this name (RFC 2606, section 2).
    private const string Folders = "folder.invalid";

    /// <summary>Returns the URI of one image in a registry or folder.</summary>
    /// <param name="address">The registry or folder.</param>
    /// <param name="image">The name of the image.</param>
    /// <param name="folder">The stable name of a folder: <c>base</c>, <c>prod</c>, <c>prod/west-europe</c>.</param>
    public static string For(RegistryAddress address, string image, string folder) =>
        address is HostAddress host
            ? $"{Scheme}{host.Host}/{host.FullRepository(image)}"
            : $"{Scheme}{Folders}/{folder}/{image}";

    /// <summary>Returns the name of an image for people: its URI without the scheme.</summary>
    internal static string NameOf(string uri) => uri[Scheme.Length..];
}
