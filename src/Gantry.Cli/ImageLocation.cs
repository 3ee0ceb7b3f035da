using Gantry.Copying;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Cli;

/// <summary>
/// An image as it stands on the command line: in a registry, in an OCI layout folder (<c>oci:folder/app:1.4.2</c>), or in an archive
/// (<c>oci-archive:app.tar:1.4.2</c>, <c>docker-archive:app.tar:app:1.4.2</c>).
/// </summary>
/// <param name="Address">The place.</param>
/// <param name="Repository">The repository there; empty for an archive that is named alone.</param>
/// <param name="Tag">The tag, when one is given.</param>
/// <param name="Digest">The digest, when one is given; it wins over the tag.</param>
internal sealed record ImageLocation(RegistryAddress Address, string Repository, string? Tag, Digest? Digest)
{
    public string? Reference => Digest?.ToString() ?? Tag;

    /// <summary>Whether an image need not be named here: an archive that holds one says which.</summary>
    public bool IsArchive => Address is ArchiveAddress;

    /// <summary>Reads a place; neither tag nor digest have to be there.</summary>
    public static ImageLocation Parse(string text)
    {
        if (text.StartsWith("oci:", StringComparison.Ordinal))
            return ParseLayout(text);
        if (ArchiveAddress.IsArchive(text))
            return ParseArchive(text);

        var reference = ImageReference.ParseRepository(text);
        return new ImageLocation(reference.Registry, reference.Repository, reference.Tag, reference.Digest);
    }

    /// <summary>The same place with its image named: the only one of an archive, where none is named.</summary>
    public async Task<ImageLocation> ResolveAsync(RegistrySession session, CancellationToken cancellationToken)
    {
        if (!IsArchive || Reference is not null)
            return this;
        var (digest, tag) = await ArchivedImages.FindSingleAsync(session.Open(Address, Repository), cancellationToken);
        return this with { Digest = digest, Tag = tag };
    }

    private static ImageLocation ParseLayout(string text)
    {
        var (rest, digest) = TakeDigest(text["oci:".Length..]);
        var slash = rest.LastIndexOfAny(['/', '\\']);
        string? tag = null;
        if (rest.LastIndexOf(':') is var colon and >= 0 && colon > slash)
        {
            tag = Names.Tag(rest[(colon + 1)..]);
            rest = rest[..colon];
        }

        slash = rest.LastIndexOfAny(['/', '\\']);
        var folder = slash < 0 ? "." : slash == 0 ? rest[..1] : rest[..slash];
        return new ImageLocation(RegistryAddress.Parse("oci:" + folder), Names.Repository(rest[(slash + 1)..]), tag, digest);
    }

    // The file ends at the first colon, but for that of a drive; what follows is a tag, a repository and its tag, or nothing.
    private static ImageLocation ParseArchive(string text)
    {
        var (rest, digest) = TakeDigest(text);
        var start = rest.IndexOf(':', StringComparison.Ordinal) + 1;
        var drive = rest.Length > start + 2 && char.IsAsciiLetter(rest[start]) && rest[start + 1] == ':' && rest[start + 2] is '\\' or '/' ? start + 2 : start;
        var colon = rest.IndexOf(':', drive);
        var address = (ArchiveAddress)RegistryAddress.Parse(colon < 0 ? rest : rest[..colon]);
        if (colon < 0)
            return new ImageLocation(address, "", null, digest);

        var name = rest[(colon + 1)..];
        var last = name.LastIndexOf(':');
        if (last > name.LastIndexOf('/'))
            return new ImageLocation(address, RepositoryOf(name[..last]), Names.Tag(name[(last + 1)..]), digest);
        return address.Format == ArchiveFormat.Docker
            ? new ImageLocation(address, RepositoryOf(name), null, digest)
            : new ImageLocation(address, "", Names.Tag(name), digest);
    }

    // Engines know images by names with a host before them, which is no part of a repository's name elsewhere.
    private static string RepositoryOf(string name) =>
        name.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash && Names.IsRepository(name[(slash + 1)..]) ? name : Names.Repository(name);

    private static (string Place, Digest? Digest) TakeDigest(string text) =>
        text.LastIndexOf('@') is var at and >= 0 ? (text[..at], Oci.Digest.Parse(text[(at + 1)..])) : (text, null);
}
