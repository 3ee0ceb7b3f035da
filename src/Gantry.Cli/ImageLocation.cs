using Gantry.Copying;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Cli;

/// <summary>
/// The location of an image as written on the command line: in a registry, in an OCI layout folder (<c>oci:folder/app:1.4.2</c>), or in an
/// archive (<c>oci-archive:app.tar:1.4.2</c>, <c>docker-archive:app.tar:app:1.4.2</c>).
/// </summary>
/// <param name="Address">The location.</param>
/// <param name="Repository">The repository; empty for an archive without a name.</param>
/// <param name="Tag">The tag; null when none is given.</param>
/// <param name="Digest">The digest, or null. It takes precedence over the tag.</param>
internal sealed record ImageLocation(RegistryAddress Address, string Repository, string? Tag, Digest? Digest)
{
    public string? Reference => Digest?.ToString() ?? Tag;

    /// <summary>True when the image need not be named: an archive may contain only one.</summary>
    public bool IsArchive => Address is ArchiveAddress;

    /// <summary>Parses a location. The tag and the digest are optional.</summary>
    public static ImageLocation Parse(string text)
    {
        if (text.StartsWith("oci:", StringComparison.Ordinal))
            return ParseLayout(text);
        if (ArchiveAddress.IsArchive(text))
            return ParseArchive(text);

        var reference = ImageReference.ParseRepository(text);
        return new ImageLocation(reference.Registry, reference.Repository, reference.Tag, reference.Digest);
    }

    /// <summary>
    /// Returns the location with the tag and digest of its image: for an archive without a name, those of its only image.
    /// </summary>
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

    // The file name ends at the first colon, except for that of a drive. After it comes a tag, a repository with its tag, or nothing.
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

    // Docker image names may begin with a host, which is not part of a repository name elsewhere.
    private static string RepositoryOf(string name) =>
        name.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash && Names.IsRepository(name[(slash + 1)..]) ? name : Names.Repository(name);

    private static (string Place, Digest? Digest) TakeDigest(string text) =>
        text.LastIndexOf('@') is var at and >= 0 ? (text[..at], Oci.Digest.Parse(text[(at + 1)..])) : (text, null);
}
