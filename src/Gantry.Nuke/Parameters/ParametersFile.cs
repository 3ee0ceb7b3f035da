using System.Text.Json;

namespace Gantry.Nuke.Parameters;

/// <summary>The parameters that stand in <c>.nuke/parameters.json</c> and in the files of the profiles that this run uses.</summary>
internal static class ParametersFile
{
    /// <summary>
    /// Names and values as text, with the file that has them, of which the last one counts; none when there is no file; <c>GAN7014</c> when
    /// one is not a JSON object, <c>GAN7043</c> when a profile has none.
    /// </summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<string> Values, string File)> Read(string root) =>
        [.. NukeBuild.LoadedLocalProfiles.Select(profile => $"parameters.{profile}.json").Prepend("parameters.json").SelectMany(file => ReadFile(root, ".nuke/" + file))];

    private static List<(string Name, IReadOnlyList<string> Values, string File)> ReadFile(string root, string name)
    {
        var file = Path.Combine(root, name);
        if (!File.Exists(file))
            return name == ".nuke/parameters.json" ? [] : throw BuildErrors.UnknownProfile(name);

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return document.RootElement.EnumerateObject()
                .Where(property => !property.Name.StartsWith('$'))
                .Select(property => (property.Name, (IReadOnlyList<string>)Values(property.Value), name))
                .ToList();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or IOException)
        {
            throw BuildErrors.ParametersFileUnreadable(name, exception.Message, exception);
        }
    }

    private static List<string> Values(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(item => item.ToString()).ToList() : [value.ToString()];
}
