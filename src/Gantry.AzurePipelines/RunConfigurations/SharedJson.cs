using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gantry.AzurePipelines.RunConfigurations;

/// <summary>
/// A JSON file of an editor that people edit as well. The generator replaces its own entries, which it recognizes by their names, and keeps
/// everything else.
/// </summary>
/// <param name="Parts">The properties that contain entries of the generator and of people.</param>
internal sealed record SharedJson(params IReadOnlyList<SharedEntries> Parts) : SharedContent
{
    private static readonly JsonDocumentOptions Strict = new() { AllowTrailingCommas = true, AllowDuplicateProperties = false };
    private static readonly JsonDocumentOptions WithComments = Strict with { CommentHandling = JsonCommentHandling.Skip };

    /// <summary>
    /// Returns the found content with the generator's entries updated. Equivalent content is kept unchanged, including comments and spaces.
    /// Throws <c>GAN8062</c> when a file with comments must change, because the comments would be lost.
    /// </summary>
    public override string Merge(string path, string found, string generated)
    {
        var merged = Parse(path, found, WithComments);
        var wanted = (JsonObject)JsonNode.Parse(generated)!;
        foreach (var (name, value) in wanted.Where(property => Parts.All(part => part.Property != property.Key)))
            merged[name] = value?.DeepClone();
        foreach (var part in Parts.Where(part => merged[part.Property] is not null || wanted[part.Property] is not null))
            merged[part.Property] = part.Merge(path, merged[part.Property], wanted[part.Property]);

        if (JsonNode.DeepEquals(merged, Parse(path, found, WithComments)))
            return found;
        _ = Parse(path, found, Strict);
        return EditorFile.ToText(merged);
    }

    private static JsonObject Parse(string path, string text, JsonDocumentOptions options)
    {
        try
        {
            // An editor leaves an empty file behind when a person has removed everything in it.
            return JsonNode.Parse(string.IsNullOrWhiteSpace(text) ? "{}" : text, documentOptions: options) as JsonObject
                ?? throw FileErrors.UnmergeableFile(path, "it is not a JSON object");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw FileErrors.UnmergeableFile(path, "it has comments, or is no JSON", exception);
        }
    }
}

/// <summary>A property of a file that contains entries of the generator and of people.</summary>
/// <param name="Property">The property.</param>
internal abstract record SharedEntries(string Property)
{
    /// <summary>Returns the current entries of the generator, followed by those of people.</summary>
    public abstract JsonNode Merge(string path, JsonNode? found, JsonNode? generated);

    protected T? Expect<T>(string path, JsonNode? found)
        where T : JsonNode =>
        found is null or T ? (T?)found : throw FileErrors.UnmergeableFile(path, $"its '{Property}' is not what the editor expects");

    protected static string? Text(JsonNode? entry, string property) =>
        entry is JsonObject owner && owner[property] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}

/// <summary>A list whose entries have names; those of the generator have their own prefix.</summary>
internal sealed record SharedList(string Property, string Name, string Prefix) : SharedEntries(Property)
{
    public override JsonNode Merge(string path, JsonNode? found, JsonNode? generated)
    {
        var others = (Expect<JsonArray>(path, found) ?? []).Where(entry =>
            Text(entry, Name)?.StartsWith(Prefix, StringComparison.Ordinal) != true);
        return new JsonArray([.. ((JsonArray?)generated ?? []).Concat(others).Select(entry => entry?.DeepClone())]);
    }
}

/// <summary>The profiles of a project; those of the generator start the project with their own name as the first argument.</summary>
internal sealed record SharedProfiles(string Property) : SharedEntries(Property)
{
    public override JsonNode Merge(string path, JsonNode? found, JsonNode? generated)
    {
        var merged = (JsonObject?)generated?.DeepClone() ?? [];
        foreach (var (name, profile) in Expect<JsonObject>(path, found) ?? [])
        {
            var isOwn = Text(profile, "commandName") == "Project" && Text(profile, "commandLineArgs")?.Split(' ')[0] == name;
            if (!isOwn && !merged.ContainsKey(name))
                merged[name] = profile?.DeepClone();
        }

        return merged;
    }
}
