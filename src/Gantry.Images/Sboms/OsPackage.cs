namespace Gantry.Images.Sboms;

/// <summary>A package of an operating system.</summary>
/// <param name="Name">The name.</param>
/// <param name="Version">The version, as the package manager writes it.</param>
internal sealed record OsPackage(string Name, string Version)
{
    /// <summary>The architecture; null when the list does not name it.</summary>
    public string? Architecture { get; init; }

    /// <summary>The source package that it was built from; null when that has the same name. Advisories name source packages.</summary>
    public string? Source { get; init; }

    /// <summary>The licence; null when the list does not name it.</summary>
    public string? License { get; init; }

    /// <summary>The number that precedes the version in comparisons of RPM; null when there is none.</summary>
    public string? Epoch { get; init; }
}
