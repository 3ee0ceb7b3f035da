namespace Gantry.AzurePipelines;

/// <summary>Texts of a declaration that were left blank, such as a parameter without a value.</summary>
internal static class BlankText
{
    /// <summary>Returns null for a blank text, which declares nothing.</summary>
    public static string? NullIfBlank(this string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
