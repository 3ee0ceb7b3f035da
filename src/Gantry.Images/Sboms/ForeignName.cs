namespace Gantry.Images.Sboms;

/// <summary>Makes names and versions of an image presentable: it may have been made by anyone.</summary>
internal static class ForeignName
{
    /// <summary>Returns the name with its control characters escaped; null when it is missing, empty, or too long to be one.</summary>
    public static string? Clean(string? text)
    {
        var name = DisplayText.Neutralize(text?.Trim() ?? "");
        return name.Length is > 0 and <= DisplayText.MaximumValueLength ? name : null;
    }
}
