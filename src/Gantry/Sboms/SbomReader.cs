using System.Globalization;
using System.Text.Json;

namespace Gantry.Sboms;

/// <summary>Reads documents of CycloneDX, of this library and of others.</summary>
/// <param name="origin">The name of the document in errors.</param>
internal sealed class SbomReader(string origin)
{
    private readonly List<SbomComponent> _components = [];
    private readonly HashSet<string> _references = new(StringComparer.Ordinal);

    public static SbomDocument Read(ReadOnlyMemory<byte> json, string origin)
    {
        if (json.Length > Limits.SbomBytes)
            throw SbomDocumentErrors.TooLarge(origin, $"it has {Format.Count(json.Length, "byte")}", nameof(Limits.SbomBytes));

        try
        {
            using var document = JsonDocument.Parse(
                json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = Limits.JsonDepth });
            return new SbomReader(origin).Read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw SbomDocumentErrors.Malformed(origin, "it is not a JSON document of CycloneDX", exception);
        }
    }

    private SbomDocument Read(JsonElement root)
    {
        if (TextOf(root, "bomFormat") != "CycloneDX")
            throw SbomDocumentErrors.Malformed(origin, "it does not say that its format is CycloneDX");
        if (TextOf(root, "specVersion") is not { } version || !IsKnown(version))
            throw SbomDocumentErrors.Malformed(
                origin, $"its version of the format is {Format.Refused(TextOf(root, "specVersion"))}, and 1.x is read");

        var metadata = Find(root, "metadata", JsonValueKind.Object);
        AddComponents(root);
        var subject = Find(metadata, "component", JsonValueKind.Object);
        if (subject.ValueKind == JsonValueKind.Object)
            AddComponents(subject);
        return new SbomDocument
        {
            SpecVersion = version,
            SerialNumber = TextOf(root, "serialNumber"),
            Timestamp = DateTimeOffset.TryParse(
                TextOf(metadata, "timestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null,
            Tools = ReadTools(metadata),
            Subject = subject.ValueKind == JsonValueKind.Object ? ReadComponent(subject) : null,
            Properties = ReadProperties(metadata),
            Components = _components,
            Dependencies = ReadDependencies(root),
        };
    }

    private static bool IsKnown(string version) =>
        version.StartsWith("1.", StringComparison.Ordinal) && version.Length is 3 or 4
        && version.AsSpan(2).IndexOfAnyExceptInRange('0', '9') < 0;

    // A component may contain others, as many levels as the document has.
    private void AddComponents(JsonElement parent)
    {
        foreach (var element in ItemsOf(parent, "components"))
        {
            if (_components.Count == Limits.SbomComponents)
                throw SbomDocumentErrors.TooLarge(
                    origin, $"it has more than {Limits.SbomComponents} components", nameof(Limits.SbomComponents));
            _components.Add(ReadComponent(element));
            AddComponents(element);
        }
    }

    private SbomComponent ReadComponent(JsonElement element)
    {
        var component = new SbomComponent
        {
            Type = RequiredTextOf(element, "type"),
            BomRef = TextOf(element, "bom-ref"),
            Group = TextOf(element, "group"),
            Name = RequiredTextOf(element, "name"),
            Version = TextOf(element, "version"),
            Hashes = [.. ItemsOf(element, "hashes").Select(ReadHash)],
            Licenses = [.. ItemsOf(element, "licenses").Select(ReadLicense)],
            Purl = TextOf(element, "purl"),
            Properties = ReadProperties(element),
        };
        return component.BomRef is null || _references.Add(component.BomRef)
            ? component
            : throw SbomDocumentErrors.Malformed(origin, $"two components have the reference {Format.Refused(component.BomRef)}");
    }

    private SbomHash ReadHash(JsonElement element) => new(RequiredTextOf(element, "alg"), RequiredTextOf(element, "content"));

    private SbomLicense ReadLicense(JsonElement element)
    {
        if (TextOf(element, "expression") is { Length: > 0 } expression)
            return new SbomLicense(expression, SbomLicenseKind.Expression);
        var license = Find(element, "license", JsonValueKind.Object);
        return TextOf(license, "id") is { Length: > 0 } id
            ? new SbomLicense(id, SbomLicenseKind.Id)
            : new SbomLicense(RequiredTextOf(license, "name"), SbomLicenseKind.Name);
    }

    private IReadOnlyList<SbomProperty> ReadProperties(JsonElement element) =>
        [.. ItemsOf(element, "properties")
            .Select(property => new SbomProperty(TextOf(property, "name") ?? "", TextOf(property, "value") ?? ""))];

    // Up to version 1.4 a list of tools, later also an object with components.
    private IReadOnlyList<string> ReadTools(JsonElement metadata)
    {
        var tools = metadata.ValueKind == JsonValueKind.Object && metadata.TryGetProperty("tools", out var found) ? found : default;
        var items = tools.ValueKind == JsonValueKind.Array ? ItemsOf(metadata, "tools") : ItemsOf(tools, "components");
        return [.. items.Select(tool => TextOf(tool, "name")).OfType<string>()];
    }

    private List<SbomDependency> ReadDependencies(JsonElement root)
    {
        var (dependencies, edges) = (new List<SbomDependency>(), 0);
        foreach (var element in ItemsOf(root, "dependencies"))
        {
            var targets = ItemsOf(element, "dependsOn");
            edges += 1 + targets.Count;
            if (edges > Limits.SbomDependencies)
                throw SbomDocumentErrors.TooLarge(
                    origin, $"it has more than {Limits.SbomDependencies} dependencies", nameof(Limits.SbomDependencies));
            dependencies.Add(new SbomDependency(RequiredTextOf(element, "ref"), [.. targets.Select(target => target.GetString() ?? "")]));
        }

        return dependencies;
    }

    private List<JsonElement> ItemsOf(JsonElement parent, string name) =>
        Find(parent, name, JsonValueKind.Array) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : [];

    private string RequiredTextOf(JsonElement parent, string name) => TextOf(parent, name) is { Length: > 0 } text
        ? text
        : throw SbomDocumentErrors.Malformed(origin, $"an element has no {name}");

    private string? TextOf(JsonElement parent, string name) => Find(parent, name, JsonValueKind.String).GetStringOrNull();

    /// <summary>Finds a property; returns no element when it is missing or null, and refuses one of another kind.</summary>
    private JsonElement Find(JsonElement parent, string name, JsonValueKind kind)
    {
        if (parent.ValueKind == JsonValueKind.Undefined || !parent.TryGetProperty(name, out var element)
            || element.ValueKind == JsonValueKind.Null)
            return default;
        return element.ValueKind == kind
            ? element
            : throw SbomDocumentErrors.Malformed(origin, $"its {name} is of another kind than in CycloneDX");
    }
}

/// <summary>Reads elements that may be missing.</summary>
internal static class JsonElementExtensions
{
    public static string? GetStringOrNull(this JsonElement element) =>
        element.ValueKind == JsonValueKind.String ? element.GetString() : null;
}
