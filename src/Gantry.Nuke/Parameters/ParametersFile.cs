using System.Text.Json;

namespace Gantry.Nuke.Parameters;

/// <summary>The parameters that stand in <c>.nuke/parameters.json</c>.</summary>
internal static class ParametersFile
{
    /// <summary>Names and values as text; empty when there is no file; <c>GAN7014</c> when it is not a JSON object.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<string> Values)> Read(string root)
    {
        var file = Path.Combine(root, ".nuke", "parameters.json");
        if (!File.Exists(file))
            return [];

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return document.RootElement.EnumerateObject()
                .Where(property => !property.Name.StartsWith('$'))
                .Select(property => (property.Name, (IReadOnlyList<string>)Values(property.Value)))
                .ToList();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or IOException)
        {
            throw BuildErrors.ParametersFileUnreadable(".nuke/parameters.json", exception.Message, exception);
        }
    }

    private static List<string> Values(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(item => item.ToString()).ToList() : [value.ToString()];
}
