namespace Gantry.Notifications;

/// <summary>Prepares texts for channels.</summary>
internal static class MessageText
{
    private const string Ellipsis = "...";

    /// <summary>Returns a text that cannot act, and is not longer than a limit.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">The limit, in characters of UTF-16.</param>
    public static string Shorten(string text, int most)
    {
        var line = DisplayText.Neutralize(Format.OneLine(text));
        if (line.Length <= most)
            return line.Length == 0 ? "-" : line;
        var end = most - Ellipsis.Length;

        // Half a character is none.
        return line[..(char.IsHighSurrogate(line[end - 1]) ? end - 1 : end)] + Ellipsis;
    }

    /// <summary>Returns the address of a page; null when it is none.</summary>
    public static string? Link(string? url) =>
        url is { Length: <= 2000 } && Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Scheme is "https" or "http")
            ? uri.AbsoluteUri
            : null;
}
