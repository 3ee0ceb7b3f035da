using System.Text.Json;

namespace Gantry.Environments;

internal sealed record TextVersion : ReportedVersion
{
    public override string Description => "the text";

    internal override string? Validate() => null;

    internal override string? Read(HttpResponseMessage response, string body) => body.Trim() is { Length: > 0 } text ? text : null;
}

internal sealed record HeaderVersion(string Name) : ReportedVersion
{
    public override string Description => $"the header {Name}";

    internal override bool IsInBody => false;

    internal override string? Validate() => HookAddress.IsHeaderName(Name) ? null : $"'{Name}' is not the name of a header";

    internal override string? Read(HttpResponseMessage response, string body) =>
        response.Headers.NonValidated.TryGetValues(Name, out var values) || response.Content.Headers.NonValidated.TryGetValues(Name, out values)
            ? values.First()
            : null;
}

internal sealed record JsonVersion(string Property) : ReportedVersion
{
    public override string Description => Property;

    internal override string? Validate() => Property.Split('.').Contains("") ? $"'{Property}' is not the path of a property" : null;

    internal override string? Read(HttpResponseMessage response, string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var at = document.RootElement;
            foreach (var name in Property.Split('.'))
            {
                if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                    return null;
            }

            return at.ValueKind == JsonValueKind.String ? at.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
