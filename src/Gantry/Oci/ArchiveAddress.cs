namespace Gantry.Oci;

/// <summary>What kind of archive a file is.</summary>
public enum ArchiveFormat
{
    /// <summary>An OCI image layout in a tar archive: <c>oci-archive:</c>.</summary>
    Oci,

    /// <summary>What <c>docker save</c> writes: <c>docker-archive:</c>. It is read and not written.</summary>
    Docker,
}

/// <summary>
/// A file that holds images: <c>oci-archive:app.tar</c>, <c>docker-archive:app.tar</c>. An OCI archive appears whole or not at all, when
/// everything that was to be written is there.
/// </summary>
/// <param name="Format">What kind of archive it is.</param>
/// <param name="File">The file as it was written; relative ones are taken from the root of the build.</param>
public sealed record ArchiveAddress(ArchiveFormat Format, string File) : RegistryAddress
{
    /// <summary>Before the file of an OCI archive.</summary>
    internal const string OciPrefix = "oci-archive:";

    /// <summary>Before the file of a Docker archive.</summary>
    internal const string DockerPrefix = "docker-archive:";

    private string Prefix => Format == ArchiveFormat.Oci ? OciPrefix : DockerPrefix;

    /// <summary>Whether a text begins as the address of an archive does.</summary>
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
            ? throw OciErrors.MalformedAddress(text, $"no file is named after '{text[..(text.IndexOf(':', StringComparison.Ordinal) + 1)]}'")
            : new ArchiveAddress(format, file);
    }
}
