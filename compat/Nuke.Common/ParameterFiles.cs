using System.Text.Json;
using Nuke.Common.IO;
using Nuke.Common.Utilities;

namespace Nuke.Common;

/// <summary>The values in <c>parameters.json</c> and in the files of the profiles, of which later ones win.</summary>
internal sealed class ParameterFiles
{
    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);
    private readonly AbsolutePath _rootDirectory;
    private readonly HashSet<string> _secrets;

    public ParameterFiles(AbsolutePath rootDirectory, IEnumerable<string> profiles, IEnumerable<string> secrets)
    {
        _rootDirectory = rootDirectory;
        _secrets = secrets.ToHashSet(StringComparer.OrdinalIgnoreCase);

        var defaultFile = Constants.DirectoryOf(rootDirectory) / "parameters.json";
        if (defaultFile.FileExists())
            Read(defaultFile);
        foreach (var profile in profiles)
        {
            var file = Constants.DirectoryOf(rootDirectory) / $"parameters.{profile}.json";
            Assert.FileExists(file, $"Profile '{profile}' has no file '{file}'");
            Read(file);
        }
    }

    private void Read(AbsolutePath file)
    {
        try
        {
            var options = new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };
            using var document = JsonDocument.Parse(file.ReadAllText(), options);
            foreach (var property in document.RootElement.EnumerateObject())
                _values[property.Name] = property.Value.Clone();
        }
        catch (JsonException exception)
        {
            Assert.Fail($"Parameters file '{file}' is no JSON: {exception.Message}", exception);
        }
    }

    public IEnumerable<string> Names => _values.Keys;

    public object GetValue(string name, Type destinationType)
    {
        if (!_values.TryGetValue(name, out var element) || element.ValueKind == JsonValueKind.Null)
            return null;

        var values = (element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().Select(TextOf) : [TextOf(element)]).ToList();
        if (_secrets.Contains(name))
        {
            Assert.False(
                values.Exists(x => x.StartsWith("v1:", StringComparison.Ordinal)),
                $"Parameter '{name}' is encrypted in {Constants.DirectoryOf(_rootDirectory).Name}, which needs {Product.Title} itself; " +
                $"set the environment variable {Product.Title.ToUpperInvariant()}_{name} instead");
        }

        if (typeof(IAbsolutePathHolder).IsAssignableFrom(destinationType.GetScalarType()))
            values = values.ConvertAll(x => Path.IsPathRooted(x) ? x : (string)(_rootDirectory / x));
        return ReflectionUtility.Convert(values, destinationType, booleanDefault: true);
    }

    private static string TextOf(JsonElement element)
        => element.ValueKind == JsonValueKind.String ? element.GetString() : element.GetRawText();
}
