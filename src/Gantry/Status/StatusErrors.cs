namespace Gantry.Status;

/// <summary>What a status reports besides the errors of registries and records: GAN4401 to GAN4403, GAN4405, GAN4407.</summary>
internal static class StatusErrors
{
    public static GantryException Behind(string place, string version, int count, string before, string current) =>
        new(
            "GAN4401",
            $"{place} has {version}, and {Format.Count(count, "release")} followed in {before}, the last of them {current}",
            $"promote {current} to {place}, or leave it as it is: this is no error");

    public static GantryException EarlierHistory(string place, int read, int skipped) =>
        new(
            "GAN4402",
            $"of the history of {place}, the last {Format.Count(read, "version")} are read, and {skipped} are not",
            "name one of them to see its history");

    public static GantryException TooManyReferrers(string location, string digest, int count, int most) =>
        new(
            "GAN4403",
            $"{location} lists {count} documents beside {digest}, and {most} are read",
            "find out who wrote them, and delete those that are not needed");

    public static GantryException Held(string place, string? version, string since, string by, string reason) =>
        new(
            "GAN4405",
            $"{place} is held{(version is null ? "" : $" at {version}")} since {since} by {by}, because: {reason}",
            "end the hold, or promote a release that you name");

    public static GantryException NotVerified(string origin, string reason, string verifier) =>
        new(
            "GAN4407",
            $"the signature {origin} is listed, and not verified: {reason}",
            $"verify it with {verifier}, or add its public key to the keys of an environment");
}
