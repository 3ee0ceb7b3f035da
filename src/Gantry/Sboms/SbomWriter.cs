using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gantry.Sboms;

/// <summary>Writes documents of CycloneDX.</summary>
internal static class SbomWriter
{
    public static byte[] Write(SbomDocument document)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("$schema", $"http://cyclonedx.org/schema/bom-{document.SpecVersion}.schema.json");
            json.WriteString("bomFormat", "CycloneDX");
            json.WriteString("specVersion", document.SpecVersion);
            WriteText(json, "serialNumber", document.SerialNumber);
            json.WriteNumber("version", 1);
            WriteMetadata(json, document);
            WriteList(json, "components", document.Components, WriteComponent, always: true);
            WriteList(json, "dependencies", document.Dependencies, WriteDependency);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void WriteMetadata(Utf8JsonWriter json, SbomDocument document)
    {
        json.WriteStartObject("metadata");
        WriteText(json, "timestamp", document.Timestamp is { } time ? Format.Rfc3339(time) : null);
        if (document.Tools.Count > 0)
        {
            json.WriteStartObject("tools");
            WriteList(json, "components", document.Tools, WriteTool);
            json.WriteEndObject();
        }

        if (document.Subject is { } subject)
        {
            json.WritePropertyName("component");
            WriteComponent(json, subject);
        }

        WriteList(json, "properties", document.Properties, WriteProperty);
        json.WriteEndObject();
    }

    private static void WriteTool(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject();
        json.WriteString("type", "application");
        json.WriteString("name", name);
        json.WriteEndObject();
    }

    private static void WriteComponent(Utf8JsonWriter json, SbomComponent component)
    {
        json.WriteStartObject();
        json.WriteString("type", component.Type);
        WriteText(json, "bom-ref", component.BomRef);
        WriteText(json, "group", component.Group);
        json.WriteString("name", component.Name);
        WriteText(json, "version", component.Version);
        WriteList(json, "hashes", component.Hashes, WriteHash);
        WriteLicenses(json, component.Licenses);
        WriteText(json, "purl", component.Purl);
        WriteList(json, "properties", component.Properties, WriteProperty);
        json.WriteEndObject();
    }

    private static void WriteHash(Utf8JsonWriter json, SbomHash hash)
    {
        json.WriteStartObject();
        json.WriteString("alg", hash.Algorithm);
        json.WriteString("content", hash.Content);
        json.WriteEndObject();
    }

    // The schema accepts one expression alone, or any number of licences that are none.
    private static void WriteLicenses(Utf8JsonWriter json, IReadOnlyList<SbomLicense> licenses)
    {
        if (licenses is [{ Kind: SbomLicenseKind.Expression, Text: var expression }])
        {
            json.WriteStartArray("licenses");
            json.WriteStartObject();
            json.WriteString("expression", expression);
            json.WriteEndObject();
            json.WriteEndArray();
            return;
        }

        WriteList(json, "licenses", licenses, WriteLicense);
    }

    private static void WriteLicense(Utf8JsonWriter json, SbomLicense license)
    {
        json.WriteStartObject();
        json.WriteStartObject("license");
        json.WriteString(license.Kind == SbomLicenseKind.Id ? "id" : "name", license.Text);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteProperty(Utf8JsonWriter json, SbomProperty property)
    {
        json.WriteStartObject();
        json.WriteString("name", property.Name);
        json.WriteString("value", property.Value);
        json.WriteEndObject();
    }

    private static void WriteDependency(Utf8JsonWriter json, SbomDependency dependency)
    {
        json.WriteStartObject();
        json.WriteString("ref", dependency.Ref);
        json.WriteStartArray("dependsOn");
        foreach (var target in dependency.DependsOn)
            json.WriteStringValue(target);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
            json.WriteString(name, text);
    }

    private static void WriteList<T>(
        Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write, bool always = false)
    {
        if (items.Count == 0 && !always)
            return;
        json.WriteStartArray(name);
        foreach (var item in items)
            write(json, item);
        json.WriteEndArray();
    }
}
