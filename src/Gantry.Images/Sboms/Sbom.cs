using Gantry.Oci;
using Gantry.Sboms;

namespace Gantry.Images.Sboms;

/// <summary>The SBOM of an image for one platform.</summary>
public sealed record Sbom
{
    /// <summary>The manifest of the image.</summary>
    public required Descriptor Subject { get; init; }

    /// <summary>The platform of the image.</summary>
    public required Platform Platform { get; init; }

    /// <summary>The document as a model.</summary>
    public required SbomDocument Document { get; init; }

    /// <summary>The document as CycloneDX 1.6 in JSON.</summary>
    public required ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>The components, in the order of their references.</summary>
    public IReadOnlyList<SbomComponent> Components => Document.Components;

    /// <summary>
    /// The files of the image that could not be read, each with the reason; control characters are escaped. The document has them, too.
    /// </summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
