using System.Text.Json;
using Gantry.IO;
using Gantry.Nuke.Execution;

namespace Gantry.Nuke.Parameters;

/// <summary>The parameters in <c>parameters.json</c> and in the files of the profiles that this run uses.</summary>
internal static class ParametersFile
{
    /// <summary>
    /// Reads names and values as text, with their file. For a repeated name the last value counts. Returns an empty list when there is no
    /// file. Throws <c>GAN7014</c> when a file is not a JSON object, and <c>GAN7043</c> when the file of a profile is missing.
    /// </summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<string> Values, string File)> Read(INukeBuild build)
    {
        var folder = BuildSystem.FolderOf(build);
        var profiles = NukeBuild.LoadedLocalProfiles.Select(profile =>
            ReadFile(build, folder / $"parameters.{profile}.json", isProfile: true));
        return [.. profiles.Prepend(ReadFile(build, folder / "parameters.json", isProfile: false)).SelectMany(parameters => parameters)];
    }

    private static List<(string Name, IReadOnlyList<string> Values, string File)> ReadFile(
        INukeBuild build, AbsolutePath file, bool isProfile)
    {
        string name = build.RootDirectory.GetUnixRelativePathTo(file);
        if (!File.Exists(file))
            return isProfile ? throw ParameterErrors.UnknownProfile(name) : [];

        try
        {
            using var document = JsonDocument.Parse(
                RegularFile.ReadAllBytes(file),
                new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return document.RootElement.EnumerateObject()
                .Where(property => !property.Name.StartsWith('$'))
                .Select(property => (property.Name, (IReadOnlyList<string>)Values(property.Value), name))
                .ToList();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or IOException)
        {
            throw ParameterErrors.ParametersFileUnreadable(name, exception.Message, exception);
        }
    }

    private static List<string> Values(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(item => item.ToString()).ToList() : [value.ToString()];
}
