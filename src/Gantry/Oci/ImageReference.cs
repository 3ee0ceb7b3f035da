namespace Gantry.Oci;

/// <summary>
/// A reference to one image in a registry, as people write it: <c>mcr.microsoft.com/dotnet/aspnet:10.0</c>,
/// <c>contoso.azurecr.io/app@sha256:…</c>, <c>alpine:3.22</c> (Docker Hub). A reference without tag and digest is not completed with
/// <c>latest</c>: see <see cref="Parse"/>.
/// </summary>
public sealed record ImageReference
{
    /// <summary>The registry; the path of the address is empty.</summary>
    public required HostAddress Registry { get; init; }

    /// <summary>The repository name.</summary>
    public required string Repository { get; init; }

    /// <summary>The tag; null when none is given.</summary>
    public string? Tag { get; init; }

    /// <summary>The digest; null when none is given. It takes precedence over the tag.</summary>
    public Digest? Digest { get; init; }

    /// <summary>
    /// Parses a reference; throws <c>GAN1001</c> when it is malformed. It must have a tag or a digest: <c>latest</c> is never assumed.
    /// </summary>
    public static ImageReference Parse(string text)
    {
        var reference = ParseRepository(text);
        return reference is { Tag: null, Digest: null }
            ? throw OciErrors.MalformedReference(text, "it has neither a tag nor a digest")
            : reference;
    }

    /// <summary>
    /// Parses a reference like <see cref="Parse"/>, but without requiring a tag or a digest: it may name the repository itself.
    /// </summary>
    public static ImageReference ParseRepository(string text)
    {
        var rest = text;
        Digest? digest = null;
        if (rest.IndexOf('@', StringComparison.Ordinal) is var at and >= 0)
        {
            digest = Oci.Digest.Parse(rest[(at + 1)..]);
            rest = rest[..at];
        }

        string? tag = null;
        if (rest.LastIndexOf(':') is var colon and >= 0 && colon > rest.LastIndexOf('/'))
        {
            tag = rest[(colon + 1)..];
            rest = rest[..colon];
            if (!Names.IsTag(tag))
                throw OciErrors.MalformedReference(text, $"{Format.Refused(tag)} is not a tag");
        }

        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var hasHost = slash > 0 && HostAddress.IsHost(rest[..slash].ToLowerInvariant());
        var registry = hasHost ? HostAddress.Create(rest[..slash]) : new HostAddress("docker.io", "");
        var repository = hasHost ? rest[(slash + 1)..] : rest;
        if (!Names.IsRepository(repository))
            throw OciErrors.MalformedReference(text, $"{Format.Refused(repository)} is not a repository name");

        return new ImageReference { Registry = registry, Repository = registry.FullRepository(repository), Tag = tag, Digest = digest };
    }

    /// <summary>Returns the reference with this digest.</summary>
    public ImageReference At(Digest digest) => this with { Digest = digest };

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Registry.Host}/{Repository}{(Tag is null ? "" : $":{Tag}")}{(Digest is null ? "" : $"@{Digest}")}";
}
