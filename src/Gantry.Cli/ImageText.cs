using Gantry.Oci;

namespace Gantry.Cli;

/// <summary>
/// Parses the location of an image from a command line, where a path is often meant: it names the way to write it instead of looking for a
/// registry of that name.
/// </summary>
internal static class ImageText
{
    /// <summary>Parses a location; throws <c>GAN1010</c> for a path, and the errors of <see cref="ImageLocation.Parse"/>.</summary>
    public static ImageLocation Parse(string text)
    {
        if (FindPath(text) is { } meant)
            throw CliErrors.PathMeant(text, meant, IsReference(text) ? $"docker.io/{text}" : null);
        return ImageLocation.Parse(text);
    }

    // What the text means as a path, in the form that is read; null when it is none.
    private static string? FindPath(string text)
    {
        if (text.StartsWith("oci:", StringComparison.Ordinal) || ArchiveAddress.IsArchive(text))
            return null;
        var path = PathOf(text);
        if (path.EndsWith(".tar", StringComparison.OrdinalIgnoreCase) && (IsPath(text) || File.Exists(path)))
            return $"oci-archive:{text}, or docker-archive:{text} for a file of docker save";

        // A name without a host can be on Docker Hub. A layout of that name on this machine is what was meant more likely.
        return IsPath(text) || (!HasHost(text) && IsLayout(path)) ? $"oci:{text}" : null;
    }

    private static bool IsPath(string text) =>
        text is "." or ".." or "~"
        || text.StartsWith("./", StringComparison.Ordinal)
        || text.StartsWith("../", StringComparison.Ordinal)
        || text.StartsWith("~/", StringComparison.Ordinal)
        || text.StartsWith('/')
        || text.Contains('\\', StringComparison.Ordinal)
        || (text.Length > 2 && char.IsAsciiLetter(text[0]) && text[1] == ':' && text[2] == '/');

    private static bool HasHost(string text) =>
        text.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash && (text[..slash].Contains('.', StringComparison.Ordinal)
            || text[..slash].Contains(':', StringComparison.Ordinal) || text.StartsWith("localhost/", StringComparison.Ordinal));

    // Without tag and digest. The colon of a drive is before a separator.
    private static string PathOf(string text)
    {
        var path = text.LastIndexOf('@') is var at and > 0 ? text[..at] : text;
        return path.LastIndexOf(':') is var colon and > 1 && colon > path.LastIndexOfAny(['/', '\\']) ? path[..colon] : path;
    }

    private static bool IsLayout(string path)
    {
        try
        {
            return File.Exists(Path.Combine(path, "oci-layout")) || File.Exists(Path.Combine(path, "index.json"));
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool IsReference(string text)
    {
        try
        {
            return ImageReference.ParseRepository(text) is not null;
        }
        catch (GantryException)
        {
            return false;
        }
    }
}
