using System.Text.Json;

namespace Gantry.Environments;

internal sealed class TextVersion : ReportedVersion
{
    public override string Description => "the text";

    internal override string? Validate() => null;

    internal override string? Read(HttpResponseMessage response, string body) => body.Trim() is { Length: > 0 } text ? text : null;
}

internal sealed class HeaderVersion(string name) : ReportedVersion
{
    /// <summary>The name of the header.</summary>
    public string Name => name;

    public override string Description => $"the header {name}";

    internal override bool IsInBody => false;

    internal override string? Validate() => HookAddress.IsHeaderName(name) ? null : $"'{name}' is not the name of a header";

    internal override string? Read(HttpResponseMessage response, string body) =>
        response.Headers.NonValidated.TryGetValues(name, out var values)
        || response.Content.Headers.NonValidated.TryGetValues(name, out values)
            ? values.First()
            : null;
}

internal sealed class JsonVersion(string property) : ReportedVersion
{
    /// <summary>The path of the property.</summary>
    public string Property => property;

    public override string Description => property;

    internal override string? Validate() => property.Split('.').Contains("") ? $"'{property}' is not the path of a property" : null;

    internal override string? Read(HttpResponseMessage response, string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var at = document.RootElement;
            foreach (var name in property.Split('.'))
            {
                if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                    return null;
            }

            return at.ValueKind == JsonValueKind.String ? at.GetString() : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or a text whose escapes are none.
            return null;
        }
    }
}
