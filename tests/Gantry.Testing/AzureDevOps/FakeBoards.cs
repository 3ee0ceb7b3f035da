using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Gantry.Testing.AzureDevOps;

/// <summary>The work items of a project, with the rules of the service for them.</summary>
public sealed class FakeBoards
{
    private int _lastId = 500;

    /// <summary>Gets the types: those of the process Agile, and the Issue of the process Basic.</summary>
    public Dictionary<string, FakeWorkItemType> Types { get; } = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Bug"] = new(
            [("New", "Proposed"), ("Active", "InProgress"), ("Resolved", "Resolved"), ("Closed", "Completed")],
            ["Microsoft.VSTS.TCM.ReproSteps"]),
        ["User Story"] = new(
            [("New", "Proposed"), ("Active", "InProgress"), ("Resolved", "Resolved"), ("Closed", "Completed"), ("Removed", "Removed")], []),
        ["Issue"] = new([("To Do", "Proposed"), ("Doing", "InProgress"), ("Done", "Completed")], []),
        ["Endless"] = new([("Open", "Proposed")], []),
    };

    public List<FakeWorkItem> Items { get; } = [];

    /// <summary>Gets the area and iteration paths.</summary>
    public HashSet<string> Paths { get; } = new(StringComparer.OrdinalIgnoreCase) { "Shop", @"Shop\Operations" };

    /// <summary>Gets the people that work items can be assigned to.</summary>
    public HashSet<string> People { get; } = new(StringComparer.OrdinalIgnoreCase) { "anna@contoso.com" };

    /// <summary>True when the token has no scope for work items.</summary>
    public bool LacksScope { get; set; }

    /// <summary>True when the identity may not save work items under any area path.</summary>
    public bool DeniesSaving { get; set; }

    internal int NextId() => ++_lastId;
}

/// <summary>A type of work items: its states with their categories, and the fields that only it has.</summary>
public sealed record FakeWorkItemType(IReadOnlyList<(string Name, string Category)> States, IReadOnlyList<string> OwnFields)
{
    public IReadOnlyList<string> Fields =>
    [
        "System.Title", "System.State", "System.Reason", "System.Description", "System.Tags", "System.History", "System.AreaPath",
        "System.IterationPath", "System.AssignedTo", .. OwnFields,
    ];
}

/// <summary>A work item.</summary>
public sealed class FakeWorkItem(int id, string type)
{
    public int Id => id;

    public string Type { get; set; } = type;

    public int Rev { get; set; } = 1;

    public Dictionary<string, string> Fields { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the comments, the first one first.</summary>
    public List<string> Comments { get; } = [];

    public string State => Fields["System.State"];

    public string Title => Fields["System.Title"];

    internal JsonObject ToJson()
    {
        var fields = new JsonObject { ["System.WorkItemType"] = Type, ["System.TeamProject"] = "Shop" };
        foreach (var (name, value) in Fields)
            fields[name] = value;
        return new JsonObject { ["id"] = Id, ["rev"] = Rev, ["fields"] = fields, ["url"] = $"https://dev.azure.com/contoso/_apis/{Id}" };
    }
}

/// <summary>The documented requests for work items.</summary>
/// <seealso href="https://learn.microsoft.com/rest/api/azure/devops/wit/">Work item tracking</seealso>
internal sealed partial class BoardRoutes(FakeBoards boards, string? mediaType, IReadOnlyDictionary<string, string> query)
{
    private const string Json = "application/json";
    private const string JsonPatch = "application/json-patch+json";

    public JsonNode Query(JsonNode? node)
    {
        Takes(["$top?"]);
        RequireType(Json);
        var wiql = StrictBody.Text(StrictBody.RequireMembers(node, "Wiql", "query")["query"], "query");
        var match = OnlyQuery().Match(wiql);
        if (!match.Success)
            throw new RefusedRequestException(400, "SyntaxErrorException", $"TF51006: The query statement is missing a clause: {wiql}");
        var tag = match.Groups["tag"].Value.Replace("''", "'", StringComparison.Ordinal);
        var found = boards.Items
            .Where(item => Tags(item).Contains(tag, StringComparer.OrdinalIgnoreCase))
            .OrderByDescending(item => item.Id)
            .Take(int.Parse(query.GetValueOrDefault("$top", "20000")));
        return new JsonObject
        {
            ["queryType"] = "flat",
            ["queryResultType"] = "workItem",
            ["asOf"] = "2026-01-01T00:00:00Z",
            ["workItems"] = new JsonArray([.. found.Select(item => (JsonNode)new JsonObject { ["id"] = item.Id, ["url"] = "https://x" })]),
        };
    }

    public JsonNode List()
    {
        Takes(["ids", "errorPolicy?"]);
        var ids = query["ids"].Split(',').Select(int.Parse).ToList();
        if (ids.Count > 200)
            throw RefusedRequestException.Malformed("VS403474: You have requested too many work items.");
        var found = ids.Select(id => boards.Items.Find(item => item.Id == id)).OfType<FakeWorkItem>().ToList();
        if (found.Count < ids.Count && query.GetValueOrDefault("errorPolicy") != "omit")
            throw new RefusedRequestException(404, "WorkItemUnauthorizedAccessException", "TF401232: Work item does not exist.");
        return List(found.Select(item => (JsonNode)item.ToJson()));
    }

    public JsonNode States(string type)
    {
        Takes([]);
        return List(TypeOf(type).States.Select(state => (JsonNode)new JsonObject
        {
            ["name"] = state.Name, ["color"] = "b2b2b2", ["category"] = state.Category,
        }));
    }

    public JsonNode Fields(string type)
    {
        Takes(["$expand?"]);
        return List(TypeOf(type).Fields.Select(field => (JsonNode)new JsonObject
        {
            ["referenceName"] = field, ["name"] = field[(field.LastIndexOf('.') + 1)..], ["alwaysRequired"] = field == "System.Title",
        }));
    }

    public JsonNode Create(string type, JsonNode? node)
    {
        Takes(["validateOnly?", "bypassRules?", "suppressNotifications?"]);
        var known = TypeOf(type);
        var name = boards.Types.Keys.Single(name => name.Equals(type, StringComparison.OrdinalIgnoreCase));
        var item = new FakeWorkItem(boards.NextId(), name);
        item.Fields["System.State"] = known.States[0].Name;
        Apply(item, node, isNew: true);
        if (!item.Fields.TryGetValue("System.Title", out var title) || title.Length == 0)
            throw Rule("TF401320: Rule Error for field Title. Error code: Required, InvalidEmpty.");
        boards.Items.Add(item);
        return item.ToJson();
    }

    public JsonNode Change(string id, JsonNode? node)
    {
        Takes(["validateOnly?", "bypassRules?", "suppressNotifications?"]);
        var item = boards.Items.Find(item => item.Id.ToString() == id)
            ?? throw new RefusedRequestException(404, "WorkItemUnauthorizedAccessException", $"TF401232: Work item {id} does not exist.");
        Apply(item, node, isNew: false);
        item.Rev++;
        return item.ToJson();
    }

    // All operations, or none.
    private void Apply(FakeWorkItem item, JsonNode? node, bool isNew)
    {
        RequireType(JsonPatch);
        if (boards.DeniesSaving)
            throw new RefusedRequestException(
                403, "PermissionDeniedException",
                "TF237111: The current user does not have permissions to save work items under the specified area path.");
        if (node is not JsonArray operations || operations.Count == 0)
            throw RefusedRequestException.Malformed("You must pass a valid patch document in the body of the request.");
        var changes = operations.Select(operation => Check(item, operation, isNew)).OfType<(string Field, string Value)>().ToList();
        foreach (var (field, value) in changes)
        {
            if (field == "System.History")
                item.Comments.Add(value);
            else
                item.Fields[field] = value;
        }
    }

    private (string Field, string Value)? Check(FakeWorkItem item, JsonNode? node, bool isNew)
    {
        var operation = StrictBody.RequireMembers(node, "JsonPatchOperation", "op", "path", "value");
        var path = StrictBody.Text(operation["path"], "path");
        var op = StrictBody.Text(operation["op"], "op");
        if (op == "test" && path == "/rev" && !isNew)
            return StrictBody.Number(operation["value"], "value") == item.Rev ? null
                : throw new RefusedRequestException(412, "TestPatchOperationFailedException", "VS403351: Test Operation Failed.");
        if (op is not ("add" or "replace") || !path.StartsWith("/fields/", StringComparison.Ordinal))
            throw RefusedRequestException.Malformed($"The operation {op} of {path} is not supported");
        var field = path["/fields/".Length..];
        if (!TypeOf(item.Type).Fields.Contains(field))
            throw new RefusedRequestException(
                400, "WorkItemTrackingFieldDefinitionNotFoundException", $"TF51535: Cannot find field {field}.");
        var value = StrictBody.Text(operation["value"], "value");
        switch (field)
        {
            case "System.State" when TypeOf(item.Type).States.All(state => state.Name != value):
                throw Rule("TF401320: Rule Error for field State. Error code: HasValues, LimitedToValues, AllowsOldValue.");
            case "System.AreaPath" or "System.IterationPath" when !boards.Paths.Contains(value):
                throw Rule($"TF401347: Invalid tree name given for work item {item.Id}, field '{field}'.");
            case "System.AssignedTo" when !boards.People.Contains(value):
                throw Rule($"The identity value '{value}' for field 'Assigned To' is an unknown identity.");
            case "System.Title" when value.Length > 255:
                throw Rule("TF401320: Rule Error for field Title. Error code: InvalidTooLong.");
            default:
                return (field, value);
        }
    }

    private FakeWorkItemType TypeOf(string type) => boards.Types.GetValueOrDefault(type)
        ?? throw new RefusedRequestException(
            404, "WorkItemTypeNotFoundException",
            $"VS402323: Work item type {type} does not exist in project Shop or you do not have permission.");

    private static RefusedRequestException Rule(string message) => new(400, "RuleValidationException", message);

    private static string[] Tags(FakeWorkItem item) =>
        item.Fields.GetValueOrDefault("System.Tags", "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private void RequireType(string wanted)
    {
        if (mediaType?.Split(';')[0] != wanted)
            throw new RefusedRequestException(
                415, "VssRequestContentTypeNotSupportedException",
                $"TF400898: The request indicated a Content-Type of \"{mediaType}\", which is not supported; use {wanted}.");
    }

    private void Takes(IReadOnlyList<string> parameters)
    {
        if (boards.LacksScope)
            throw new RefusedRequestException(401, "UnauthorizedException", "TF400813: The token has no scope for this resource.");
        if (query.GetValueOrDefault("api-version") != "7.1")
            throw new RefusedRequestException(400, "VssVersionOutOfRangeException", "The version is out of range.");
        if (query.Keys.FirstOrDefault(key => key != "api-version" && !parameters.Any(name => name.TrimEnd('?') == key)) is { } unknown)
            throw RefusedRequestException.Malformed($"Unknown query parameter {unknown}");
        if (parameters.FirstOrDefault(name => !name.EndsWith('?') && !query.ContainsKey(name)) is { } missing)
            throw RefusedRequestException.Malformed($"No query parameter {missing}");
    }

    private static JsonObject List(IEnumerable<JsonNode> items)
    {
        var list = new JsonArray([.. items]);
        return new() { ["count"] = list.Count, ["value"] = list };
    }

    [GeneratedRegex(
        @"^SELECT \[System\.Id\] FROM WorkItems WHERE \[System\.TeamProject\] = @project "
            + @"AND \[System\.Tags\] CONTAINS '(?<tag>([^']|'')+)' ORDER BY \[System\.Id\] DESC$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex OnlyQuery();
}
