using Gantry.Environments;
using Gantry.Oci;

namespace Gantry.Promotion.Gates;

/// <summary>Errors of gates that no person passes with a reason alone, and of what gates read beside images: GAN5020 to GAN5024.</summary>
internal static class EvidenceErrors
{
    public static GantryException ApprovalsMissing(
        string version, PromotionEnvironment environment, int minimum, IReadOnlyList<string> counted, IReadOnlyList<string> refused) =>
        new(
            "GAN5020",
            $"the release '{version}' has {counted.Count} of {Format.Count(minimum, "signed approval")} for {environment}"
                + $"{Reasons.Counted(counted)}{Reasons.NotCounted(refused)}",
            "let others of the trusted keys approve this release for this environment, and promote again")
        {
            Kind = ErrorKind.HeldByGate,
        };

    public static GantryException ApprovalsUnknown(string version, PromotionEnvironment environment, GantryException error) =>
        new(
            "GAN5021",
            $"it is unknown whether the release '{version}' has the signed approvals for {environment}: {error.Problem}",
            $"{error.Remedy}, and promote again",
            error) { Kind = error.Kind };

    public static GantryException RebuildsMissing(
        string version, PromotionEnvironment environment, int minimum, IReadOnlyList<string> counted, IReadOnlyList<string> refused) =>
        new(
            "GAN5022",
            $"the release '{version}' cannot go to {environment}: {counted.Count} of {Format.Count(minimum, "key")} have built it again "
                + $"with the same result{Reasons.Counted(counted)}{Reasons.NotCounted(refused)}",
            "build its commit again on another machine, sign the result with a trusted key, and promote again")
        {
            Kind = ErrorKind.HeldByGate,
        };

    public static GantryException RebuildsUnknown(string version, PromotionEnvironment environment, GantryException error) =>
        new(
            "GAN5023",
            $"it is unknown whether the release '{version}' was built again for {environment}: {error.Problem}",
            $"{error.Remedy}, and promote again",
            error) { Kind = error.Kind };

    public static GantryException ImageMissing(string location, Digest image) =>
        new(
            "GAN5024",
            $"the gates of a promotion need what is beside {image} in {location}, and that image is not there",
            "publish the release again, which completes the base registry");
}
