using System.Globalization;

namespace Gantry.Promotion;

/// <summary>Compares the place that a promotion record names with the repository that it was found in.</summary>
internal static class RecordPlace
{
    private const string Folder = "oci:";

    /// <summary>Returns true when the text can be a place: it is shown to people, and is not to change what they see.</summary>
    public static bool IsPlace(string text) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= 4096 && text.All(c => !char.IsControl(c) && CharUnicodeInfo.GetUnicodeCategory(c)
            is not (UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator));

    /// <summary>
    /// Returns true when both are the same repository of a registry, or the same folder. The paths of folders are compared without what
    /// does not change their meaning: <c>oci:./a//b</c> is <c>oci:a/b</c>.
    /// </summary>
    public static bool IsSame(string named, string location) => named == location || Normalize(named) == Normalize(location);

    private static string Normalize(string place)
    {
        if (!place.StartsWith(Folder, StringComparison.Ordinal))
            return place;
        var path = place[Folder.Length..].Replace('\\', '/');
        var parts = new List<string>();
        foreach (var part in path.Split('/').Where(part => part is not ("" or ".")))
        {
            if (part == ".." && parts is [.., not ".."])
                parts.RemoveAt(parts.Count - 1);
            else
                parts.Add(part);
        }

        return Folder + (path.StartsWith('/') ? "/" : "") + string.Join('/', parts);
    }
}
