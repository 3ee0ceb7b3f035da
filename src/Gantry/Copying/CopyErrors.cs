using Gantry.Oci;

namespace Gantry.Copying;

/// <summary>GAN403x: copying images between repositories; GAN2028: the temporary files of a copy.</summary>
internal static class CopyErrors
{
    public static GantryException UnknownImage(string location, string reference) =>
        new("GAN4030", $"there is no image '{reference}' in {location}", "check its name and tag, and that you may read it")
        {
            Kind = ErrorKind.NotFound,
        };

    public static GantryException SourceIncomplete(string location, Digest digest) =>
        new(
            "GAN4031",
            $"the manifest {digest} is missing in {location}",
            "push the image again: what its index or tag refers to is not there");

    public static GantryException NotAsListed(string location, Digest index, Digest manifest, string difference) =>
        new(
            "GAN2039",
            $"the index {index} in {location} lists the manifest {manifest} wrongly: {difference}",
            "create the index again, with a tool that reads the manifests that it lists");

    public static GantryException NotAsWritten(string location, string what) =>
        new("GAN4032", $"{location} does not return what was written to it ({what})", "check the registry's storage, then run it again");

    public static GantryException SpoolFull(string folder, Exception inner) =>
        new(
            "GAN2028",
            $"there is no space left in {folder}, where blobs wait for slower targets",
            "free some space there or set TMPDIR to another folder, or copy to one target at a time",
            inner);

    public static GantryException TooDeep(Digest digest, int limit) =>
        new(
            "GAN4033",
            $"the index {digest} holds indexes nested deeper than {limit}",
            "check how the image was made: no tool needs that depth");

    public static GantryException TooManyManifests(string location, string what, string limit) =>
        new(
            "GAN4034",
            $"more than {what} belong to one image in {location} (limit {limit})",
            "check the image and its referrers, or leave referrers out");

    public static GantryException TagTaken(string location, string tag, Digest there, Digest wanted) =>
        new(
            "GAN4035",
            $"the tag {location}:{tag} exists with another digest ({there}, not {wanted})",
            "use another tag or version, or say why this tag is moved") { Actions = [RemedyAction.MoveTag] };

    public static GantryException NoSuchPlatform(string location, Digest digest, Platform platform, IEnumerable<Platform> there) =>
        new(
            "GAN4036",
            $"the image {location}@{digest} does not run on {platform}",
            Format.Choice(there, "copy it without naming platforms", "choose"));

    public static GantryException NotAnImage(string location, Digest digest) =>
        new(
            "GAN4037",
            $"{location}@{digest} is an artifact and no image, so it has no platform",
            "leave the platform out");
}
