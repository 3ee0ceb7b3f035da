using System.Text.Json;
using Gantry.AzurePipelines.Environments;
using Gantry.AzurePipelines.Service;

namespace Gantry.AzurePipelines.Provisioning;

/// <summary>The settings of a check in one form, for declared and existing checks.</summary>
internal sealed record CheckState
{
    private static readonly JsonElement Nothing = JsonElement.Parse("{}");

    /// <summary>The kind; null for a kind that a declaration cannot have.</summary>
    public CheckKind? Kind { get; init; }

    /// <summary>The display name of the type.</summary>
    public required string TypeName { get; init; }

    /// <summary>The name of the check; empty for none.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>The timeout in minutes; null when the check decides at once or does not specify one.</summary>
    public int? Timeout { get; init; }

    public bool IsDisabled { get; init; }

    /// <summary>The approvers, in order.</summary>
    public IReadOnlyList<Person> Approvers { get; init; } = [];

    /// <summary>The users and groups that may never approve.</summary>
    public IReadOnlyList<Person> Blocked { get; init; } = [];

    /// <summary>The required number of approvals.</summary>
    public int Minimum { get; init; }

    public bool InSequence { get; init; }

    public bool RequesterMayApprove { get; init; }

    public string Instructions { get; init; } = "";

    /// <summary>The inputs of a task.</summary>
    public IReadOnlyDictionary<string, string> Inputs { get; init; } = new Dictionary<string, string>();

    public int RetryInterval { get; init; }

    public string VariableGroup { get; init; } = "";

    /// <summary>The templates, one of which must be extended: <c>git:Contoso/templates:release.yml@refs/heads/main</c>.</summary>
    public IReadOnlyList<string> Templates { get; init; } = [];

    /// <summary>The title for people: <c>approval by [Contoso]\QA</c>.</summary>
    public string Title => Kind switch
    {
        CheckKind.Approval => $"approval by {string.Join(", ", Approvers)}{(Minimum > 1 ? $" ({Minimum})" : "")}",
        CheckKind.BranchControl => "branch control",
        CheckKind.BusinessHours => "business hours",
        CheckKind.ExclusiveLock => "exclusive lock",
        CheckKind.RequiredTemplate => "required template",
        CheckKind.RestCall => $"REST check '{DisplayName}'",
        CheckKind.FunctionCall => $"function check '{DisplayName}'",
        CheckKind.Alerts => $"alerts check '{DisplayName}'",
        CheckKind.WorkItems => "work item query",
        _ => DisplayName.Length > 0 ? $"'{DisplayName}' ({TypeName})" : TypeName,
    };

    /// <summary>Reads a declared check with resolved references.</summary>
    /// <param name="check">The check.</param>
    /// <param name="names">The names of ids in the declaration.</param>
    public static CheckState Of(CheckConfiguration check, IReadOnlyDictionary<string, string> names) => Read(
        check.Type.Id, check.Type.Name, check.Timeout, isDisabled: false,
        JsonSerializer.SerializeToElement(check.Settings, ServiceJson.Default.CheckSettings), names);

    /// <summary>Reads an existing check.</summary>
    public static CheckState Of(CheckDocument check, IReadOnlyDictionary<string, string> names) => Read(
        check.Type.Id, check.Type.Name ?? check.Type.Id, check.Timeout, check.IsDisabled == true, check.Settings, names);

    private static CheckState Read(
        string type, string typeName, int? timeout, bool isDisabled, JsonElement settings, IReadOnlyDictionary<string, string> names)
    {
        if (settings.ValueKind != JsonValueKind.Object)
            settings = Nothing;
        var approvers = People(settings, "approvers", names);
        return new CheckState
        {
            Kind = CheckKinds.Find(type, settings.Find("definitionRef")?.Find("id")?.Text()),
            TypeName = typeName,
            DisplayName = settings.Find("displayName")?.Text() ?? "",
            Timeout = timeout,
            IsDisabled = isDisabled,
            Approvers = approvers,
            Blocked = People(settings, "blockedApprovers", names),
            // Without a minimum, all approvers must approve.
            Minimum = settings.Find("minRequiredApprovers")?.Number() is { } minimum and > 0 ? minimum : approvers.Count,
            InSequence = settings.Find("executionOrder")?.Text() is "inSequence" or "2",
            RequesterMayApprove = settings.Find("requesterCannotBeApprover")?.Text() is not ("true" or "True"),
            Instructions = settings.Find("instructions")?.Text() ?? "",
            Inputs = settings.Find("inputs").Members()
                .DistinctBy(input => input.Name, StringComparer.OrdinalIgnoreCase)
                .ToDictionary(input => input.Name, input => input.Value.Text() ?? "", StringComparer.OrdinalIgnoreCase),
            RetryInterval = settings.Find("retryInterval")?.Number() ?? 0,
            VariableGroup = settings.Find("linkedVariableGroup")?.Text() ?? "",
            Templates = [.. settings.Find("extendsChecks").Items().Select(Template)],
        };
    }

    private static IReadOnlyList<Person> People(JsonElement settings, string name, IReadOnlyDictionary<string, string> names) =>
    [
        .. settings.Find(name).Items()
            .Select(person => (Id: person.Find("id")?.Text() ?? "", Name: person.Find("displayName")?.Text()))
            .Select(person => new Person(person.Id, names.GetValueOrDefault(person.Id) ?? person.Name ?? person.Id)),
    ];

    private static string Template(JsonElement template) =>
        $"{template.Find("repositoryType")?.Text()}:{template.Find("repositoryName")?.Text()}:{template.Find("templatePath")?.Text()}@"
        + $"{template.Find("repositoryRef")?.Text()}";
}

/// <summary>A user or group.</summary>
internal sealed record Person(string Id, string Name)
{
    public bool Equals(Person? other) => other is not null && Id.Equals(other.Id, StringComparison.OrdinalIgnoreCase);

    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Id);

    public override string ToString() => Name;
}

/// <summary>Reads JSON of other programs, which may differ from its documentation.</summary>
internal static class JsonReading
{
    public static JsonElement? Find(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    /// <summary>Returns the members of an object; empty for any other value.</summary>
    public static IEnumerable<JsonProperty> Members(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Object } members ? members.EnumerateObject() : Enumerable.Empty<JsonProperty>();

    /// <summary>Returns the items of a list; empty for any other value.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : Enumerable.Empty<JsonElement>();

    /// <summary>Returns a string, or the text of a number or boolean.</summary>
    public static string? Text(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => ReadString(element),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => element.GetRawText(),
    };

    private static string ReadString(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // It escapes half a character, which is no text.
            return element.GetRawText();
        }
    }

    public static int? Number(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) ? number : null;
}
