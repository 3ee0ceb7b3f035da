namespace Gantry.Oci;

/// <summary>The format of an archive.</summary>
public enum ArchiveFormat
{
    /// <summary>An OCI image layout in a tar archive: <c>oci-archive:</c>.</summary>
    Oci,

    /// <summary>An archive in the format of <c>docker save</c>: <c>docker-archive:</c>. Read only.</summary>
    Docker,
}

/// <summary>
/// A file that holds images: <c>oci-archive:app.tar</c>, <c>docker-archive:app.tar</c>. An OCI archive appears only when it is complete.
/// </summary>
/// <param name="Format">The format of the archive.</param>
/// <param name="File">The file as it was written; a relative path is resolved against the root of the build.</param>
public sealed record ArchiveAddress(ArchiveFormat Format, string File) : RegistryAddress
{
    /// <summary>The prefix of the address of an OCI archive.</summary>
    internal const string OciPrefix = "oci-archive:";

    /// <summary>The prefix of the address of a Docker archive.</summary>
    internal const string DockerPrefix = "docker-archive:";

    private string Prefix => Format == ArchiveFormat.Oci ? OciPrefix : DockerPrefix;

    /// <summary>Returns true when a text is the address of an archive.</summary>
    public static bool IsArchive(string text) =>
        text.StartsWith(OciPrefix, StringComparison.Ordinal) || text.StartsWith(DockerPrefix, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string Describe(string repository) => repository.Length == 0 ? ToString() : $"{this}:{repository}";

    /// <inheritdoc/>
    public override string ToString() => Prefix + File;

    internal static ArchiveAddress Create(string text)
    {
        var format = text.StartsWith(OciPrefix, StringComparison.Ordinal) ? ArchiveFormat.Oci : ArchiveFormat.Docker;
        var file = text[(format == ArchiveFormat.Oci ? OciPrefix : DockerPrefix).Length..];
        return string.IsNullOrWhiteSpace(file) || file.Contains('\0', StringComparison.Ordinal)
            ? throw OciErrors.MalformedAddress(
                text, $"no file is named after '{text[..(text.IndexOf(':', StringComparison.Ordinal) + 1)]}'")
            : new ArchiveAddress(format, file);
    }
}
