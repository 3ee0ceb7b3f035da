namespace Gantry.Formatting;

/// <summary>What a format needs of a report.</summary>
public static class ReportFormats
{
    /// <summary>Returns true for a format that shows the checks of a report, which only plans, verifications and drift have.</summary>
    /// <param name="format">The format.</param>
    public static bool NeedsChecks(this ReportFormat format) => format is ReportFormat.JUnit or ReportFormat.Sarif;

    /// <summary>Throws <c>GAN4160</c> for a format that needs checks, for a report that has none.</summary>
    /// <param name="format">The format.</param>
    public static void EnsureNoChecks(this ReportFormat format)
    {
        if (format.NeedsChecks())
            throw FormatErrors.NoChecks(format);
    }
}
