namespace Gantry.Cli;

/// <summary>GAN404x, GAN4038, GAN4216, GAN4404, GAN4715, GAN4716, GAN7058: command-line arguments that cannot be used.</summary>
internal static class CliErrors
{
    public static GantryException NoReference(string text) =>
        new(
            "GAN4040",
            $"'{text}' names no image: it has neither a tag nor a digest",
            "add :tag or @sha256:…, or copy the whole repository with --all-tags");

    public static GantryException UnexpectedReference(string text) =>
        new("GAN4041", $"'{text}' names one image, and --all-tags copies all of a repository", "leave its tag and digest out");

    public static GantryException WrongDigest(string text, string asked) =>
        new(
            "GAN4042",
            $"the target '{text}' asks for another digest than the source ({asked})",
            "leave the digest out of the target: a copy has the digest of its source");

    public static GantryException ArchiveTwice(string text) =>
        new(
            "GAN4044",
            $"the archive '{text}' is among the targets more than once",
            "name each archive once: it is written as a whole; add another tag with a second copy");

    public static GantryException NoSuchTag(string location, string tag) =>
        new("GAN4040", $"there is no {location}:{tag}", "check its name, or name a digest");

    public static GantryException NotOfEnvironment(string location, string environment, string file) =>
        new(
            "GAN4216",
            $"{location} is no image of {environment}: by {file}, no registry of it has that repository",
            "name the image as it is in a registry of that environment, or another environment");

    public static GantryException UnknownImage(string name, IReadOnlyList<string> images) =>
        new(
            "GAN4404",
            $"there is no image '{name}' in the declaration of the environments",
            Format.Choice(images, "write the declaration again with the target ExportEnvironments"));

    public static GantryException NoDigest(string text) =>
        new("GAN4040", $"'{text}' names no digest", "add @sha256:…: what is known is known about a digest, and a tag can move");

    public static GantryException BlankOption(string option) =>
        new("GAN7058", $"{option} has a blank value", "write the value or the reason, or leave the option out");

    public static GantryException NotAFolder(string text) =>
        new(
            "GAN4715",
            $"'{text}' is no folder",
            "name a folder with OCI layouts as oci:PATH; registries collect what is unused by themselves");

    public static GantryException UnaskedHosts(string environment, IReadOnlyList<string> hosts) =>
        new(
            "GAN4716",
            $"'{environment}' has {Format.List(hosts)}, and gantry cannot ask what runs there, so that nothing is deleted",
            "use the target Prune of the build, which asks, or --ignore-hosts when the records alone are to say what hosts run");

    public static GantryException NoTags(string text) =>
        new(
            "GAN4038",
            $"there are no tags in '{text}' to copy with --all-tags, or no such repository",
            "check its name, and that you may list its tags; an image without a tag is copied by its digest");
}
