using Docker.DotNet.Models;
using Gantry.Docker.Engine;
using Gantry.Images;
using Gantry.Images.Dockerfiles;
using Gantry.Oci;
using Platform = Gantry.Oci.Platform;

namespace Gantry.Docker.Building;

/// <summary>
/// Pulls the images that a Dockerfile uses into the engine before the build starts: BuildKit cannot sign in to their registries, and the
/// labels need the digest of the base image.
/// </summary>
internal sealed class BaseImagePuller(DockerImages images, string dockerfile, IBuildLog log)
{
    /// <summary>Lists the registry hosts of the images that a Dockerfile uses.</summary>
    public static IEnumerable<string> Hosts(DockerfileRequirements file) =>
        file.Images.Select(image => image.Name)
            .Append(file.Syntax)
            .Select(name => name is null ? null : TryReference(name)?.Registry.Host)
            .OfType<string>();

    /// <summary>Pulls the images that are missing, or throws <c>GAN6015</c>.</summary>
    public async Task PrepareAsync(
        DockerfileRequirements file, bool buildKit, Platform platform, bool alwaysPull, CancellationToken cancellationToken)
    {
        foreach (var image in file.Images)
            await PrepareAsync(
                image.Name, image.Platform is null ? platform : TryParse(image.Platform) ?? platform, alwaysPull, cancellationToken);
        if (buildKit && file.Syntax is { } frontend)
            await PrepareAsync(frontend, platform: null, alwaysPull, cancellationToken);
    }

    /// <summary>Finds the base image with its digest. Returns null when there is none, or when it exists only in the engine.</summary>
    public async Task<ImageReference?> FindAsync(string? name, CancellationToken cancellationToken)
    {
        if (name is null || TryReference(name) is not { } reference)
            return null;
        if (reference.Digest is not null)
            return reference;

        return DigestOf(await images.FindAsync(name, cancellationToken), reference) is { } known ? reference.At(known) : null;
    }

    private async Task PrepareAsync(string name, Platform? platform, bool alwaysPull, CancellationToken cancellationToken)
    {
        var reference = TryReference(name);
        var found = await images.FindAsync(name, cancellationToken);
        var isThere = found is not null && (platform is null || PlatformOf(found).Satisfies(platform));
        if (isThere && !alwaysPull)
            return;

        var isOnlyHere = found is not null && (reference is null || DigestOf(found, reference) is null);
        if (isOnlyHere && !isThere)
            throw DockerErrors.WrongPlatform(
                dockerfile, platform!.ToString(), $"the base image {name} in the engine", PlatformOf(found!).ToString());
        if (isOnlyHere || reference is null)
            return;

        log.Information($"Pulling {reference}");
        await images.PullAsync(reference, platform, cancellationToken);
    }

    // RepoDigests also lists the digests of the image's other names; a name that was only added in the engine must not match them.
    private static Digest? DigestOf(ImageInspectResponse? image, ImageReference name) =>
        (image?.RepoDigests ?? [])
            .Select(TryReference)
            .FirstOrDefault(known => known is not null && known.Registry == name.Registry && known.Repository == name.Repository)
            ?.Digest;

    private static Platform PlatformOf(ImageInspectResponse image) =>
        new() { Os = image.Os, Architecture = image.Architecture, Variant = string.IsNullOrEmpty(image.Variant) ? null : image.Variant };

    // Docker uses the tag "latest" when a name has neither tag nor digest.
    private static ImageReference? TryReference(string name)
    {
        foreach (var text in (string[])[name, name + ":latest"])
        {
            try
            {
                return ImageReference.Parse(text);
            }
            catch (GantryException)
            {
                // The engine reports what is wrong with the name.
            }
        }

        return null;
    }

    private static Platform? TryParse(string platform)
    {
        try
        {
            return Platform.Parse(platform);
        }
        catch (GantryException)
        {
            return null;
        }
    }
}
