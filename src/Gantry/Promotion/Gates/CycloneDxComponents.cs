using System.Text.Json;

namespace Gantry.Promotion.Gates;

/// <summary>A component in an SBOM.</summary>
/// <param name="Name">The name.</param>
/// <param name="Version">The version; null when there is none.</param>
/// <param name="Purl">The package URL; null when there is none.</param>
/// <param name="Licenses">The licences: SPDX ids, names or expressions. All of them apply.</param>
/// <param name="IsPackage">True for what has a licence of its own: not for an operating system or a file.</param>
internal sealed record CycloneDxComponent(
    string Name, string? Version, string? Purl, IReadOnlyList<string> Licenses, bool IsPackage);

/// <summary>Reads the components of an SBOM in the format CycloneDX (JSON), with those inside of others.</summary>
/// <seealso href="https://cyclonedx.org/docs/1.6/json/">CycloneDX 1.6</seealso>
internal static class CycloneDxComponents
{
    /// <summary>
    /// Reads the components; throws <see cref="InvalidDataException"/> for anything else than CycloneDX, and for an SBOM without
    /// components, which says nothing.
    /// </summary>
    public static IReadOnlyList<CycloneDxComponent> Read(JsonElement bom)
    {
        if (bom.Text("bomFormat") != "CycloneDX" || bom.Text("specVersion")?.StartsWith("1.", StringComparison.Ordinal) != true)
            throw new InvalidDataException("it is not CycloneDX, version 1");
        var components = Within(bom).Concat(bom.Child("metadata")?.Child("component") is { } root ? Within(root) : []).ToList();
        return components.Count > 0 ? components : throw new InvalidDataException("it has no component");
    }

    private static IEnumerable<CycloneDxComponent> Within(JsonElement parent)
    {
        if (parent.Child("components") is not { } list)
            yield break;
        if (list.ValueKind != JsonValueKind.Array)
            throw new InvalidDataException("its components are no list");
        foreach (var component in list.EnumerateArray())
        {
            yield return ReadOne(component);
            foreach (var inner in Within(component))
                yield return inner;
        }
    }

    private static CycloneDxComponent ReadOne(JsonElement component)
    {
        if (component.Text("name") is not { } name || string.IsNullOrWhiteSpace(name))
            throw new InvalidDataException("a component has no name");
        var (version, purl) = (OptionalText(component, "version"), OptionalText(component, "purl"));
        return new CycloneDxComponent(
            component.Text("group") is { Length: > 0 } group ? $"{group}/{name}" : name,
            version,
            purl,
            ReadLicenses(component),
            purl is not null || component.Text("type") is "library" or "framework" or "application");
    }

    private static string? OptionalText(JsonElement component, string name) => component.Child(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString() is { Length: > 0 } value ? value : null,
        _ => throw new InvalidDataException($"the {name} of a component is no text"),
    };

    private static List<string> ReadLicenses(JsonElement component)
    {
        if (component.Child("licenses") is not { } list)
            return [];
        if (list.ValueKind != JsonValueKind.Array)
            throw new InvalidDataException("the licences of a component are no list");
        return [.. list.EnumerateArray()
            .Select(choice => choice.Text("expression") ?? choice.Child("license")?.Text("id") ?? choice.Child("license")?.Text("name")
                ?? throw new InvalidDataException("a licence has neither id nor name"))
            .Where(license => !string.IsNullOrWhiteSpace(license) && license is not ("NOASSERTION" or "NONE"))];
    }
}
