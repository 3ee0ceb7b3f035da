namespace Gantry.Sboms;

/// <summary>
/// A software bill of materials in the format of CycloneDX: the part of it that gates and comparisons use. Everything else in a document of
/// others is ignored.
/// </summary>
/// <seealso href="https://cyclonedx.org/docs/1.6/json/">CycloneDX 1.6, JSON</seealso>
public sealed record SbomDocument
{
    /// <summary>The media type of a document, and the artifact type of a manifest that attaches one to an image.</summary>
    public const string MediaType = "application/vnd.cyclonedx+json";

    /// <summary>The version of the format, such as <c>1.6</c>.</summary>
    public string SpecVersion { get; init; } = "1.6";

    /// <summary>The identity of the document, <c>urn:uuid:…</c>.</summary>
    public string? SerialNumber { get; init; }

    /// <summary>The time of the document; null when it has none that can be read.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>The names of the tools that made the document.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>The component that the document is about: an image.</summary>
    public SbomComponent? Subject { get; init; }

    /// <summary>The properties of the document.</summary>
    public IReadOnlyList<SbomProperty> Properties { get; init; } = [];

    /// <summary>The components, also those that are part of another one.</summary>
    public IReadOnlyList<SbomComponent> Components { get; init; } = [];

    /// <summary>The dependencies between the components.</summary>
    public IReadOnlyList<SbomDependency> Dependencies { get; init; } = [];

    /// <summary>
    /// Reads a document of CycloneDX 1.x. Throws <c>GAN4304</c> when it is malformed, and <c>GAN4305</c> when it exceeds a limit. Its texts
    /// are as in the document: only a <see cref="DisplayText"/> may show them.
    /// </summary>
    /// <param name="json">The document in UTF-8.</param>
    /// <param name="origin">The name of the document in errors.</param>
    public static SbomDocument Read(ReadOnlyMemory<byte> json, string origin) => SbomReader.Read(json, origin);

    /// <summary>Serializes the document as UTF-8, without white space; the same values give the same bytes.</summary>
    public byte[] ToJson() => SbomWriter.Write(this);
}

/// <summary>The dependencies of one component.</summary>
/// <param name="Ref">The reference of the component.</param>
/// <param name="DependsOn">The references of the components that it depends on.</param>
public sealed record SbomDependency(string Ref, IReadOnlyList<string> DependsOn);

/// <summary>A property: a name and a value that the format does not define.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">The value.</param>
public sealed record SbomProperty(string Name, string Value);
