using System.Text.Json;
using Gantry.AzurePipelines.Environments;
using Gantry.AzurePipelines.Service;

namespace Gantry.AzurePipelines.Provisioning;

/// <summary>What a check asks for, in one form for those that are declared and those that are there.</summary>
internal sealed record CheckState
{
    private static readonly JsonElement Nothing = JsonElement.Parse("{}");

    /// <summary>The kind; null: somebody else's.</summary>
    public CheckKind? Kind { get; init; }

    /// <summary>What people call the type.</summary>
    public required string TypeName { get; init; }

    /// <summary>The name that people gave it; empty: none.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>Minutes; null: it decides at once, or says nothing.</summary>
    public int? Timeout { get; init; }

    public bool IsDisabled { get; init; }

    /// <summary>Who approves, in their order.</summary>
    public IReadOnlyList<Person> Approvers { get; init; } = [];

    /// <summary>Who may never approve.</summary>
    public IReadOnlyList<Person> Blocked { get; init; } = [];

    /// <summary>How many approve.</summary>
    public int Minimum { get; init; }

    public bool InSequence { get; init; }

    public bool RequesterMayApprove { get; init; }

    public string Instructions { get; init; } = "";

    /// <summary>What a task is given.</summary>
    public IReadOnlyDictionary<string, string> Inputs { get; init; } = new Dictionary<string, string>();

    public int RetryInterval { get; init; }

    public string VariableGroup { get; init; } = "";

    /// <summary>The templates of which one has to be extended: <c>git:Contoso/templates:release.yml@refs/heads/main</c>.</summary>
    public IReadOnlyList<string> Templates { get; init; } = [];

    /// <summary>What people call it: <c>approval by [Contoso]\QA</c>.</summary>
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

    /// <summary>A declared check whose references are resolved.</summary>
    /// <param name="check">The check.</param>
    /// <param name="names">What ids are called in the declaration.</param>
    public static CheckState Of(CheckConfiguration check, IReadOnlyDictionary<string, string> names) => Read(
        check.Type.Id, check.Type.Name, check.Timeout, isDisabled: false, JsonSerializer.SerializeToElement(check.Settings, ServiceJson.Default.CheckSettings), names);

    /// <summary>A check that is there.</summary>
    public static CheckState Of(CheckDocument check, IReadOnlyDictionary<string, string> names) => Read(
        check.Type.Id, check.Type.Name ?? check.Type.Id, check.Timeout, check.IsDisabled == true, check.Settings, names);

    private static CheckState Read(string type, string typeName, int? timeout, bool isDisabled, JsonElement settings, IReadOnlyDictionary<string, string> names)
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
            // None means that all of them have to.
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
        $"{template.Find("repositoryType")?.Text()}:{template.Find("repositoryName")?.Text()}:{template.Find("templatePath")?.Text()}@{template.Find("repositoryRef")?.Text()}";
}

/// <summary>A user or group.</summary>
internal sealed record Person(string Id, string Name)
{
    public bool Equals(Person? other) => other is not null && Id.Equals(other.Id, StringComparison.OrdinalIgnoreCase);

    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Id);

    public override string ToString() => Name;
}

/// <summary>Reads what other programs wrote, which need not be what is documented.</summary>
internal static class JsonReading
{
    public static JsonElement? Find(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>The members of an object; none of what is none.</summary>
    public static IEnumerable<JsonProperty> Members(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Object } members ? members.EnumerateObject() : Enumerable.Empty<JsonProperty>();

    /// <summary>The items of a list; none of what is none.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : Enumerable.Empty<JsonElement>();

    /// <summary>A text, or the text of a number or truth value.</summary>
    public static string? Text(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => element.GetRawText(),
    };

    public static int? Number(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) ? number : null;
}
