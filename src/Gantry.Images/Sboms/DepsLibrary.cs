namespace Gantry.Images.Sboms;

/// <summary>A library in a <c>*.deps.json</c> file.</summary>
/// <param name="Key">The key, <c>Name/1.2.3</c>.</param>
/// <param name="Name">The name.</param>
/// <param name="Version">The version.</param>
internal sealed record DepsLibrary(string Key, string Name, string Version)
{
    /// <summary>The kind of a library that comes from a NuGet package.</summary>
    public const string Package = "package";

    /// <summary>The kind of the application itself, and of projects that it references.</summary>
    public const string Project = "project";

    /// <summary>The kind of a part of .NET that is published with the application.</summary>
    public const string RuntimePack = "runtimepack";

    /// <summary>The kind of the library; empty when the file does not say it.</summary>
    public required string Type { get; init; }

    /// <summary>The hash of the package, <c>sha512-</c> and base64; empty when there is none.</summary>
    public required string Hash { get; init; }

    /// <summary>True when files of the library are used at run time; otherwise it was only needed to compile or to build.</summary>
    public required bool HasRuntimeAssets { get; init; }

    /// <summary>The paths of its files beside the file, where the runtime looks for them.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The keys of the libraries that it depends on.</summary>
    public required IReadOnlyList<string> Dependencies { get; init; }
}
