using Gantry.Attestations;
using Gantry.Signing;

namespace Gantry.Releases;

/// <summary>Signs the provenance of images when they are published.</summary>
public sealed record ReleaseSigning
{
    /// <summary>The signer: the key of the build.</summary>
    public required ISigner Signer { get; init; }

    /// <summary>The keys whose provenance counts in the base registry.</summary>
    public required TrustPolicy Trust { get; init; }

    /// <summary>The builder.</summary>
    public required Builder Builder { get; init; }

    /// <summary>The repository of the sources; null when it is not known.</summary>
    public BuildSource? Source { get; init; }

    /// <summary>What the machine adds to the build: the version of the .NET SDK.</summary>
    public IReadOnlyDictionary<string, string>? Parameters { get; init; }
}

/// <summary>The declaration of an image and what it was made of, for its provenance.</summary>
public sealed record ImageDefinition
{
    /// <summary>The project that was published, relative to the root of the repository; null when there is none.</summary>
    public string? Project { get; init; }

    /// <summary>The Dockerfile, relative to the root of the repository.</summary>
    public string? Dockerfile { get; init; }

    /// <summary>The values of the ARG instructions.</summary>
    public IReadOnlyDictionary<string, string>? BuildArguments { get; init; }

    /// <summary>The packages that were resolved.</summary>
    public IReadOnlyList<ResourceDescriptor> Dependencies { get; init; } = [];

    /// <summary>What the build wrote on the way to the image: the folders that became its layers.</summary>
    public IReadOnlyList<ResourceDescriptor> Byproducts { get; init; } = [];

    /// <summary>The image of another release that it was made from by exchanging base layers; null when it was built.</summary>
    public RebasedImageSource? RebasedFrom { get; init; }
}

/// <summary>The image that a rebased image was made from.</summary>
/// <param name="Version">The version of its release.</param>
/// <param name="Uri">The URI of the repository that holds it: <c>oci://contoso.azurecr.io/team/app</c>.</param>
/// <param name="Digest">The digest of the image.</param>
public sealed record RebasedImageSource(string Version, string Uri, Oci.Digest Digest);

/// <summary>A document that is published beside an image, as it is and signed: an SBOM.</summary>
/// <param name="Subject">The manifest that it is about.</param>
/// <param name="MediaType">The media type of the document.</param>
/// <param name="PredicateType">The type of the predicate that it is when it is signed.</param>
/// <param name="Content">The document, as JSON.</param>
/// <param name="Created">The time of the document.</param>
public sealed record PublishedDocument(
    Oci.Descriptor Subject, string MediaType, string PredicateType, ReadOnlyMemory<byte> Content, DateTimeOffset Created);
