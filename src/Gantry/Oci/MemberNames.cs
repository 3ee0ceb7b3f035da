namespace Gantry.Oci;

/// <summary>
/// Finds the names of one JSON object's members that tools understand differently: a name that occurs twice, and a name that is written
/// like one of the specification except for case. Tools that are written in Go, which is most of them, take <c>Layers</c> for
/// <c>layers</c>, and of both the last one.
/// </summary>
/// <seealso href="https://pkg.go.dev/encoding/json#Unmarshal">encoding/json, Unmarshal</seealso>
internal sealed class MemberNames
{
    private static readonly HashSet<string> s_specified = new(StringComparer.Ordinal)
    {
        "annotations", "architecture", "artifactType", "blobs", "config", "data", "digest", "features", "fsLayers", "layers", "manifests",
        "mediaType", "os", "os.features", "os.version", "platform", "schemaVersion", "size", "subject", "urls", "variant",
    };

    private static readonly Dictionary<string, string> s_folded = s_specified.ToDictionary(Fold, StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>Returns what is wrong with the next name, as the rest of a sentence; null when nothing is.</summary>
    public string? FindProblem(string name)
    {
        var specified = s_specified.Contains(name);
        if (!specified && s_folded.TryGetValue(Fold(name), out var meant))
            return $"it has a member that differs from '{meant}' only in case, which tools read differently";
        if (_seen.Add(name))
            return null;
        return specified ? $"it has '{name}' twice" : "it has a member twice";
    }

    // As Go compares names: two letters outside of ASCII are the same as one in it.
    private static string Fold(string name) =>
        name.Replace('\u017f', 's').Replace('\u212a', 'k').ToLowerInvariant();
}
