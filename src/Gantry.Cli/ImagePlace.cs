using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Cli;

/// <summary>An image as it stands on the command line: in a registry, or in an OCI layout folder (<c>oci:folder/app:1.4.2</c>).</summary>
/// <param name="Address">The place.</param>
/// <param name="Repository">The repository there.</param>
/// <param name="Tag">The tag, when one is given.</param>
/// <param name="Digest">The digest, when one is given; it wins over the tag.</param>
internal sealed record ImagePlace(RegistryAddress Address, string Repository, string? Tag, Digest? Digest)
{
    public string? Reference => Digest?.ToString() ?? Tag;

    /// <summary>Reads a place; neither tag nor digest have to be there.</summary>
    public static ImagePlace Parse(string text)
    {
        if (text.StartsWith("oci:", StringComparison.Ordinal))
            return ParseLayout(text);

        var reference = ImageReference.ParseRepository(text);
        return new ImagePlace(reference.Registry, reference.Repository, reference.Tag, reference.Digest);
    }

    private static ImagePlace ParseLayout(string text)
    {
        var rest = text["oci:".Length..];
        Digest? digest = null;
        if (rest.LastIndexOf('@') is var at and >= 0)
        {
            digest = Oci.Digest.Parse(rest[(at + 1)..]);
            rest = rest[..at];
        }

        var slash = rest.LastIndexOfAny(['/', '\\']);
        string? tag = null;
        if (rest.LastIndexOf(':') is var colon and >= 0 && colon > slash)
        {
            tag = Names.Tag(rest[(colon + 1)..]);
            rest = rest[..colon];
        }

        slash = rest.LastIndexOfAny(['/', '\\']);
        var folder = slash < 0 ? "." : slash == 0 ? rest[..1] : rest[..slash];
        return new ImagePlace(RegistryAddress.Parse("oci:" + folder), Names.Repository(rest[(slash + 1)..]), tag, digest);
    }
}
