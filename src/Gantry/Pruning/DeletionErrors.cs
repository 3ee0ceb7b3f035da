using Gantry.Oci;

namespace Gantry.Pruning;

/// <summary>GAN4140 to GAN4144: images that a person names and that are not deleted.</summary>
internal static class DeletionErrors
{
    private const int ShownReasons = 3;

    public static GantryException NotThere(string image) =>
        new("GAN4140", $"there is no {image}", "check its name with gantry ls, or name a digest");

    public static GantryException Needed(string image, IEnumerable<string> tags, IReadOnlyList<KeepReason> reasons)
    {
        var texts = reasons.Select(reason => reason.Text).Distinct(StringComparer.Ordinal).ToList();
        var names = tags.Where(tag => !Closure.IsAttachmentTag(tag)).ToList();
        var shown = names.Count == 0 ? "" : $" ({string.Join(", ", names)})";
        var more = texts.Count > ShownReasons ? $"; {texts.Count - ShownReasons} more" : "";
        return new(
            "GAN4141",
            $"{image}{shown} is needed: {string.Join("; ", texts.Take(ShownReasons))}{more}",
            "promote another release there, end the hold or remove the lock first, or leave it");
    }

    public static GantryException NotDeclared(string location) =>
        new(
            "GAN4142",
            $"{location} is in no registry of the declaration, so that nothing is known of what needs it",
            "name an image of the declaration, or add --without-environments for images of one registry that no environment has");

    public static GantryException Part(string location, Digest digest) =>
        new(
            "GAN4143",
            $"{location}@{digest} belongs to an image that stays: it is one of its platforms, or refers to it",
            "name that image, which is deleted with everything that belongs to it");

    public static GantryException TagAlone(string location, string tag, IEnumerable<string> others) =>
        new(
            "GAN4144",
            $"{location} removes a tag only with its image, and that of '{tag}' also has {Format.List([.. others])}",
            "name the digest, to delete the image with all its tags, or all of its tags");
}
