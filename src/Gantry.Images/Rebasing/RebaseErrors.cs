using Gantry.Oci;

namespace Gantry.Images.Rebasing;

/// <summary>GAN4840 to GAN4852: images whose base layers cannot be exchanged.</summary>
internal static class RebaseErrors
{
    private const string BuildAgain = "build the release again from its commit, which takes the new base image";

    public static GantryException NotInProcess(string image, string reason) =>
        new(
            "GAN4840",
            $"the image {image} cannot be rebased: it was not built in process ({reason}), and what a Docker engine has written depends "
                + "on the base image that it saw",
            BuildAgain)
        {
            Actions = [RemedyAction.BuildWithoutEngine],
        };

    public static GantryException OnStandIn(string image) =>
        new(
            "GAN4841",
            $"the image {image} cannot be rebased: its base image is a stand-in, which was assembled from the machine that built it",
            "build it where the registry of the base image can be reached");

    public static GantryException NoBase(string image, string reason) =>
        new("GAN4842", $"the image {image} cannot be rebased: {reason}", BuildAgain);

    public static GantryException OtherRegistry(string image, ImageReference recorded, IEnumerable<string> registries) =>
        new(
            "GAN4842",
            $"the image {image} cannot be rebased: its base image {recorded} is in a registry that the declaration does not name "
                + $"(named are {Format.List(registries)})",
            "name the registry in the declaration, if you know it");

    public static GantryException OtherMajor(string image, ImageReference before, ImageReference after, string what) =>
        new(
            "GAN4843",
            $"the image {image} cannot be rebased from {before} to {after}: {what}",
            "build the release again from its commit, and test it: another major version is another platform for the application");

    public static GantryException UnknownMajor(string image, ImageReference before, ImageReference after) =>
        new(
            "GAN4843",
            $"the image {image} cannot be rebased from {before} to {after}: nothing in the two says which major version it is",
            "name a tag with a version in the Dockerfile, and build the release again from its commit");

    public static GantryException NoSuchPlatform(string image, string reason) =>
        new("GAN4844", $"the image {image} cannot be rebased: {reason}", "name a base image that has all platforms of the image");

    public static GantryException NotOnBase(string image, ImageReference recorded, string reason) =>
        new(
            "GAN4845",
            $"the image {image} cannot be rebased: it names {recorded} as its base image, and {reason}",
            "find out who wrote the image, and build the release again from its commit");

    public static GantryException UnusableBase(string image, string reason, Exception inner) =>
        new("GAN4846", $"the image {image} cannot be rebased: {reason}", BuildAgain, inner);

    public static GantryException BaseGone(string image, ImageReference recorded, Exception inner) =>
        new(
            "GAN4847",
            $"the image {image} cannot be rebased: its registry no longer has the base image {recorded} that it was built on, "
                + "so that its own layers cannot be told from those of the base image",
            BuildAgain,
            inner);

    public static GantryException NothingMoved(string version, IEnumerable<ImageReference> bases) =>
        new(
            "GAN4848",
            $"there is nothing to rebase: the base images of the release {version} are what their tags point to ({Format.List(bases)})",
            "promote the release as it is");

    public static GantryException NotDerivable(string image, string reason) =>
        new("GAN4849", $"the image {image} cannot be rebased: {reason}", BuildAgain);

    public static GantryException OtherFiles(string image, string path, string reason) =>
        new("GAN4850", $"the image {image} cannot be rebased: {path} {reason}", BuildAgain);

    public static GantryException UnusableVersion(string format, string reason) =>
        new(
            "GAN4851",
            $"the version of rebased releases cannot be made of {Format.Refused(format)}: {reason}",
            "write it with {version}, and optionally {date} and {digest}: {version}+base.{date}");

    public static GantryException SeveralRefused(GantryException first, int others) =>
        new(first.Code, $"{first.Problem} (and {Format.Count(others, "other image")} of the release)", first.Remedy, first)
        {
            Actions = first.Actions,
        };
}
