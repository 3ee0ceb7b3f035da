using Gantry.Images.BaseImages;
using Gantry.Images.Layers;
using Gantry.Oci;
using Gantry.Sboms;

namespace Gantry.Images.Sboms;

/// <summary>Assembles the document of an image from its file system.</summary>
/// <param name="image">The image.</param>
/// <param name="platform">The platform of the image.</param>
/// <param name="options">The options of the caller.</param>
internal sealed class SbomAssembler(PlatformImage image, Platform platform, SbomOptions options)
{
    private const string Tool = "gantry";
    private const string PlatformProperty = "dev.gantry.sbom.platform";
    private const string NotReadProperty = "dev.gantry.sbom.not-read";

    private readonly Descriptor _subject = image.Content.Descriptor;

    /// <summary>Creates the SBOM.</summary>
    /// <param name="tree">The file system, after all layers.</param>
    /// <param name="failures">Creates the errors for what exceeds a limit.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public Sbom Assemble(ImageTree tree, LayerFailures failures, CancellationToken cancellationToken)
    {
        var notes = new SbomNotes();
        var (files, components) = (new PackageFiles(tree, failures, notes), new ComponentSet(failures, notes, cancellationToken));
        var subject = CreateSubject();
        new DotNetComponents(files, components, notes).AddAll(subject.BomRef!);
        new OsComponents(files, components, notes).AddAll(subject.BomRef!);
        if (platform.Os == "windows")
            notes.Add("the packages of Windows are not read here: only the libraries of .NET are in this SBOM");

        var all = notes.ToList();
        var document = new SbomDocument
        {
            SerialNumber = $"urn:uuid:{NameBasedUuid.OfUrl($"oci:{_subject.Digest}")}",
            Timestamp = options.Created,
            Tools = [Tool],
            Subject = subject,
            Properties = [.. all.Select(note => new SbomProperty(NotReadProperty, note))],
            Components = components.Components,
            Dependencies = components.Dependencies,
        };
        var json = document.ToJson();
        return json.Length <= Limits.SbomBytes
            ? new Sbom { Subject = _subject, Platform = platform, Document = document, Json = json, Notes = all }
            : throw failures.TooLarge($"its SBOM would have {Format.Count(json.Length, "byte")}", nameof(Limits.SbomBytes));
    }

    private SbomComponent CreateSubject()
    {
        var digest = _subject.Digest;
        return new SbomComponent
        {
            Type = "container",
            BomRef = $"image:{digest}",
            Name = options.Name,
            Version = options.Version ?? digest.ToString(),
            Hashes = [new SbomHash(digest.Algorithm == "sha512" ? "SHA-512" : "SHA-256", digest.Hex)],
            Purl = PackageUrl.Image(options.Name, digest.ToString(), platform.Architecture),
            Properties = [new SbomProperty(PlatformProperty, DisplayText.Neutralize(platform.ToString())), .. DescribeBase()],
        };
    }

    // The properties have the names of the annotations, which readers know.
    private IEnumerable<SbomProperty> DescribeBase()
    {
        if (options.BaseImage is { Digest: { } digest } reference)
            return [
                new(StandardLabels.BaseDigest, digest.ToString()),
                new(StandardLabels.BaseName, (reference with { Digest = reference.Tag is null ? digest : null }).ToString()),
            ];

        var annotations = image.Manifest.Annotations ?? new Dictionary<string, string>();
        if (!Digest.TryParse(annotations.GetValueOrDefault(StandardLabels.BaseDigest), out var annotated))
            return [];
        var name = ForeignName.Clean(annotations.GetValueOrDefault(StandardLabels.BaseName));
        return name is null
            ? [new(StandardLabels.BaseDigest, annotated.ToString())]
            : [new(StandardLabels.BaseDigest, annotated.ToString()), new(StandardLabels.BaseName, name)];
    }
}
