using Gantry.Oci;

namespace Gantry.Cli;

/// <summary>
/// GAN1010, GAN4030, GAN404x, GAN4038, GAN4108 to GAN4120, GAN4216, GAN4404, GAN4715, GAN4716, GAN7058: command-line arguments that cannot
/// be used.
/// </summary>
internal static class CliErrors
{
    public static GantryException NoReference(string text) =>
        new(
            "GAN4040",
            $"'{text}' names no image: it has neither a tag nor a digest",
            "add :tag or @sha256:…, or copy the whole repository with --all-tags");

    public static GantryException UnexpectedReference(string text) =>
        new("GAN4041", $"'{text}' names one image, and --all-tags copies all of a repository", "leave its tag and digest out");

    public static GantryException NothingNamed(string text) =>
        new("GAN4040", $"'{text}' names no image: it has neither a tag nor a digest", "add :tag or @sha256:…");

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

    public static GantryException NoSuchImage(string location, string reference) =>
        new("GAN4030", $"there is no image '{reference}' in {location}", "check its name and tag, and that you may read it");

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

    public static GantryException NoPlace(string location) =>
        new(
            "GAN4124",
            $"{location} is not a registry, so the place that its promotions name is not known",
            "write --place oci://folder.invalid/ENVIRONMENT/IMAGE");

    public static GantryException UnwritableOutput(IOException cause) =>
        new("GAN4123", $"the output cannot be written: {cause.Message.TrimEnd('.')}", "make room there, or write it elsewhere", cause);

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
            "use the target Prune of the build, which asks them, or --ignore-hosts to use only the records");

    public static GantryException NoTags(string text) =>
        new(
            "GAN4038",
            $"there are no tags in '{text}' to copy with --all-tags, or no such repository",
            "check its name, and that you may list its tags; an image without a tag is copied by its digest");

    public static GantryException PathMeant(string text, string meant, string? hub) =>
        new(
            "GAN1010",
            $"'{text}' is a path, and an image in a registry is expected",
            hub is null ? $"write {meant}" : $"write {meant}, or {hub} for the image on Docker Hub");

    public static GantryException UnreadableConfiguration(string location, Digest digest, string reason) =>
        new(
            "GAN4108",
            $"the configuration {digest} in {location} cannot be shown: {reason}",
            "push the image again with a tool that follows the OCI image specification, or read it with gantry cat --config");

    public static GantryException TagNotWritten(string location, string tag) =>
        new(
            "GAN4109",
            $"{location}:{tag} does not point to the image after it was written",
            "check what else writes this tag, then run it again");

    public static GantryException NoConfiguration(string location, Digest digest) =>
        new(
            "GAN4112",
            $"{location}@{digest} is an index or an artifact, and has no configuration of an image",
            "name one of its platforms with --platform");

    public static GantryException NotListed(string location, Digest root, Digest blob) =>
        new(
            "GAN4113",
            $"no manifest of {location}@{root} lists the blob {blob}",
            "take a digest from gantry inspect or gantry referrers of the same image");

    public static GantryException NothingAttached(string location, Digest root, string what) =>
        new(
            "GAN4114",
            $"there is no {what} beside {location}@{root}",
            $"list what is there with gantry referrers {location}@{root}");

    public static GantryException TooLargeToShow(string location, Digest digest, long limit) =>
        new(
            "GAN4115",
            $"the document {digest} in {location} is larger than {Format.Bytes(limit)}",
            "copy it into a folder with gantry copy, and read it there");

    public static GantryException TooManyReferrers(string location, Digest root, int limit) =>
        new(
            "GAN4116",
            $"more than {Format.Count(limit, "manifest")} refer to {location}@{root}",
            "check what writes them there, or leave --nested out");

    public static GantryException ReferenceOfRepository(string text) =>
        new("GAN4117", $"'{text}' names one image, and a repository is expected", "leave its tag and digest out");

    public static GantryException NoTagsToList(string location) =>
        new("GAN4118", $"there are no tags in {location}, or no such repository", "check its name, and that you may list its tags");

    public static GantryException NotJson(string location, Digest digest) =>
        new("GAN4119", $"{digest} in {location} is not JSON", "write it as it is stored: leave --format out");

    public static GantryException NotForTerminals(string what) =>
        new("GAN4120", $"{what} is not text, so it is not written to a terminal", "redirect the output into a file");
}
