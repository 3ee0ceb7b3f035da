namespace Gantry.Environments;

/// <summary>
/// Refuses releases whose images contain certain packages, or packages with certain licences. Each platform of each image needs an SBOM in
/// the format CycloneDX (JSON) beside it in the base registry, and all that are there must comply.
/// </summary>
public sealed record SbomRulesGate : Gate
{
    /// <summary>The packages that must not be in an image.</summary>
    public IReadOnlyList<PackageRule> ForbiddenPackages { get; init; } = [];

    /// <summary>
    /// The licences that a package must not have, by their SPDX ids or names, with <c>*</c> as wildcard: <c>AGPL-*</c>. Of a package with a
    /// choice of licences (<c>MIT OR GPL-2.0-only</c>) all must be forbidden.
    /// </summary>
    public IReadOnlyList<string> ForbiddenLicenses { get; init; } = [];

    /// <summary>True when each package must have a licence in the SBOM. By default, the finding has the number of those without.</summary>
    public bool RequireLicenses { get; init; }

    /// <summary>
    /// The files with the public keys whose signatures count; with any, only signed SBOMs count. Without, those of anyone count, signed or
    /// attached as they are.
    /// </summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <inheritdoc/>
    public override string Description
    {
        get
        {
            var rules = ForbiddenPackages.Select(rule => rule.ToString()).Concat(ForbiddenLicenses.Select(name => $"licence {name}"));
            return $"SBOM{(ForbiddenPackages.Count + ForbiddenLicenses.Count > 0 ? " without " : "")}{string.Join(", ", rules)}";
        }
    }

    /// <inheritdoc/>
    protected override string? Validate()
    {
        if (ForbiddenPackages.Any(rule => string.IsNullOrWhiteSpace(rule?.Package)))
            return "a package has no name";
        if (ForbiddenPackages.Any(rule => rule.Version is not null && string.IsNullOrWhiteSpace(rule.Version)))
            return "the version of a package is blank";
        if (ForbiddenPackages.FirstOrDefault(HasVersion) is { } versioned)
            return $"the version of {versioned.Package} belongs into Version";
        if (ForbiddenLicenses.Any(string.IsNullOrWhiteSpace))
            return "a licence has no name";
        return Keys.Count == 0 ? null : GateKeys.Validate(Keys);
    }

    private static bool HasVersion(PackageRule rule) =>
        rule.Package.StartsWith("pkg:", StringComparison.OrdinalIgnoreCase)
        && rule.Package.LastIndexOf('@') > rule.Package.LastIndexOf('/') + 1;
}

/// <summary>A package that must not be in an image.</summary>
/// <param name="Package">
/// The name, or the package URL without version when it begins with <c>pkg:</c>; with <c>*</c> as wildcard, and without regard to case:
/// <c>log4j-core</c>, <c>pkg:npm/event-stream</c>, <c>pkg:nuget/Contoso.*</c>.
/// </param>
/// <param name="Version">The version, or its beginning and <c>*</c>: <c>2.14.1</c>, <c>2.*</c>; null for all.</param>
public sealed record PackageRule(string Package, string? Version = null)
{
    /// <inheritdoc/>
    public override string ToString() => Version is null ? Package : $"{Package}@{Version}";
}
