using System.Text.Json.Nodes;
using Gantry.Copying;
using Gantry.Display;
using Gantry.Oci;

namespace Gantry.Cli.Images;

/// <summary>An image as <c>gantry inspect</c> shows it.</summary>
internal sealed class DescribedImage
{
    // An index lists some platforms. One with more is shown without their configurations.
    private const int ReadConfigurations = 32;
    private const string CreatedAnnotation = "org.opencontainers.image.created";

    private readonly ImageInspection _inspection;
    private readonly IReadOnlyList<DescribedManifest> _manifests;

    private DescribedImage(ImageInspection inspection, IReadOnlyList<DescribedManifest> manifests) =>
        (_inspection, _manifests) = (inspection, manifests);

    /// <summary>The first configuration that cannot be read; null when all can.</summary>
    public GantryException? Problem => _manifests.Select(manifest => manifest.Problem).FirstOrDefault(problem => problem is not null);

    private DateTimeOffset? Created =>
        ImageConfiguration.ParseTime(
            _inspection.Annotations.FirstOrDefault(annotation => annotation.Key == CreatedAnnotation).Value)
        ?? _manifests.Select(manifest => manifest.Configuration?.Created).FirstOrDefault(created => created is not null);

    private (string? Name, string? Digest) Base => ImageConfiguration.FindBase(
        [new Dictionary<string, string>(_inspection.Annotations), .. _manifests.SelectMany(manifest => manifest.Sources)]);

    /// <summary>Reads an image with the configurations of its platforms.</summary>
    public static async Task<DescribedImage> ReadAsync(FoundImage image, CancellationToken cancellationToken)
    {
        var inspection = await ImageInspection.ReadAsync(image.Repository, image.Root, cancellationToken);
        var manifests = new List<DescribedManifest>();
        foreach (var manifest in inspection.Manifests)
            manifests.Add(manifests.Count < ReadConfigurations
                ? await DescribedManifest.ReadAsync(image.Repository, manifest, cancellationToken)
                : new DescribedManifest(manifest));
        return new DescribedImage(inspection, manifests);
    }

    /// <summary>Writes it for people.</summary>
    public void WriteTo(TerminalOutput output)
    {
        var root = _inspection.Root.Descriptor;
        output.WriteLine($"{_inspection.Location}@{root.Digest}");
        output.WriteLine($"  {root.MediaType}, {Format.Count(root.Size, "byte")}");
        if (Created is { } created)
            output.WriteLine($"  created: {Format.Time(created)}");
        if (Base is ({ } name, var digest))
            output.WriteLine($"  base image: {name}{(digest is null ? "" : $"@{digest}")}");
        foreach (var manifest in _manifests)
            manifest.WriteTo(output, isOnly: _manifests.Count == 1);
        foreach (var (key, value) in _inspection.Annotations)
            output.WriteLine($"  {key}: {value}");
        foreach (var referrer in _inspection.Referrers)
            output.WriteLine($"  referrer {referrer.Digest}: {referrer.ArtifactType ?? referrer.MediaType}");
    }

    /// <summary>Returns it for programs: docs/schemas/inspect.schema.json describes it.</summary>
    public JsonNode ToJson() => new JsonObject
    {
        ["schema"] = 1,
        ["location"] = _inspection.Location,
        ["digest"] = _inspection.Root.Descriptor.Digest.ToString(),
        ["mediaType"] = _inspection.Root.Descriptor.MediaType,
        ["size"] = _inspection.Root.Descriptor.Size,
        ["created"] = Created is { } created ? Format.Rfc3339(created) : null,
        ["base"] = Base is ({ } name, var digest) ? new JsonObject { ["name"] = name, ["digest"] = digest } : null,
        ["manifests"] = Documents.List(_manifests, manifest => manifest.ToJson()),
        ["annotations"] = new JsonObject(
            _inspection.Annotations.Select(annotation => KeyValuePair.Create<string, JsonNode?>(annotation.Key, annotation.Value))),
        ["referrers"] = Documents.List(_inspection.Referrers, Documents.Describe),
    };
}
