namespace Gantry.Nuke.Parameters;

/// <summary>Parameters that may come from a pipeline variable: an empty value counts as no value.</summary>
internal static class StringParameterExtensions
{
    public static string? NullIfWhiteSpace(this string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
