using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Gantry.Testing.AzureDevOps;

/// <summary>The documented requests for the resources of a project.</summary>
internal sealed class ProjectRoutes(FakeProject project, HttpContext context, int pageSize)
{
    public JsonNode Environments()
    {
        Takes("7.1-preview.1", "name?", "continuationToken?", "$top?");
        return Page(project.Environments, environment => Answered(environment, withResources: false));
    }

    public JsonNode CreateEnvironment(JsonNode? node)
    {
        Takes("7.1-preview.1");
        var body = StrictBody.RequireMembers(node, "EnvironmentCreateParameter", "name", "description?");
        var name = StrictBody.Text(body["name"], "name");
        if (project.Environments.Any(environment => environment.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            throw new RefusedRequestException(409, "EnvironmentExistsException", $"Environment {name} already exists.");
        return Answered(project.AddEnvironment(name, (string?)body["description"] ?? ""), withResources: true);
    }

    public JsonNode ChangeEnvironment(string id, JsonNode? node)
    {
        Takes("7.1-preview.1");
        var body = StrictBody.RequireMembers(node, "EnvironmentUpdateParameter", "name?", "description?");
        var environment = Find(id);
        if (body["name"] is { } name && (string?)name != environment.Name)
            throw RefusedRequestException.Malformed("nobody meant to rename it");
        environment.Description = (string?)body["description"] ?? environment.Description;
        return Answered(environment, withResources: true);
    }

    public JsonNode? DeleteEnvironment(string id)
    {
        Takes("7.1-preview.1");
        project.Environments.Remove(Find(id));
        project.Permissions.Remove($"environment/{id}");
        return null;
    }

    public JsonNode Checks()
    {
        var query = Takes("7.1-preview.1", "resourceType", "resourceId", "$expand?");
        if (query["resourceType"] != "environment")
            throw RefusedRequestException.Malformed("resourceType");
        var isExpanded = query.GetValueOrDefault("$expand") == "settings";
        return List(Find(query["resourceId"]).Checks.Select(check => Answered(check, isExpanded)));
    }

    public JsonNode CreateCheck(JsonNode? node)
    {
        Takes("7.1-preview.1");
        var environment = CheckRules.Check(project, node);
        var body = node!.AsObject();
        if (CheckRules.IsSingle(body) && environment.Checks.Any(CheckRules.IsSingle))
            throw RefusedRequestException.Malformed("The resource has a check of this type already.");
        var type = body["type"]!;
        var check = project.AddCheck(
            environment, (string)type["id"]!, (string)type["name"]!, body["settings"]!.DeepClone().AsObject(),
            (int?)body["timeout"] ?? 43200);
        return Answered(check, isExpanded: true);
    }

    public JsonNode ChangeCheck(string id, JsonNode? node)
    {
        Takes("7.1-preview.1");
        var environment = CheckRules.Check(project, node);
        var check = environment.Checks.Find(check => check["id"]!.ToString() == id)
            ?? throw new RefusedRequestException(404, "CheckConfigurationNotFoundException", $"Check configuration {id} does not exist.");
        var body = node!.AsObject();
        if ((string?)check["type"]!["id"] != (string?)body["type"]!["id"])
            throw RefusedRequestException.Malformed("A check keeps its type.");
        check["settings"] = body["settings"]!.DeepClone();
        check["timeout"] = (int?)body["timeout"] ?? (int)check["timeout"]!;
        if (body["isDisabled"] is { } disabled)
            check["isDisabled"] = (bool)disabled;
        check["version"] = (int)check["version"]! + 1;
        check["modifiedOn"] = project.Now();
        return Answered(check, isExpanded: true);
    }

    public JsonNode? DeleteCheck(string id)
    {
        Takes("7.1-preview.1");
        var environment = project.Environments.Find(environment => environment.Checks.Any(check => check["id"]!.ToString() == id))
            ?? throw new RefusedRequestException(404, "CheckConfigurationNotFoundException", $"Check configuration {id} does not exist.");
        environment.Checks.RemoveAll(check => check["id"]!.ToString() == id);
        return null;
    }

    public JsonNode Permissions(string type, string id)
    {
        Takes("7.1-preview.1");
        var permitted = project.Permissions.GetValueOrDefault(Protected(type, id)) ?? [];
        var answer = new JsonObject
        {
            ["resource"] = new JsonObject { ["type"] = type, ["id"] = id },
            ["pipelines"] = new JsonArray([.. permitted.Where(pipeline => pipeline > 0).Select(pipeline =>
                (JsonNode)new JsonObject { ["id"] = pipeline, ["authorized"] = true, ["authorizedOn"] = "2026-01-01T00:00:00Z" })]),
        };
        if (permitted.Contains(-1))
            answer["allPipelines"] = new JsonObject { ["authorized"] = true, ["authorizedOn"] = "2026-01-01T00:00:00Z" };
        return answer;
    }

    public JsonNode Permit(string type, string id, JsonNode? node)
    {
        var resource = Protected(type, id);
        // 'allPipelines' is documented, and no request here may ever send it.
        foreach (var pipeline in StrictBody.RequireMembers(node, "ResourcePipelinePermissions", "pipelines")["pipelines"]!.AsArray())
        {
            var body = StrictBody.RequireMembers(pipeline, "PipelinePermission", "id", "authorized");
            var number = StrictBody.Number(body["id"], "id");
            if (!project.Pipelines.Any(known => known.Id == number))
                throw RefusedRequestException.Malformed($"Pipeline {number} does not exist");
            var permitted = project.Permissions.TryGetValue(resource, out var set) ? set : project.Permissions[resource] = [];
            _ = StrictBody.Boolean(body["authorized"], "authorized") ? permitted.Add(number) : permitted.Remove(number);
        }

        return Permissions(type, id);
    }

    public JsonNode Identities()
    {
        var query = Takes("7.1", "searchFilter?", "filterValue?", "identityIds?", "subjectDescriptors?", "queryMembership?");
        IReadOnlyList<FakeIdentity?> found;
        if (query.TryGetValue("identityIds", out var id))
            found = [project.Identities.Find(identity => identity.Id.ToString("D") == id)];
        else if (query.TryGetValue("subjectDescriptors", out var descriptor))
            found = [project.Identities.Find(identity => identity.Descriptor == descriptor)];
        else if (query.GetValueOrDefault("searchFilter") == "General" && query.TryGetValue("filterValue", out var text))
            found = [.. project.Identities.Where(identity => Matches(identity, text))];
        else
            throw RefusedRequestException.Malformed("nothing to search for");

        return List(found.Select(identity => identity is null ? null : (JsonNode)new JsonObject
        {
            ["id"] = identity.Id.ToString("D"),
            ["subjectDescriptor"] = identity.Descriptor,
            ["providerDisplayName"] = identity.DisplayName,
            ["isActive"] = identity.IsActive,
            ["isContainer"] = identity.IsGroup,
            ["members"] = new JsonArray(),
            ["properties"] = new JsonObject
            {
                ["Account"] = new JsonObject { ["$type"] = "System.String", ["$value"] = identity.Account },
                ["Mail"] = new JsonObject { ["$type"] = "System.String", ["$value"] = identity.Mail ?? "" },
            },
        }));
    }

    public JsonNode ServiceConnections()
    {
        var query = Takes("7.1", "endpointNames");
        return List(query["endpointNames"].Split(',').Where(project.ServiceConnections.ContainsKey).Select(name => (JsonNode)new JsonObject
        {
            ["id"] = project.ServiceConnections[name],
            ["name"] = project.ServiceConnections.Keys.First(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)),
            ["type"] = "azurerm",
            ["isReady"] = true,
        }));
    }

    public JsonNode GitRepository(string ofProject, string name)
    {
        Takes("7.1");
        if (!project.GitRepositories.TryGetValue($"{ofProject}/{name}", out var found))
            throw new RefusedRequestException(
                404,
                "GitRepositoryNotFoundException",
                $"TF401019: The Git repository with name or identifier {name} does not exist or you do not have permissions for the "
                    + "operation you are attempting.");
        return new JsonObject
        {
            ["id"] = found.Id,
            ["name"] = name,
            ["project"] = new JsonObject { ["id"] = found.Project, ["name"] = ofProject },
            ["isDisabled"] = false,
        };
    }

    public JsonNode VariableGroups()
    {
        var query = Takes("7.1-preview.2", "groupName");
        return List(
            project.VariableGroups.Where(group => group.Key.Equals(query["groupName"], StringComparison.OrdinalIgnoreCase)).Select(group =>
                (JsonNode)new JsonObject
                {
                    ["id"] = group.Value,
                    ["name"] = group.Key,
                    ["type"] = "Vsts",
                    ["variables"] = new JsonObject(),
                }));
    }

    public JsonNode Pipelines()
    {
        var query = Takes("7.1", "yamlFilename", "includeAllProperties", "continuationToken?");
        if (query["includeAllProperties"] != "true")
            throw RefusedRequestException.Malformed("yamlFilename needs includeAllProperties");
        return Page([.. project.Pipelines.Where(pipeline => pipeline.File == query["yamlFilename"])], pipeline => new JsonObject
        {
            ["id"] = pipeline.Id,
            ["name"] = pipeline.Name,
            ["path"] = @"\",
            ["process"] = new JsonObject { ["yamlFilename"] = pipeline.File, ["type"] = 2 },
            ["repository"] = new JsonObject { ["id"] = "x", ["type"] = "TfsGit", ["name"] = "app", ["url"] = pipeline.Repository },
        });
    }

    public JsonNode Run(string id)
    {
        Takes("7.1");
        var run = project.Runs.Find(run => run.Id.ToString() == id)
            ?? project.OtherRuns(int.Parse(id))
            ?? throw new RefusedRequestException(404, "BuildNotFoundException", $"The requested build {id} could not be found.");
        return new JsonObject
        {
            ["id"] = run.Id,
            ["status"] = run.Status,
            ["definition"] = new JsonObject { ["id"] = run.Definition, ["name"] = "shop" },
            ["sourceVersion"] = run.Commit,
            ["sourceBranch"] = "refs/heads/main",
            ["requestedFor"] = new JsonObject { ["displayName"] = run.RequestedFor },
        };
    }

    public JsonNode Deployments(string id)
    {
        Takes("7.1-preview.1", "top?", "continuationToken?");
        var environment = Find(id);

        // The deployments in progress are those of the last stages that deploy to the environment.
        var stages = project.Stages.Where(stage => stage.Environment == environment.Name).ToList();
        var running = new Queue<FakeStage>(stages.TakeLast(environment.Deployments.Count(deployment => !deployment.IsFinished)));
        return List(environment.Deployments.Select(deployment => (deployment, Stage: Next(deployment))).Select(next => Answered(
            next.deployment, next.Stage)));

        FakeStage? Next((int Run, bool IsFinished) deployment) =>
            !deployment.IsFinished && running.TryPeek(out var stage) && stage.Run == deployment.Run ? running.Dequeue() : null;

        JsonNode Answered((int Run, bool IsFinished) deployment, FakeStage? stage) => new JsonObject
        {
            ["environmentId"] = int.Parse(id),
            ["stageName"] = stage?.Name,
            ["stageAttempt"] = stage?.Attempt ?? 1,
            ["owner"] = new JsonObject { ["id"] = deployment.Run, ["name"] = $"20260101.{deployment.Run}" },
            ["startTime"] = "2026-01-01T00:00:00Z",
            ["finishTime"] = deployment.IsFinished ? "2026-01-01T00:10:00Z" : null,
        };
    }

    public JsonNode Timeline(string run)
    {
        Takes("7.1");
        return new JsonObject
        {
            ["records"] = new JsonArray([.. project.Stages.Where(stage => $"{stage.Run}" == run).SelectMany(stage => stage.Records())]),
        };
    }

    public JsonNode CheckRuns(string id)
    {
        if (Takes("7.1-preview.1", "$expand")["$expand"] != "resources")
            throw RefusedRequestException.Malformed("$expand");
        return project.Stages.Find(stage => stage.CheckpointId.ToString("D") == id)?.Suite()
            ?? throw new RefusedRequestException(404, "CheckSuiteNotFoundException", $"Check suite {id} does not exist.");
    }

    public JsonNode Approvals()
    {
        var query = Takes("7.1-preview.1", "approvalIds", "$expand", "top", "continuationToken?");
        if (query["$expand"] != "steps")
            throw RefusedRequestException.Malformed("$expand");
        var ids = query["approvalIds"].Split(',');
        var found = project.Stages
            .SelectMany(stage => stage.Approvals.Select(approval => (stage.Run, Approval: approval)))
            .Where(found => ids.Contains(found.Approval.Id.ToString("D")))
            .Take(int.Parse(query["top"]))
            .ToList();
        return Page(found, item => item.Approval.ToJson(item.Run));
    }

    public JsonNode Preview(string id, JsonNode? node, IReadOnlyList<string> faults)
    {
        Takes("7.1");
        return FakePreview.Answer(project, int.Parse(id), node, faults);
    }

    // The search matches the beginning of names; the caller must find the exact match.
    private static bool Matches(FakeIdentity identity, string text) =>
        identity.DisplayName.StartsWith(text, StringComparison.OrdinalIgnoreCase)
        || identity.Account.StartsWith(text, StringComparison.OrdinalIgnoreCase)
        || identity.Mail?.Equals(text, StringComparison.OrdinalIgnoreCase) == true;

    private string Protected(string type, string id) => type switch
    {
        "environment" when project.Environments.Any(environment => environment.Id.ToString() == id) => $"{type}/{id}",
        "endpoint" when project.ServiceConnections.ContainsValue(id) => $"{type}/{id}",
        "variablegroup" when project.VariableGroups.ContainsValue(int.TryParse(id, out var number) ? number : -1) => $"{type}/{id}",
        "repository" when project.GitRepositories.Values.Any(found => $"{found.Project}.{found.Id}" == id) => $"{type}/{id}",
        _ => throw new RefusedRequestException(404, "ResourceNotFoundException", $"The resource {type} {id} doesn't exist."),
    };

    private FakeEnvironment Find(string id) => project.Environments.Find(environment => environment.Id.ToString() == id)
        ?? throw new RefusedRequestException(404, "EnvironmentNotFoundException", $"Environment with ID {id} does not exist");

    private static JsonObject Answered(FakeEnvironment environment, bool withResources)
    {
        var answer = new JsonObject
        {
            ["id"] = environment.Id,
            ["name"] = environment.Name,
            ["description"] = environment.Description,
            ["createdOn"] = "2026-01-01T00:00:00Z",
            ["project"] = new JsonObject { ["id"] = "6ce954b1-ce1f-45d1-b94d-e6bf2464ba2c" },
        };
        if (withResources)
            answer["resources"] = new JsonArray();
        return answer;
    }

    private JsonObject Answered(JsonObject check, bool isExpanded)
    {
        var answer = check.DeepClone().AsObject();
        if (isExpanded)
            answer["settings"] = CheckRules.Answered(project, check["settings"]!.AsObject());
        else
            answer.Remove("settings");
        answer["url"] = $"https://dev.azure.com/contoso/_apis/pipelines/checks/configurations/{answer["id"]}";
        return answer;
    }

    private JsonObject Page<T>(List<T> all, Func<T, JsonNode> answer)
    {
        var start = int.TryParse(context.Request.Query["continuationToken"], out var token) ? token : 0;
        if (start + pageSize < all.Count)
            context.Response.Headers["x-ms-continuationtoken"] = (start + pageSize).ToString();
        return List(all.Skip(start).Take(pageSize).Select(answer));
    }

    private static JsonObject List(IEnumerable<JsonNode?> items)
    {
        var list = new JsonArray([.. items]);
        return new() { ["count"] = list.Count, ["value"] = list };
    }

    // The query, when it has exactly the documented parameters.
    private Dictionary<string, string> Takes(string version, params string[] parameters)
    {
        var query = context.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        if (query.GetValueOrDefault("api-version") != version)
            throw new RefusedRequestException(
                400,
                "VssVersionOutOfRangeException",
                $"The requested version \"{query.GetValueOrDefault("api-version")}\" of the resource is out of range; {version} is not.");
        if (query.Keys.FirstOrDefault(key =>
            key != "api-version" && !parameters.Any(parameter => parameter.TrimEnd('?') == key)) is { } unknown)
            throw RefusedRequestException.Malformed($"Unknown query parameter {unknown}");
        if (parameters.FirstOrDefault(parameter => !parameter.EndsWith('?') && !query.ContainsKey(parameter)) is { } missing)
            throw RefusedRequestException.Malformed($"No query parameter {missing}");
        return query;
    }
}
