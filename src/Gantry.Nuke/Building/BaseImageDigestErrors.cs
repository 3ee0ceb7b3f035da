namespace Gantry.Nuke.Building;

/// <summary>GAN7094 and GAN7095: digests of base images.</summary>
internal static class BaseImageDigestErrors
{
    public static GantryException NeedsEngine(string dockerfile) =>
        new(
            "GAN7094",
            $"{dockerfile} is built with a Docker engine, and --base-image-digests pins base images in process only",
            "name the digest in the Dockerfile, or build in process")
        {
            Actions = [RemedyAction.BuildWithoutEngine],
        };

    public static GantryException Incomplete(string reference) =>
        new(
            "GAN7095",
            $"{Format.Refused(reference)} in --base-image-digests does not have both a tag and a digest",
            "write it as mcr.microsoft.com/dotnet/aspnet:10.0@sha256:..., several with commas");
}
