namespace Gantry.AzurePipelines;

/// <summary>Paths of generated files: below the root of the repository, and valid on every system.</summary>
internal static class RelativePath
{
    private static readonly char[] Forbidden = ['\\', ':', '*', '?', '"', '<', '>', '|', '$', '@', '\''];

    /// <summary>Returns why a path cannot be used, as the rest of a sentence; null when it can.</summary>
    public static string? Validate(string path)
    {
        if (path.Length == 0)
            return "it is empty";
        if (path.StartsWith('/'))
            return "it is absolute";
        if (path.Any(c => char.IsControl(c) || Forbidden.Contains(c)))
            return $"it has one of the characters {string.Join(' ', Forbidden)}";
        return path.Split('/').Any(part => part is "" or "." or "..") ? "a folder of it is empty, '.' or '..'" : null;
    }

    /// <summary>Returns the folder of a file, or an empty string for the root.</summary>
    public static string Folder(string path) => path.LastIndexOf('/') is var slash and >= 0 ? path[..slash] : "";

    /// <summary>Returns the file name without its folder.</summary>
    public static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>Returns the path by which one pipeline file refers to another in the same repository.</summary>
    public static string TemplateReference(string from, string to) => Folder(from) == Folder(to) ? Name(to) : "/" + to;
}
