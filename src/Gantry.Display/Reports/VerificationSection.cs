using Gantry.Display.Html;
using Gantry.Status;

namespace Gantry.Display.Reports;

/// <summary>The digest of each image at each place, with the commands that verify it.</summary>
internal static class VerificationSection
{
    public static HtmlElement Create(ReportIndex index)
    {
        var section = PageParts.Section("verify", "Verify it yourself").Add(HtmlElement.Of(
            HtmlTag.P,
            "These commands read the registries, and not this page. Take the public keys from the repository. ",
            "gantry also needs artifacts/environments.json, which ./build.sh ExportEnvironments writes."));
        if (index.Status.Cells.Any(cell => PolicyFor(index, cell) is null && VerificationCommands.Cosign(cell, null) is not null))
            section.Add(HtmlElement
                .Of(HtmlTag.P, "Without --policy, cosign compares the key and the type, and not the place.")
                .Class("note"));
        var images = index.Status.Cells.Where(cell => cell.Digest is not null).ToLookup(cell => cell.Image, StringComparer.Ordinal);
        return images.Count == 0
            ? section.Add(HtmlElement.Of(HtmlTag.P, "No image is anywhere yet."))
            : section.AddAll(index.Status.Images.Where(images.Contains).Select(image => Image(index, image, [.. images[image]])));
    }

    private static HtmlElement Image(ReportIndex index, string image, IReadOnlyList<StatusCell> cells) => HtmlElement.Of(
        HtmlTag.Details,
        HtmlElement.Of(
            HtmlTag.Summary,
            HtmlElement.Of(HtmlTag.H3, image),
            HtmlElement.Of(HtmlTag.Span, " ", Format.Count(cells.Count, "place")).Class("age")))
        .Class("verify")
        .AddAll(cells.Select(cell => Place(index, cell)));

    private static HtmlElement Place(ReportIndex index, StatusCell cell)
    {
        var cosign = VerificationCommands.Cosign(cell, PolicyFor(index, cell));
        return HtmlElement.Of(
            HtmlTag.Div,
            HtmlElement.Of(
                HtmlTag.P,
                HtmlElement.Of(HtmlTag.Strong, cell.Target.DisplayName),
                cell.Version is { } version ? " " + version : null),
            VerificationCommands.Gantry(cell) is { } gantry ? PageParts.Command(gantry) : null,
            cosign is null ? null : PageParts.Command(cosign))
            .Class("place");
    }

    private static string? PolicyFor(ReportIndex index, StatusCell cell) =>
        index.Report.PolicyFiles.GetValueOrDefault(cell.Target.ResourceUriOf(cell.Image));
}
