using Gantry.Environments;

namespace Gantry.Promotion;

/// <summary>Errors of returns to an earlier release: GAN4608 to GAN4611.</summary>
internal static class ReturnErrors
{
    public static GantryException NothingBefore(string environment, string? current) =>
        new(
            "GAN4608",
            current is null
                ? $"{environment} cannot go back: no promotion to it is recorded"
                : $"{environment} cannot go back from '{current}': no release is recorded that was there before and was not gone back from",
            "promote the release that is to be there");

    public static GantryException RegionsDiffer(string environment, IEnumerable<string> found) =>
        new(
            "GAN4609",
            $"the regions of {environment} do not agree on the release before: {string.Join("; ", found)}",
            "name the release to go back to, or the region")
        {
            Actions = [RemedyAction.NameReturn],
        };

    public static GantryException NotBack(string version, PromotionTarget target, string current) =>
        new(
            "GAN4610",
            $"going to the release '{version}' is no way back: {target.DisplayName} has '{current}', which is not newer",
            "promote it, or name an earlier release");

    public static GantryException NeverThere(PromotionRequest request) =>
        new(
            "GAN4611",
            $"{request.Environment.DisplayName} does not return to '{request.Release.Version}' by itself: "
                + "not every region has a record that it was there",
            "go back by hand, or promote a repaired release");

    public static GantryException SkippedVersions(string environment, int count) =>
        new(
            "GAN4608",
            $"{environment} has too many versions: {Format.Count(count, "lower one")} not looked at, and may have been there before",
            "name the release to go back to")
        {
            Actions = [RemedyAction.NameReturn],
        };
}
