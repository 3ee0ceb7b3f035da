namespace Gantry.Images;

/// <summary>Handles paths inside an image: absolute, with slashes, without <c>.</c> and <c>..</c>.</summary>
internal static class ImagePath
{
    /// <summary>Resolves a path against a working directory; <c>..</c> at the root stays at the root.</summary>
    public static string Combine(string workingDirectory, string path)
    {
        var parts = new List<string>();
        foreach (var part in (path.StartsWith('/') ? path : $"{workingDirectory}/{path}").Split('/'))
        {
            if (part == ".." && parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
            else if (part is not ("" or "." or ".."))
                parts.Add(part);
        }

        return "/" + string.Join('/', parts);
    }

    /// <summary>Returns the directory of a path; <c>/</c> for the root itself.</summary>
    public static string Parent(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "/";

    /// <summary>Returns the last part of a path.</summary>
    public static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>True when a name, in a layer, deletes what lower layers have.</summary>
    /// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md#whiteouts">OCI image-spec, whiteouts</seealso>
    public static bool IsWhiteout(string name) => name.StartsWith(".wh.", StringComparison.Ordinal);

    /// <summary>Combines a directory and a name.</summary>
    public static string Child(string directory, string name) => directory == "/" ? "/" + name : $"{directory}/{name}";
}
