using Gantry.Checks;
using Gantry.Copying;
using Gantry.Promotion;

namespace Gantry.Cli;

/// <summary>Makes checks of copies and of the bytes of images.</summary>
internal static class CommandChecks
{
    public static CheckReport Of(IReadOnlyList<PlannedCopy> planned) => new(
        "copy",
        [
            .. planned.Select(image => new Check(image.Source, image.Target.ToString(), CheckState.Passed)
            {
                Message = image.NothingMoves ? $"has {image.Root.Digest}" : $"would get {image.Root.Digest}, {Format.Bytes(image.Bytes)}",
            }),
        ]);

    public static CheckReport Of(IReadOnlyList<CopyOutcome> outcomes, IReadOnlyList<string> targets) => new(
        "copy",
        [
            .. outcomes.Zip(targets).SelectMany(pair => pair.First.Images
                .Select(image => new Check(image.Source, image.Target.ToString(), CheckState.Passed)
                {
                    Message = $"has {image.Root.Digest}",
                })
                .Concat(pair.First.Error is { } error ? [Check.Of("copy", pair.Second, error)] : [])),
        ]);

    public static CheckReport Of(VerificationReport report, string location) => new(
        "verification",
        report.Faults.Count == 0
            ?
            [
                new Check(location, report.Root.Digest.ToString(), CheckState.Passed)
                {
                    Message = $"{Format.Count(report.Blobs, "blob")} read",
                },
            ]
            :
            [
                .. report.Faults.Select(fault => new Check(location, $"{fault.Kind} {fault.Digest}", CheckState.Failed)
                {
                    Message = fault.Reason,
                    Remedy = "copy the image again with --deep",
                }),
            ]);

    public static CheckReport Of(IReadOnlyList<PromotionRecord> promotions, string place) => new(
        "verification",
        [
            .. promotions.Select(promotion => new Check(place, $"promotion of {promotion.Version}", CheckState.Passed)
            {
                Message = $"signed with {promotion.Signature!.Key.Name}",
            }),
        ]);
}
