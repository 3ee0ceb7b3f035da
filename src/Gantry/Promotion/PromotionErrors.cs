using Gantry.Environments;
using Gantry.Oci;

namespace Gantry.Promotion;

/// <summary>
/// Errors of promotions and their records: GAN402x, GAN4045, GAN4046, GAN4056 to GAN4059, GAN4066 to GAN4068, GAN4095, GAN4098, GAN4229,
/// GAN4230, GAN5014.
/// </summary>
internal static class PromotionErrors
{
    public static GantryException TargetTagChanged(string location, string tag, Digest? planned, Digest? there) =>
        new(
            "GAN4022",
            $"the tag {location}:{tag} changed after the plan was made ({Describe(planned)} then, {Describe(there)} now)",
            "run the promotion again to make a new plan");

    public static GantryException NotASlice(string text) =>
        new(
            "GAN4098",
            $"'{text}' is no slice of a release",
            $"write the number of the slice and the number of slices, at most {Limits.Slices}, as in 3/8");

    public static GantryException NotInEnvironmentBefore(
        string version, PromotionEnvironment environment, string location, Digest? there, Digest released) =>
        new(
            "GAN4024",
            $"the release '{version}' cannot go to {environment}: under its tag, {location} has {Describe(there)}, not {released}",
            $"promote it to {environment.After?.Name ?? "the previous environment"} first");

    public static GantryException NotPromotedBefore(
        string version, PromotionEnvironment environment, PromotionEnvironment before, string location, string others) =>
        new(
            "GAN4024",
            $"the release '{version}' cannot go to {environment}: {location} has its image, "
                + $"and no record of its promotion to {before}{others}",
            $"promote it to {before.Name} again, which records it");

    public static GantryException MalformedPromotion(string origin, string reason, Exception? inner = null) =>
        new(
            "GAN4045",
            $"the promotion record {origin} cannot be read: {reason}",
            "delete that manifest if it is not needed, and promote the release again",
            inner);

    public static GantryException UnsupportedPromotionSchema(string origin, int schema) =>
        new(
            "GAN4046",
            $"the promotion record {origin} has schema {schema}, but this version reads schemas 1 to {PromotionRecord.CurrentSchema}",
            "use the version of Gantry that wrote it, or a newer one");

    public static GantryException TagLocked(string location, string tag, Digest there) =>
        new(
            "GAN4025",
            $"the tag {location}:{tag} is locked to {there} and would have to move",
            "publish another version, or unlock it for this one move")
        {
            Actions = [RemedyAction.UnlockTag],
        };

    public static GantryException NoLocks(PromotionEnvironment environment, string location) =>
        new(
            "GAN4026",
            $"the environment '{environment.Name}' locks what is promoted to it, and {location} has no locks",
            "use a registry that has them (Azure Container Registry), or declare no lock for the environment");

    public static GantryException HostsNotDone(
        string version, PromotionEnvironment environment, PromotionEnvironment before, string location) =>
        new(
            "GAN4095",
            $"the release '{version}' cannot go to {environment}: {location} has its image, "
                + $"and no record that the hosts of {before} run it",
            $"run the promotion to {before} again: it continues with the deployment");

    public static GantryException Overwritten(string location, string tag, Digest there, Digest released) =>
        new(
            "GAN4056",
            $"the tag {location}:{tag} points to {there} instead of the released {released}",
            "find out who moved the tag, and promote the release again") { Actions = [RemedyAction.MoveTag] };

    public static GantryException Incomplete(
        string version,
        string environment,
        IReadOnlyList<string> missing,
        IReadOnlyList<string> unrecorded,
        IReadOnlyList<string> elsewhere)
    {
        string?[] gaps =
        [
            missing.Count > 0 ? $"it lacks {string.Join(", ", missing)}" : null,
            unrecorded.Count > 0 ? $"it has no record of the promotion of {string.Join(", ", unrecorded)}" : null,
            elsewhere.Count > 0 ? $"the records there name another place: {string.Join(", ", elsewhere)}" : null,
        ];
        return new(
            "GAN4057",
            $"the release '{version}' is not recorded as a whole in {environment}: {string.Join("; ", gaps.OfType<string>())}",
            "find out who pushed or deleted there, and promote the release again");
    }

    public static GantryException RegionsDiffer(PromotionEnvironment environment, string difference) =>
        new("GAN4058", $"the regions of {environment} differ: {difference}", "promote the release to all of its regions");

    public static GantryException ImplausibleDate(string origin, DateTimeOffset promoted, string fault) =>
        new(
            "GAN4059",
            $"the promotion record {origin} does not count, because its date {Format.Time(promoted)} {fault}",
            "correct the clock of the machine that promoted, or find out who wrote the record, and delete it");

    public static GantryException BeforePublication(string origin, DateTimeOffset promoted, DateTimeOffset published) =>
        new(
            "GAN4059",
            $"the promotion record {origin} does not count, because its date {Format.Time(promoted)} is before the release was published "
                + $"({Format.Time(published)})",
            "promote the release there again");

    public static GantryException TooManyRecords(string location, Digest digest, int count) =>
        new(
            "GAN4059",
            $"there are {count} promotion records beside {digest} in {location}, and at most {Limits.PromotionRecords} are read",
            "find out who wrote them, and delete those that are not needed");

    public static GantryException SkippedVersions(string environment, int count) =>
        new(
            "GAN5014",
            $"{environment} has too many versions: {Format.Count(count, "lower one")} not looked at, and may have been promoted last",
            "delete the tags there that are not needed");

    public static GantryException GoesBack(string version, PromotionTarget target, string current, string relation) =>
        new(
            "GAN4066",
            $"the release '{version}' cannot go to {target.DisplayName}: it {relation} '{current}', which is the current release there",
            "promote a newer release, or say why the environment goes back")
        {
            Actions = [RemedyAction.GoBack],
        };

    public static GantryException OrderUnknown(string version, PromotionTarget target, string? current, string reason) =>
        new(
            "GAN4067",
            $"it is not known whether the release '{version}' is older than "
                + (current is null ? "" : $"'{current}', ") + $"the current release of {target.DisplayName}"
                + $": {reason}",
            "say why it may follow")
        {
            Actions = [RemedyAction.GoBack],
        };

    public static GantryException OrderChanged(string version, PromotionTarget target, string? planned, string? current) =>
        new(
            "GAN4068",
            $"when the plan for the release '{version}' was made, {Newer(planned)} was current in {target.DisplayName}; "
                + $"now {Newer(current)} is",
            "run the promotion again to make a new plan");

    public static GantryException Overtaken(string version, PromotionTarget target, string current) =>
        new(
            "GAN4068",
            $"after the release '{version}' was placed in {target.DisplayName}, '{current}' became the current release there",
            "run the promotion again to make a new plan");

    public static GantryException NoSigner(PromotionTarget target) =>
        new(
            "GAN4229",
            $"promotions to {target.DisplayName} are signed, and this run has no key to sign with",
            "name the signing key of the environment, or let a run promote that has it")
        {
            Actions = [RemedyAction.NameSigningKey],
        };

    public static GantryException MustBeSigned(PromotionTarget target) =>
        new(
            "GAN4230",
            $"promotions to {target.DisplayName} must be signed, and there is no trusted key for it",
            "name its signing key, and add the public key to the trusted ones")
        {
            Actions = [RemedyAction.NameSigningKey],
        };

    private static string Newer(string? version) => version is null ? "no newer release" : $"'{version}'";

    private static string Describe(Digest? digest) => digest?.ToString() ?? "nothing";
}
