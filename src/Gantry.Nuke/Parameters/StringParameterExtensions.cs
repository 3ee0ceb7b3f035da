namespace Gantry.Nuke.Parameters;

/// <summary>Parameters that may come from a variable of a pipeline: one that is there and empty says nothing.</summary>
internal static class StringParameterExtensions
{
    public static string? NullIfWhiteSpace(this string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
