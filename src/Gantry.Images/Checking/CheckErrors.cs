using Gantry.Oci;

namespace Gantry.Images.Checking;

/// <summary>GAN4830 to GAN4835: base images of releases that are in an environment.</summary>
internal static class CheckErrors
{
    public const string TagGoneCode = "GAN4833";

    private const string Rebase = "rebase the release, or build it again from its commit";

    public static GantryException NotRecorded(string image, string place) =>
        new(
            "GAN4830",
            $"the image {image} in {place} does not record its base image, so it is not known whether that has moved on",
            "build a new release with this version of Gantry; a Docker engine must have pulled the base image from its registry");

    public static GantryException OnStandIn(string image, string place) =>
        new(
            "GAN4831",
            $"the image {image} in {place} has a stand-in base image, which was assembled on the machine that built it: "
                + "there is no base image that could move on",
            "build a new release where the registry of the base image can be reached");

    public static GantryException OtherRegistry(ImageReference recorded, IEnumerable<string> registries) =>
        new(
            "GAN4832",
            $"the base image {recorded} is in a registry that the declaration does not name, so it is not checked "
                + $"(named are {Format.List(registries)})",
            "name the registry, if you know it: in BaseImageRegistries of the build class, or with --base-image-registry of gantry");

    public static GantryException TagGone(ImageReference recorded) =>
        new(
            "GAN4833",
            $"the tag of the base image {recorded} no longer exists",
            "choose a base image that is maintained, and build the release again");

    public static GantryException Unreadable(ImageReference recorded, GantryException cause) =>
        new("GAN4834", $"the base image {recorded} could not be checked: {cause.Problem}", cause.Remedy, cause) { Kind = cause.Kind };

    public static GantryException Moved(string image, string version, MovedBaseImage moved) =>
        new(
            "GAN4835",
            $"{image} {version} uses {moved.Before with { Digest = null }} as it was"
                + $"{(moved.BeforeCreated is { } before ? $" on {Format.Time(before)}" : "")}, and the tag has moved"
                + $"{(moved.AfterCreated is { } after ? $" to an image of {Format.Time(after)}" : "")}"
                + $"{(moved.Packages.Count > 0 ? $": {Format.Count(moved.Packages.Count, "package")} changed" : "")}",
            Rebase)
        {
            Actions = [RemedyAction.NameRelease],
        };
}
