using System.Text.Json.Nodes;

namespace Gantry.Testing.AzureDevOps;

/// <summary>An attempt of a stage of a run, with the approvals that it waited for.</summary>
public sealed record FakeStage(int Run, string Name, string Environment, int Attempt = 1)
{
    public Guid Id { get; } = Guid.NewGuid();

    public Guid CheckpointId { get; } = Guid.NewGuid();

    public List<FakeApproval> Approvals { get; } = [];

    /// <summary>Adds an approval of a resource of the stage: <c>environment</c> and its id.</summary>
    public FakeApproval AddApproval(string type, int resource, params FakeApprovalStep[] steps)
    {
        var approval = new FakeApproval(type, resource, steps);
        Approvals.Add(approval);
        return approval;
    }

    // The jobs of the stage are there, too.
    internal IEnumerable<JsonNode> Records()
    {
        yield return Record(Id, parent: null, "Stage", Name);
        yield return Record(CheckpointId, Id, "Checkpoint", null);
        yield return Record(Guid.NewGuid(), CheckpointId, "Checkpoint.Authorization", null);
        foreach (var approval in Approvals)
            yield return Record(approval.Id, CheckpointId, "Checkpoint.Approval", null);
        yield return Record(Guid.NewGuid(), Id, "Phase", "Promote");
    }

    internal JsonObject Suite() => new()
    {
        ["id"] = CheckpointId.ToString("D"),
        ["status"] = "approved",
        ["checkRuns"] = new JsonArray([
            Check(Guid.NewGuid(), "e1a1fc6c-c278-4492-ae1c-c42f8697612c", "queue", 1),
            .. Approvals.Select(approval => Check(approval.Id, "8C6F20A7-A545-4486-9777-F762FAFE0D4D", approval.Type, approval.Resource))]),
    };

    private JsonObject Record(Guid id, Guid? parent, string type, string? identifier) => new()
    {
        ["id"] = id.ToString("D"),
        ["parentId"] = parent?.ToString("D"),
        ["type"] = type,
        ["name"] = identifier ?? type,
        ["identifier"] = identifier,
        ["attempt"] = Attempt,
        ["state"] = "completed",
    };

    private static JsonObject Check(Guid id, string type, string resource, int resourceId) => new()
    {
        ["id"] = id.ToString("D"),
        ["status"] = "approved",
        ["checkConfigurationRef"] = new JsonObject
        {
            ["id"] = 15,
            ["type"] = new JsonObject { ["id"] = type },
            ["resource"] = new JsonObject { ["type"] = resource, ["id"] = $"{resourceId}" },
        },
    };
}

/// <summary>An approval of a resource, with the answers of those who were asked.</summary>
public sealed record FakeApproval(string Type, int Resource, IReadOnlyList<FakeApprovalStep> Steps)
{
    public Guid Id { get; } = Guid.NewGuid();

    public string Status { get; set; } = "approved";

    internal JsonObject ToJson(int run) => new()
    {
        ["id"] = Id.ToString("D"),
        ["status"] = Status,
        ["createdOn"] = "2026-01-01T00:00:00Z",
        ["minRequiredApprovers"] = 1,
        ["steps"] = new JsonArray([.. Steps.Select(step => step.ToJson())]),
        ["pipeline"] = new JsonObject { ["id"] = "7", ["owner"] = new JsonObject { ["id"] = run, ["name"] = $"20260101.{run}" } },
    };
}

/// <summary>The answer of one person or group.</summary>
public sealed record FakeApprovalStep(string Asked, string? Actual, string Comment = "", string Status = "approved")
{
    public string At { get; init; } = "2026-01-02T03:04:05.678Z";

    internal JsonObject ToJson() => new()
    {
        ["assignedApprover"] = Identity(Asked),
        ["actualApprover"] = Actual is null ? null : Identity(Actual),
        ["status"] = Status,
        ["comment"] = Comment,
        ["lastModifiedOn"] = At,
    };

    private static JsonObject Identity(string name) => new() { ["displayName"] = name, ["id"] = "id of " + name };
}
