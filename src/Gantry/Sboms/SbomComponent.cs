namespace Gantry.Sboms;

/// <summary>A component of an SBOM: a package, an application, an operating system, an image.</summary>
/// <seealso href="https://cyclonedx.org/docs/1.6/json/#components">CycloneDX 1.6, components</seealso>
public sealed record SbomComponent
{
    /// <summary>The type: <c>library</c>, <c>application</c>, <c>framework</c>, <c>operating-system</c>, <c>container</c>, …</summary>
    public required string Type { get; init; }

    /// <summary>The reference of the component within the document; null when it has none.</summary>
    public string? BomRef { get; init; }

    /// <summary>The name space of the name, in documents of others: a scope of npm, a group of Maven.</summary>
    public string? Group { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The name with its name space: <c>@contoso/shop</c>.</summary>
    public string FullName => Group is { Length: > 0 } group ? $"{group}/{Name}" : Name;

    /// <summary>True for what has a licence of its own: not for an operating system or a file.</summary>
    public bool IsPackage => Purl is not null || Type is "library" or "framework" or "application";

    /// <summary>The version; null when it is not known.</summary>
    public string? Version { get; init; }

    /// <summary>The hashes of the component as it was distributed, such as those of a NuGet package.</summary>
    public IReadOnlyList<SbomHash> Hashes { get; init; } = [];

    /// <summary>The licences; empty when they are not known.</summary>
    public IReadOnlyList<SbomLicense> Licenses { get; init; } = [];

    /// <summary>The package URL, such as <c>pkg:nuget/Polly.Core@8.9.1</c>; null when the component is no package.</summary>
    /// <seealso href="https://github.com/package-url/purl-spec">Package URL specification</seealso>
    public string? Purl { get; init; }

    /// <summary>The properties of the component.</summary>
    public IReadOnlyList<SbomProperty> Properties { get; init; } = [];
}

/// <summary>A hash of a component.</summary>
/// <param name="Algorithm">The algorithm, with the name that CycloneDX uses: <c>SHA-512</c>.</param>
/// <param name="Content">The hash, in hexadecimal.</param>
public sealed record SbomHash(string Algorithm, string Content);

/// <summary>A licence of a component.</summary>
/// <param name="Text">The identifier, the name or the expression.</param>
/// <param name="Kind">The kind of the text.</param>
public sealed record SbomLicense(string Text, SbomLicenseKind Kind);

/// <summary>The kind of the text of a licence.</summary>
public enum SbomLicenseKind
{
    /// <summary>An identifier of the SPDX licence list.</summary>
    Id,

    /// <summary>A name that is on no list.</summary>
    Name,

    /// <summary>An SPDX expression: one or several identifiers, with <c>AND</c>, <c>OR</c> and <c>WITH</c>.</summary>
    Expression,
}
