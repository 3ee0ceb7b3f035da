using System.Text.Json;

namespace Gantry.Differences;

/// <summary>The settings in the configuration of an image, each as one text.</summary>
internal static class ImageSettings
{
    private static readonly string[] s_lists = ["Entrypoint", "Cmd", "Shell", "OnBuild"];
    private static readonly string[] s_sets = ["ExposedPorts", "Volumes"];
    private static readonly string[] s_texts = ["User", "WorkingDir", "StopSignal"];
    private static readonly string[] s_platform = ["os", "architecture", "variant", "os.version"];

    /// <summary>Compares two configurations.</summary>
    public static IReadOnlyList<ChangedSetting> Compare(JsonElement before, JsonElement after)
    {
        var (one, other) = (Read(before), Read(after));
        return
        [
            .. one.Keys.Union(other.Keys)
                .Select(name => new ChangedSetting(name, one.GetValueOrDefault(name), other.GetValueOrDefault(name)))
                .Where(setting => setting.Before != setting.After)
                .OrderBy(setting => setting.Name, StringComparer.Ordinal),
        ];
    }

    private static Dictionary<string, string> Read(JsonElement document)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in s_platform)
            Add(name, TextOf(document, name));
        if (!document.TryGetProperty("config", out var config) || config.ValueKind != JsonValueKind.Object)
            return settings;

        foreach (var name in s_texts)
            Add(name, TextOf(config, name));
        foreach (var name in s_lists)
            Add(name, ListOf(config, name));
        foreach (var name in s_sets)
            Add(name, NamesOf(config, name));
        if (config.TryGetProperty("Healthcheck", out var health) && health.ValueKind == JsonValueKind.Object)
            Add("Healthcheck", health.GetRawText());
        foreach (var variable in ItemsOf(config, "Env"))
        {
            var end = variable.IndexOf('=', StringComparison.Ordinal);
            settings[$"Env {(end < 0 ? variable : variable[..end])}"] = end < 0 ? "" : variable[(end + 1)..];
        }

        if (config.TryGetProperty("Labels", out var labels) && labels.ValueKind == JsonValueKind.Object)
        {
            foreach (var label in labels.EnumerateObject())
                settings[$"Label {label.Name}"] = label.Value.ValueKind == JsonValueKind.String ? label.Value.GetString()! : "";
        }

        return settings;

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                settings[name] = value;
        }
    }

    private static string? TextOf(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // As in a Dockerfile: the arguments are texts, and where each of them begins and ends matters.
    private static string? ListOf(JsonElement parent, string name) =>
        ItemsOf(parent, name) is { Count: > 0 } items
            ? $"[{string.Join(", ", items.Select(item => $"\"{item.Replace("\"", "\\\"", StringComparison.Ordinal)}\""))}]"
            : null;

    private static IReadOnlyList<string> ItemsOf(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
            : [];

    private static string? NamesOf(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var map) && map.ValueKind == JsonValueKind.Object
            ? string.Join(", ", map.EnumerateObject().Select(entry => entry.Name).Order(StringComparer.Ordinal))
            : null;
}
