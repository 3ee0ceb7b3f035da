using Gantry.Attestations;
using Gantry.Images.Sboms;
using Gantry.Nuke.Execution;
using Gantry.Releases;
using Gantry.Sboms;

namespace Gantry.Nuke.Signing;

/// <summary>Adds the SBOMs of built images to what is published: one for each platform, and the packages in them as dependencies.</summary>
internal static class ImageSboms
{
    /// <summary>Returns the image with its SBOMs. What cannot be read is in the log and in the SBOM.</summary>
    /// <param name="image">The image.</param>
    /// <param name="version">The version of the release.</param>
    /// <param name="created">The time of the commit.</param>
    /// <param name="cacheFolder">The folder for what is known of layers.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<ImageToPublish> AddAsync(
        ImageToPublish image, string version, DateTimeOffset created, string cacheFolder, CancellationToken cancellationToken)
    {
        var options = new SbomOptions
        {
            Name = image.Name, Version = version, Created = created, BaseImage = image.Image.BaseImage, CacheFolder = cacheFolder,
        };
        var sboms = await new SbomGenerator(image.Source).CreateAsync(image.Image.Root, options, cancellationToken);
        foreach (var sbom in sboms)
        {
            BuildOutput.Information(
                $"SBOM of {image.Name} for {sbom.Platform}: {Format.Count(sbom.Components.Count, "component")}");
            foreach (var note in sbom.Notes)
                BuildOutput.Information($"  not in the SBOM: {note}");
        }

        return new ImageToPublish(image.Name, image.Source, image.Image)
        {
            Definition = (image.Definition ?? new ImageDefinition()) with { Dependencies = PackagesOf(sboms) },
            Documents =
            [
                .. sboms.Select(sbom => new PublishedDocument(
                    sbom.Subject, SbomDocument.MediaType, PredicateTypes.CycloneDx, sbom.Json, created)),
            ],
        };
    }

    // What the build has resolved: the packages of the application. Those of the operating system came with the base image.
    private static IReadOnlyList<ResourceDescriptor> PackagesOf(IEnumerable<Sbom> sboms) =>
    [
        .. sboms
            .SelectMany(sbom => sbom.Components)
            .Where(component => component.Purl?.StartsWith("pkg:nuget/", StringComparison.Ordinal) == true)
            .DistinctBy(component => component.Purl, StringComparer.Ordinal)
            .OrderBy(component => component.Purl, StringComparer.Ordinal)
            .Select(component => new ResourceDescriptor
            {
                Uri = component.Purl,
                Digest = component.Hashes.FirstOrDefault(hash => hash.Algorithm == "SHA-512") is { } hash
                    ? new Dictionary<string, string> { ["sha512"] = hash.Content }
                    : null,
            }),
    ];
}
