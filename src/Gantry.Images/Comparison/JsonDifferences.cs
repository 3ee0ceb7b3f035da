using System.Text.Json;

namespace Gantry.Images.Comparison;

/// <summary>Finds the values in which two JSON documents differ.</summary>
internal static class JsonDifferences
{
    private const int ValueLength = 200;

    /// <summary>Lists the paths of the values that differ, in the order of the first document; each with both values.</summary>
    /// <param name="expected">The first document.</param>
    /// <param name="actual">The second document.</param>
    /// <param name="skip">Returns true for paths that are compared elsewhere.</param>
    /// <param name="path">The path of the documents.</param>
    public static IEnumerable<(string Path, string? Expected, string? Actual)> Find(
        JsonElement expected, JsonElement actual, Func<string, bool> skip, string path = "")
    {
        if (skip(path) || JsonElement.DeepEquals(expected, actual))
            return [];
        return (expected.ValueKind, actual.ValueKind) switch
        {
            (JsonValueKind.Object, JsonValueKind.Object) => InObjects(expected, actual, skip, path),
            (JsonValueKind.Array, JsonValueKind.Array) => InArrays(expected, actual, skip, path),
            _ => [(path, Text(expected), Text(actual))],
        };
    }

    private static IEnumerable<(string, string?, string?)> InObjects(
        JsonElement expected, JsonElement actual, Func<string, bool> skip, string path)
    {
        foreach (var member in expected.EnumerateObject())
        {
            var inner = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (actual.TryGetProperty(member.Name, out var other))
            {
                foreach (var difference in Find(member.Value, other, skip, inner))
                    yield return difference;
            }
            else if (!skip(inner))
            {
                yield return (inner, Text(member.Value), null);
            }
        }

        foreach (var member in actual.EnumerateObject())
        {
            var inner = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (!expected.TryGetProperty(member.Name, out _) && !skip(inner))
                yield return (inner, null, Text(member.Value));
        }
    }

    private static IEnumerable<(string, string?, string?)> InArrays(
        JsonElement expected, JsonElement actual, Func<string, bool> skip, string path)
    {
        using var one = expected.EnumerateArray().GetEnumerator();
        using var other = actual.EnumerateArray().GetEnumerator();
        for (var index = 0; ; index++)
        {
            var (hasOne, hasOther) = (one.MoveNext(), other.MoveNext());
            if (!hasOne && !hasOther)
                yield break;
            var inner = $"{path}[{index}]";
            if (hasOne && hasOther)
            {
                foreach (var difference in Find(one.Current, other.Current, skip, inner))
                    yield return difference;
            }
            else if (!skip(inner))
            {
                yield return (inner, hasOne ? Text(one.Current) : null, hasOther ? Text(other.Current) : null);
            }
        }
    }

    private static string Text(JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.String ? $"'{value.GetString()}'" : value.GetRawText();
        return text.Length <= ValueLength ? text : text[..ValueLength] + "…";
    }
}
