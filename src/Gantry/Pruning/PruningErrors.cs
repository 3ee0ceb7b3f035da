using Gantry.Environments;
using Gantry.Oci;

namespace Gantry.Pruning;

/// <summary>GAN47xx: what is kept and what is deleted. GAN4710 to GAN4712 are those of the registries.</summary>
internal static class PruningErrors
{
    public static GantryException UnusableRule(DisplayText problem, string remedy) => new("GAN4701", problem, remedy);

    public static GantryException Unreadable(string place, GantryException cause) =>
        new(
            "GAN4702",
            $"{place} cannot be read in full, so nothing is deleted anywhere ({cause.Code}: {cause.Problem})",
            cause.Remedy,
            cause);

    public static GantryException Incomplete(string place, string reason) =>
        new(
            "GAN4702",
            $"{place} cannot be read in full, so nothing is deleted anywhere: {reason}",
            "run it again; if it stays, find out who changes the repository, or repair it");

    public static GantryException Empty(PromotionTarget target) =>
        new(
            "GAN4703",
            $"no promotion to {target.DisplayName} is recorded at {target.Address}, so nothing is deleted: "
                + "what it runs would count for nothing",
            $"check the address; if nothing was promoted there yet, add --may-be-empty {target.Environment.Name}");

    public static GantryException OtherList(string asked, Digest actual) =>
        new(
            "GAN4704",
            $"the list of what would be deleted is {actual}, and not {Format.Refused(asked)}: something has changed since",
            "read the new list, and apply that one");

    public static GantryException NotDeletable(string location) =>
        new(
            "GAN4705",
            $"nothing can be deleted from {location}: its kind of repository offers no deletion",
            "delete with its own tools, or leave its environment out of the list");

    public static GantryException NoSigner(string place) =>
        new(
            "GAN4706",
            $"what is deleted from {place} cannot be recorded: it has trusted keys, and there is no signing key",
            "name the key that signs there (--signing-key), as for a promotion");

    public static GantryException MalformedRecord(string origin, string reason, Exception? inner = null) =>
        new(
            "GAN4707",
            $"the pruning record {origin} cannot be used: {reason}",
            "find out who wrote it, and delete it if it is not needed",
            inner);

    public static GantryException NotRestored(string location, IEnumerable<Digest> digests, GantryException cause) =>
        new(
            "GAN4708",
            $"a part of an image that is needed after all was deleted from {location} and could not be written again: "
                + $"{string.Join(", ", digests)} ({cause.Code}: {cause.Problem})",
            "copy or promote the image again, which writes what is missing",
            cause);

    public static GantryException MalformedList(string text) =>
        new(
            "GAN4709",
            $"{Format.Refused(text)} is not the digest of a list",
            "copy the digest (sha256:…) that the list ends with");

    public static GantryException NoLayout(string address) =>
        new(
            "GAN4713",
            $"there is no OCI layout in {address}",
            "name the folder of a layout, or one with layouts below it");
}
