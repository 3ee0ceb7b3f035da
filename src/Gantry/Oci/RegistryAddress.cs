using System.Diagnostics.CodeAnalysis;

namespace Gantry.Oci;

/// <summary>
/// The address of a registry, a layout folder or an archive, in the one format that parameters, environment variables and files use:
/// <c>contoso.azurecr.io</c>, <c>contoso.azurecr.io/team</c>, <c>docker.io/contoso</c>, <c>localhost:5001</c>, <c>oci:folder</c>,
/// <c>oci-archive:file.tar</c>, <c>docker-archive:file.tar</c>.
/// </summary>
public abstract record RegistryAddress
{
    private protected RegistryAddress()
    {
    }

    /// <summary>Parses an address; throws <c>GAN1006</c> when it is malformed.</summary>
    public static RegistryAddress Parse(string text)
    {
        if (text.StartsWith("oci:", StringComparison.Ordinal))
            return LayoutAddress.Create(text);
        if (ArchiveAddress.IsArchive(text))
            return ArchiveAddress.Create(text);
        return HostAddress.Create(text);
    }

    /// <summary>Parses an address, when there is a valid one.</summary>
    /// <param name="text">The address; null: there is none.</param>
    /// <param name="address">The address; null when there is none, or it is malformed.</param>
    /// <returns>True when the text is a valid address.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out RegistryAddress? address)
    {
        address = null;
        try
        {
            address = text is null ? null : Parse(text);
        }
        catch (GantryException)
        {
            // The code that needs the address parses it, and reports the error.
        }

        return address is not null;
    }

    /// <summary>Formats the address of one repository in this registry, as people write it.</summary>
    public abstract string Describe(string repository);
}

/// <summary>A folder that holds one OCI image layout per repository: <c>oci:artifacts/registries/dev</c>.</summary>
/// <param name="Folder">The folder as it was written; a relative path is resolved against the root of the build.</param>
public sealed record LayoutAddress(string Folder) : RegistryAddress
{
    /// <inheritdoc/>
    public override string Describe(string repository) => $"oci:{Folder.TrimEnd('/', '\\')}/{repository}";

    /// <inheritdoc/>
    public override string ToString() => $"oci:{Folder}";

    internal static LayoutAddress Create(string text)
    {
        var folder = text["oci:".Length..];
        return string.IsNullOrWhiteSpace(folder) || folder.Contains('\0', StringComparison.Ordinal)
            ? throw OciErrors.MalformedAddress(text, "no folder is named after 'oci:'")
            : new LayoutAddress(folder);
    }
}

/// <summary>A registry that is reached over the network, with an optional path before every repository name.</summary>
/// <param name="Host">The host name with the port where one is given: <c>contoso.azurecr.io</c>, <c>localhost:5001</c>.</param>
/// <param name="Path">The path before the repository name, or an empty string.</param>
public sealed record HostAddress(string Host, string Path) : RegistryAddress
{
    /// <summary>True when the host is this machine: only then plain HTTP is used by default.</summary>
    public bool IsLoopback => Uri.TryCreate("http://" + Host, UriKind.Absolute, out var uri) && uri.IsLoopback;

    /// <summary>
    /// Returns the repository name with this address's path before it. For Docker Hub, <c>library/</c> is added to single names.
    /// </summary>
    public string FullRepository(string repository) =>
        Path.Length > 0 ? $"{Path}/{repository}"
        : Host == "docker.io" && !repository.Contains('/', StringComparison.Ordinal) ? $"library/{repository}"
        : repository;

    /// <inheritdoc/>
    public override string Describe(string repository) => $"{Host}/{FullRepository(repository)}";

    /// <inheritdoc/>
    public override string ToString() => Path.Length > 0 ? $"{Host}/{Path}" : Host;

    internal static HostAddress Create(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal))
            throw OciErrors.MalformedAddress(text, "it starts with a scheme");
        if (text.Contains('@', StringComparison.Ordinal))
            throw OciErrors.AddressWithCredentials();

        var trimmed = text.TrimEnd('/');
        var slash = trimmed.IndexOf('/', StringComparison.Ordinal);
        var host = (slash < 0 ? trimmed : trimmed[..slash]).ToLowerInvariant();
        var path = slash < 0 ? "" : trimmed[(slash + 1)..];

        if (!IsHost(host))
            throw OciErrors.MalformedAddress(text, $"{Format.Refused(host)} is not a host name");
        if (path.Length > 0 && !Names.IsRepository(path))
            throw OciErrors.MalformedAddress(text, $"{Format.Refused(path)} is not a repository path");
        return new HostAddress(host is "index.docker.io" or "registry-1.docker.io" ? "docker.io" : host, path);
    }

    // A registry's host has a dot or a port, or is localhost; otherwise "team/app" could be a host and a name.
    internal static bool IsHost(string host) =>
        (host == "localhost" || host.Contains('.', StringComparison.Ordinal) || host.Contains(':', StringComparison.Ordinal))
        && Uri.TryCreate("https://" + host, UriKind.Absolute, out var uri)
        && uri.HostNameType is not UriHostNameType.Unknown
        && uri is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" }
        && !host.EndsWith(':');
}
