using Gantry.Oci;

namespace Gantry.Promotion;

/// <summary>GAN4xxx: the declaration, releases and promotions.</summary>
internal static class PromotionErrors
{
    public static GantryException NoImages() =>
        new("GAN4001", "the build declares no image", "declare at least one, as in: new ContainerImage(\"app\") { Project = \"src/App\" }");

    public static GantryException DuplicateImage(string name) =>
        new("GAN4001", $"the image '{name}' is declared twice", "give each image a name of its own");

    public static GantryException ImageWithoutPlatform(string name) =>
        new("GAN4002", $"the image '{name}' is declared for no platform", "name at least one, for example linux/amd64");

    public static GantryException NoEnvironments() =>
        new("GAN4003", "the build declares no environment", "declare at least one, as in: new PromotionEnvironment(\"dev\")");

    public static GantryException UnusableEnvironmentName(string name) =>
        new("GAN4004", $"'{name}' cannot be the name of an environment or region", "use letters and digits, in words separated by '-' or '_', starting with a letter");

    public static GantryException AmbiguousEnvironments(string name, string other, string identifier) =>
        new("GAN4005", $"the environment '{name}' and {other} both need the name '{identifier}'", "rename one of them");

    public static GantryException UndeclaredPredecessor(string name, string after) =>
        new("GAN4006", $"the environment '{name}' comes after '{after}', which is not declared", $"declare '{after}' or let '{name}' come after another environment");

    public static GantryException CircularEnvironments(IEnumerable<string> way) =>
        new("GAN4007", $"the environments come after each other in a circle: {string.Join(" after ", way)}", "let one of them come first");

    public static GantryException UnknownEnvironment(string name, IEnumerable<PromotionEnvironment> known) =>
        new("GAN4008", $"there is no environment '{name}'", $"use one of {string.Join(", ", known)}");

    public static GantryException UnusableVersion(string version) =>
        new("GAN4010", $"the version '{version}' cannot become a tag", "use a semantic version of at most 128 characters, for example 1.4.2");

    public static GantryException MalformedRelease(string origin, string reason, Exception? inner = null) =>
        new("GAN4011", $"the release record {origin} cannot be read: {reason}", "publish the release again with PushBase", inner);

    public static GantryException UnsupportedReleaseSchema(string origin, int schema) =>
        new("GAN4012", $"the release record {origin} has schema {schema}, this version reads schema {Release.CurrentSchema}", "use the version of Gantry that wrote it, or a newer one");

    public static GantryException ReleaseFileMissing(string path) =>
        new("GAN4013", $"there is no release record at '{path}'", "run PushBase first, or name a release that exists with --release");

    public static GantryException UnknownRelease(string version, string location) =>
        new("GAN4014", $"there is no release '{version}' in {location}", "check the version and the base registry, or run PushBase first");

    public static GantryException ReleaseWithoutRecord(string version, string location, Digest digest) =>
        new("GAN4015", $"the image {location}:{version} ({digest}) has no release record of that version", "publish it with PushBase: only what a build has published can be promoted");

    public static GantryException BaseTagMoved(string location, string tag, Digest? there, Digest released) =>
        new("GAN4021",
            there is { } digest
                ? $"the tag {location}:{tag} no longer points to the released digest ({digest}, not {released})"
                : $"the tag {location}:{tag} of the release no longer exists (it was {released})",
            "find out who moved it, and publish a new release");

    public static GantryException TargetTagChanged(string location, string tag, Digest? planned, Digest? there) =>
        new("GAN4022", $"the tag {location}:{tag} changed after the plan was made ({Describe(planned)} then, {Describe(there)} now)", "run the promotion again to make a new plan");

    public static GantryException StandInRefused(string image, string location) =>
        new("GAN4023", $"the image '{image}' is built on the stand-in base image of one machine and must not go to {location}", "build it again where the registry of its base image can be reached");

    public static GantryException NotInEnvironmentBefore(string version, PromotionEnvironment environment, string location, Digest? there, Digest released) =>
        new("GAN4024", $"the release '{version}' cannot go to {environment}: {location} has {Describe(there)} under its tag, not {released}", $"promote it to {environment.After?.Name ?? "the environment before"} first");

    public static GantryException MalformedPromotion(string origin, string reason, Exception? inner = null) =>
        new("GAN4045", $"the promotion record {origin} cannot be read: {reason}", "delete that manifest if nobody knows what it is, and promote the release again", inner);

    public static GantryException UnsupportedPromotionSchema(string origin, int schema) =>
        new("GAN4046", $"the promotion record {origin} has schema {schema}, this version reads schema {PromotionRecord.CurrentSchema}", "use the version of Gantry that wrote it, or a newer one");

    public static GantryException TagLocked(string location, string tag, Digest there) =>
        new("GAN4025", $"the tag {location}:{tag} is locked to {there} and would have to move", "publish another version, or unlock it for this one move with --unlock-tags");

    public static GantryException NoLocks(PromotionEnvironment environment, string location) =>
        new("GAN4026", $"the environment '{environment.Name}' locks what is promoted to it, and {location} has no locks", "use a registry that has them (Azure Container Registry), or declare no lock for the environment");

    public static GantryException HostsNotDone(string version, PromotionEnvironment environment, PromotionEnvironment before, string location) =>
        new("GAN4095", $"the release '{version}' cannot go to {environment}: {location} has its image, and no record that the hosts of {before} run it", $"run the promotion to {before} again: it goes on with the deployment");

    public static GantryException NoReleaseNamed() =>
        new("GAN4049", "no release is named", "say which with --release, or by the digest of an image with --release-digest");

    public static GantryException NotOfRelease(Release release, Digest digest) =>
        new("GAN4050",
            $"the release '{release.Version}' has no image {digest}, but {string.Join(", ", release.Images.Select(image => $"{image.Name} {image.Digest}"))}",
            "name the release that was pushed: its tag may have been moved, or pushed by other means than PushBase");

    public static GantryException DigestOfNoRelease(Digest digest, string location) =>
        new("GAN4051", $"no release in {location} has an image {digest}", "publish it with PushBase: only what a build has published can be promoted");

    public static GantryException DigestOfSeveralReleases(Digest digest, IEnumerable<string> versions) =>
        new("GAN4052", $"the image {digest} belongs to several releases: {string.Join(", ", versions)}", "say which with --release");

    private static string Describe(Digest? digest) => digest?.ToString() ?? "absent";
}
