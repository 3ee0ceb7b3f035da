using System.Text.Json.Nodes;

namespace Gantry.Testing.AzureDevOps;

/// <summary>The service's rules for bodies of checks.</summary>
/// <seealso href="https://learn.microsoft.com/rest/api/azure/devops/approvalsandchecks/check-configurations/add">
/// Check configurations, add
/// </seealso>
internal static class CheckRules
{
    private const string Approval = "8c6f20a7-a545-4486-9777-f762fafe0d4d";
    private const string Task = "fe1de3ee-a436-41b4-bb20-f6eb4cb879a7";
    private const string ExclusiveLock = "2ef31ad6-baa0-403a-8b45-2cbc9b4e5563";
    private const string RequiredTemplate = "4020e66e-b0f3-47e1-bc88-48f3cc59b5f3";
    private const string RestCall = "9c3e8943-130d-4c78-ac63-8af81df62dfb";
    private const string FunctionCall = "537fdb7a-a601-4537-aa70-92645a2b5ce4";

    private static readonly Dictionary<string, string> Types = new()
    {
        [Approval] = "Approval", [Task] = "Task Check", [ExclusiveLock] = "ExclusiveLock", [RequiredTemplate] = "ExtendsCheck",
    };

    private static readonly Dictionary<string, (string Name, string[] Inputs)> Tasks = new()
    {
        ["86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b"] =
            ("evaluatebranchProtection", ["allowedBranches", "ensureProtectionOfBranch", "allowUnknownStatusBranch"]),
        ["445fde2f-6c39-441c-807f-8a59ff2e075f"] = ("evaluateBusinessHours", ["businessDays", "timeZone", "startTime", "endTime"]),
        [RestCall] = (
            "InvokeRESTAPI",
            [
                "connectedServiceNameSelector", "connectedServiceName", "method", "headers", "body", "urlSuffix?", "waitForCompletion",
                "successCriteria?",
            ]),
        [FunctionCall] = ("AzureFunction", ["method", "function", "key", "headers", "body", "waitForCompletion", "successCriteria?"]),
        ["99a72e7f-25e4-4576-bf38-22a42b995ed8"] = ("AzureMonitor",
            ["connectedServiceNameARM", "ResourceGroupName", "filterType", "severity", "timeRange", "alertState", "monitorCondition"]),
        ["f1e4b0e6-017e-4819-8a48-ef19ae96e289"] = ("queryWorkItems", ["queryId", "maxThreshold", "minThreshold"]),
    };

    /// <summary>Returns the environment of a body, when the whole body is as documented.</summary>
    public static FakeEnvironment Check(FakeProject project, JsonNode? node)
    {
        var body = StrictBody.RequireMembers(node, "CheckConfiguration", "type", "timeout?", "resource", "settings", "isDisabled?");
        var type = StrictBody.RequireMembers(body["type"], "CheckType", "id", "name");
        var typeId = StrictBody.Text(type["id"], "type.id");
        if (!Types.TryGetValue(typeId, out var name) || StrictBody.Text(type["name"], "type.name") != name)
            throw RefusedRequestException.Malformed($"{typeId} is no type of checks, or has another name");
        if (body["isDisabled"] is { } disabled)
            StrictBody.Boolean(disabled, "isDisabled");
        var timeout = body["timeout"] is { } minutes ? StrictBody.Number(minutes, "timeout") : 43200;
        if (timeout is < 1 or > 43200)
            throw RefusedRequestException.Malformed("The timeout is not between 1 and 43200 minutes");

        var resource = StrictBody.RequireMembers(body["resource"], "Resource", "type", "id", "name");
        if (StrictBody.Text(resource["type"], "resource.type") != "environment")
            throw RefusedRequestException.Malformed("resource.type");
        var environment =
            project.Environments.Find(environment => environment.Id.ToString() == StrictBody.Text(resource["id"], "resource.id"))
            ?? throw new RefusedRequestException(
                404,
                "EnvironmentNotFoundException",
                $"Environment with ID {resource["id"]} does not exist");
        if (environment.Name != StrictBody.Text(resource["name"], "resource.name"))
            throw RefusedRequestException.Malformed("resource.name is that of another environment");

        CheckSettings(project, typeId, body["settings"], timeout);
        return environment;
    }

    private static void CheckSettings(FakeProject project, string type, JsonNode? settings, int timeout)
    {
        switch (type)
        {
            case Approval:
                CheckApproval(project, settings);
                break;
            case Task:
                CheckTask(project, settings, timeout);
                break;
            case ExclusiveLock:
                StrictBody.RequireMembers(settings, "ExclusiveLock");
                break;
            default:
                foreach (var template in StrictBody.RequireMembers(settings, "ExtendsCheck", "extendsChecks")["extendsChecks"]!.AsArray())
                    StrictBody.RequireMembers(
                        template, "ExtendsCheck", "repositoryType", "repositoryName", "repositoryRef", "templatePath");
                break;
        }
    }

    private static void CheckApproval(FakeProject project, JsonNode? node)
    {
        var settings = StrictBody.RequireMembers(
            node, "ApprovalConfigSettings", "approvers", "executionOrder", "minRequiredApprovers", "requesterCannotBeApprover",
            "instructions", "blockedApprovers", "definitionRef");
        var approvers = settings["approvers"]!.AsArray()
            .Select(approver => StrictBody.Text(StrictBody.RequireMembers(approver, "IdentityRef", "id")["id"], "approver.id"))
            .ToList();
        if (approvers.Find(approver => !project.Identities.Any(identity => identity.Id.ToString("D") == approver)) is { } stranger)
            throw RefusedRequestException.Malformed($"Identity {stranger} does not exist");
        if (approvers.Count == 0 || approvers.Distinct().Count() != approvers.Count)
            throw RefusedRequestException.Malformed("Approvers are none or the same");
        var minimum = StrictBody.Number(settings["minRequiredApprovers"], "minRequiredApprovers");
        if (minimum < 0 || minimum > approvers.Count)
            throw RefusedRequestException.Malformed("More approvals than approvers");
        if (StrictBody.Text(settings["executionOrder"], "executionOrder") is not ("anyOrder" or "inSequence"))
            throw RefusedRequestException.Malformed("executionOrder");
        StrictBody.Boolean(settings["requesterCannotBeApprover"], "requesterCannotBeApprover");
        if (StrictBody.Text(StrictBody.RequireMembers(settings["definitionRef"], "DefinitionReference", "id")["id"], "definitionRef.id")
            != "26014962-64a0-49f4-885b-4b874119a5cc")
            throw RefusedRequestException.Malformed("definitionRef.id");
    }

    private static void CheckTask(FakeProject project, JsonNode? node, int timeout)
    {
        var settings = StrictBody.RequireMembers(
            node, "TaskCheckConfig", "displayName", "definitionRef", "inputs", "retryInterval", "linkedVariableGroup?");
        var definition = StrictBody.RequireMembers(settings["definitionRef"], "TaskCheckDefinitionReference", "id", "name", "version");
        var id = StrictBody.Text(definition["id"], "definitionRef.id");
        if (!Tasks.TryGetValue(id, out var task) || StrictBody.Text(definition["name"], "definitionRef.name") != task.Name)
            throw RefusedRequestException.Malformed($"{id} is no task of a check, or has another name");

        var inputs = StrictBody.RequireMembers(settings["inputs"], task.Name, task.Inputs);
        foreach (var input in inputs)
            StrictBody.Text(input.Value, input.Key);
        if ((inputs["connectedServiceName"] ?? inputs["connectedServiceNameARM"]) is { } connection
            && !project.ServiceConnections.ContainsValue((string)connection!))
            throw RefusedRequestException.Malformed($"Service connection {connection} does not exist");
        var retry = StrictBody.Number(settings["retryInterval"], "retryInterval");
        if (id is RestCall or FunctionCall && retry != 0 && retry < timeout / 10)
            throw RefusedRequestException.Malformed("retryInterval");
        if (settings["linkedVariableGroup"] is { } group && !project.VariableGroups.ContainsKey((string)group!))
            throw RefusedRequestException.Malformed($"Variable group {group} does not exist");
    }

    /// <summary>True when an environment has at most one check of the type.</summary>
    public static bool IsSingle(JsonObject check) => (string?)check["type"]!["id"] == ExclusiveLock;

    /// <summary>Returns the settings as in an answer: people with their names.</summary>
    public static JsonObject Answered(FakeProject project, JsonObject settings)
    {
        var answered = settings.DeepClone().AsObject();
        foreach (var person in answered["approvers"]?.AsArray() ?? [])
        {
            var identity = project.Identities.Find(identity => identity.Id.ToString("D") == (string?)person!["id"]);
            person!["displayName"] = identity?.DisplayName;
            person["uniqueName"] = identity?.Mail ?? identity?.DisplayName;
            person["descriptor"] = identity?.Descriptor;
        }

        return answered;
    }
}
