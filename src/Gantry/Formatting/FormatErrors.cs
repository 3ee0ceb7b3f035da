namespace Gantry.Formatting;

/// <summary>GAN4160: formats that a report does not have.</summary>
internal static class FormatErrors
{
    public static GantryException NoChecks(ReportFormat format) =>
        new(
            "GAN4160",
            $"this report has no checks, which the format {format.ToString().ToLowerInvariant()} shows",
            "use table, json or markdown");
}
