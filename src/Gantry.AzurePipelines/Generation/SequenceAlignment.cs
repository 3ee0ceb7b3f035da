using System.Globalization;
using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Generation;

/// <summary>Finds which items of several sequences correspond.</summary>
internal static class SequenceAlignment
{
    /// <summary>
    /// Returns the corresponding items, with null where a sequence has none. Returns null when the sequences do not correspond: their
    /// lengths differ, and they are not mappings in the same order. Jobs of regions belong to one environment, so a deployment is never
    /// optional.
    /// </summary>
    public static IReadOnlyList<YamlValue?[]>? Align(IReadOnlyList<YamlSequence?> sequences)
    {
        var lengths = sequences.OfType<YamlSequence>().Select(sequence => sequence.Items.Count).Distinct().ToList();
        if (lengths is [var length])
            return [.. Enumerable.Range(0, length).Select(i => sequences.Select(sequence => sequence?.Items[i]).ToArray())];
        if (sequences.OfType<YamlSequence>().Any(sequence => sequence.Items.Any(item => item is not YamlMapping)))
            return null;

        var names = sequences.Select(sequence => sequence is null ? [] : NamesOf(sequence)).ToList();
        var merged = Merge(names);
        if (names.Any(own => !own.SequenceEqual(merged.Where(own.Contains)) || own.Count(IsDeployment) != merged.Count(IsDeployment)))
            return null;
        return [.. merged.Select(name => sequences.Select((sequence, i) => ItemOf(sequence, names[i].IndexOf(name))).ToArray())];
    }

    /// <summary>Merges lists of names: each name comes behind the one that it follows where it is.</summary>
    public static List<string> Merge(IEnumerable<IEnumerable<string>> lists)
    {
        var merged = new List<string>();
        foreach (var list in lists)
        {
            var at = 0;
            foreach (var name in list)
            {
                var known = merged.IndexOf(name);
                if (known < 0)
                    merged.Insert(known = at, name);
                at = known + 1;
            }
        }

        return merged;
    }

    private static YamlValue? ItemOf(YamlSequence? sequence, int at) => at < 0 ? null : sequence!.Items[at];

    private static bool IsDeployment(string name) => name.StartsWith("deployment ", StringComparison.Ordinal);

    // Steps and jobs are known by their kind, tasks by their name as well, and by how many of the same came before.
    private static List<string> NamesOf(YamlSequence sequence)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. sequence.Items.Cast<YamlMapping>().Select(item =>
        {
            var (key, value) = item.Entries[0];
            var kind = key == "task" && value is YamlScalar { Text: var task } ? $"{key} {task}" : key;
            var count = counts[kind] = counts.GetValueOrDefault(kind) + 1;
            return string.Create(CultureInfo.InvariantCulture, $"{kind} {count}");
        })];
    }
}
