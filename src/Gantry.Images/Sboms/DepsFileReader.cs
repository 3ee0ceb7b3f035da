using System.Text.Json;

namespace Gantry.Images.Sboms;

/// <summary>Reads <c>*.deps.json</c> files, which .NET writes beside applications and frameworks.</summary>
/// <seealso href="https://github.com/dotnet/sdk/blob/main/documentation/specs/runtime-configuration-file.md">
/// Runtime configuration files
/// </seealso>
internal static class DepsFileReader
{
    private static readonly string[] s_assets = ["runtime", "native", "resources", "runtimeTargets"];
    private static readonly JsonDocumentOptions s_options = new()
    {
        AllowDuplicateProperties = false,
        CommentHandling = JsonCommentHandling.Skip,
        MaxDepth = Limits.JsonDepth,
    };

    /// <summary>Reads the libraries; throws <see cref="InvalidDataException"/> when the file is malformed.</summary>
    public static IReadOnlyList<DepsLibrary> Read(ReadOnlyMemory<byte> content)
    {
        try
        {
            ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
            using var document = JsonDocument.Parse(content.Span.StartsWith(mark) ? content[mark.Length..] : content, s_options);
            return Read(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException("it is not JSON", exception);
        }
        catch (Exception exception) when (exception is InvalidOperationException or KeyNotFoundException)
        {
            throw new InvalidDataException("its content is not that of a deps.json file", exception);
        }
    }

    private static List<DepsLibrary> Read(JsonElement root)
    {
        var kinds = root.GetProperty("libraries");
        var found = new List<DepsLibrary>();
        foreach (var member in FindTarget(root).EnumerateObject())
        {
            if (member.Name.Split('/') is not [{ Length: > 0 } name, { Length: > 0 } version])
                throw new InvalidDataException($"the library '{member.Name}' is not a name and a version");

            // A library without an entry of its own has no kind; .NET refuses such a file.
            var kind = kinds.TryGetProperty(member.Name, out var entry) ? entry : default;
            var type = TextOf(kind, "type");
            List<string> files = [.. s_assets.SelectMany(assets => ReadFiles(member.Value, assets, type))];
            found.Add(new DepsLibrary(member.Name, name, version)
            {
                Type = type,
                Hash = TextOf(kind, "sha512"),
                HasRuntimeAssets = files.Count > 0,
                Files = files,
                Dependencies = ReadDependencies(member.Value),
            });
        }

        return found;
    }

    // A self-contained application has an empty target, and one for its runtime, which the file names.
    private static JsonElement FindTarget(JsonElement root)
    {
        var name = root.GetProperty("runtimeTarget") is { ValueKind: JsonValueKind.Object } target
            ? TextOf(target, "name")
            : root.GetProperty("runtimeTarget").GetString() ?? "";
        return root.GetProperty("targets").TryGetProperty(name, out var libraries)
            ? libraries
            : throw new InvalidDataException($"its target '{name}' is missing");
    }

    // An empty folder of a package is a file named "_._" in it.
    private static List<string> ReadFiles(JsonElement library, string assets, string type) =>
        library.TryGetProperty(assets, out var files)
            ? [.. files.EnumerateObject().Where(file => ImagePath.Name(file.Name) != "_._").Select(file => PlaceOf(file, assets, type))]
            : [];

    // Where the host looks for a file: at its local path, or at the path in the list when it is for a platform or of a runtime. Of all
    // others, the folders of the package are left out, apart from that of a language.
    private static string PlaceOf(JsonProperty file, string assets, string type)
    {
        if (TextOf(file.Value, "localPath") is { Length: > 0 } local)
            return local;
        if (assets == "runtimeTargets" || type == DepsLibrary.RuntimePack)
            return file.Name;
        var parts = file.Name.Split('/');
        return string.Join('/', parts[^Math.Min(assets == "resources" ? 2 : 1, parts.Length)..]);
    }

    private static List<string> ReadDependencies(JsonElement library) =>
        library.TryGetProperty("dependencies", out var dependencies)
            ? [.. dependencies.EnumerateObject().Select(dependency => $"{dependency.Name}/{dependency.Value.GetString()}")]
            : [];

    private static string TextOf(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}
