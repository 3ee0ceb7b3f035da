namespace Gantry.Oci;

/// <summary>
/// The location of an image, as people write it: in a registry (<c>contoso.azurecr.io/app:1.4.2</c>), in an OCI layout folder
/// (<c>oci:folder/app:1.4.2</c>), or in an archive (<c>oci-archive:app.tar:1.4.2</c>, <c>docker-archive:app.tar:app:1.4.2</c>).
/// </summary>
public sealed class ImageLocation
{
    private ImageLocation(RegistryAddress address, string repository, string? tag, Digest? digest)
    {
        Address = address;
        Repository = repository;
        Tag = tag;
        Digest = digest;
    }

    /// <summary>The registry, layout folder or archive.</summary>
    public RegistryAddress Address { get; }

    /// <summary>The repository; empty for an archive without a name.</summary>
    public string Repository { get; }

    /// <summary>The tag; null when none is given.</summary>
    public string? Tag { get; }

    /// <summary>The digest; null when none is given. It takes precedence over the tag.</summary>
    public Digest? Digest { get; }

    /// <summary>The digest, or else the tag; null when neither is given.</summary>
    public string? Reference => Digest?.ToString() ?? Tag;

    /// <summary>
    /// Throws <c>GAN4043</c> when images cannot be written to the location: archives of <c>docker save</c> are only read.
    /// </summary>
    /// <param name="text">The location as it was written, for the error.</param>
    public void EnsureWritable(string text)
    {
        if (Address is ArchiveAddress { Format: ArchiveFormat.Docker })
            throw OciErrors.ReadOnlyTarget(text);
    }

    /// <summary>Returns the location of another image in the same repository: of one platform, for example.</summary>
    /// <param name="digest">The digest of that image.</param>
    public ImageLocation With(Digest digest) => At(tag: null, digest);

    /// <summary>Returns the location of an image in the same repository.</summary>
    internal ImageLocation At(string? tag, Digest? digest) => new(Address, Repository, tag, digest);

    /// <summary>Parses a location. The tag and the digest are optional.</summary>
    /// <exception cref="GantryException">GAN1001 to GAN1008: a part of it is malformed.</exception>
    public static ImageLocation Parse(string text)
    {
        if (text.StartsWith("oci:", StringComparison.Ordinal))
            return ParseLayout(text);
        if (ArchiveAddress.IsArchive(text))
            return ParseArchive(text);

        var reference = ImageReference.ParseRepository(text);
        return new ImageLocation(reference.Registry, reference.Repository, reference.Tag, reference.Digest);
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
        var drive = rest.Length > start + 2 && char.IsAsciiLetter(rest[start]) && rest[start + 1] == ':' && rest[start + 2] is '\\' or '/'
            ? start + 2
            : start;
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
        name.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash && Names.IsRepository(name[(slash + 1)..])
            ? name
            : Names.Repository(name);

    private static (string Text, Digest? Digest) TakeDigest(string text) =>
        text.LastIndexOf('@') is var at and >= 0 ? (text[..at], Oci.Digest.Parse(text[(at + 1)..])) : (text, null);
}
