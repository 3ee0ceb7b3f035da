using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gantry.Testing.AzureDevOps;
using Microsoft.AspNetCore.Http;

namespace Gantry.Testing.GitHub;

/// <summary>
/// An imitation of GitHub's REST API on a loopback port, for runs, deployments and environments of one repository: it keeps its state,
/// answers in pages, and accepts only documented requests. It proves nothing about GitHub, only about the requests to it.
/// </summary>
/// <seealso href="https://docs.github.com/rest/deployments/environments">GitHub REST API, deployment environments</seealso>
public sealed partial class FakeGitHub : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private LoopbackServer _server = null!;
    private long _lastId = 100;

    private FakeGitHub()
    {
    }

    /// <summary>Gets the address of the API, without a slash at its end, as runners have it.</summary>
    public string Api => _server.Address.AbsoluteUri.TrimEnd('/');

    public string Repository => "contoso/shop";

    public string Token { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Gets the runs by id.</summary>
    public Dictionary<string, FakeRun> Runs { get; } = [];

    /// <summary>Gets the references of branches and tags: <c>refs/heads/main</c>.</summary>
    public HashSet<string> References { get; } = ["refs/heads/main"];

    public List<FakeDeployment> Deployments { get; } = [];

    /// <summary>Gets the environments, by name.</summary>
    public Dictionary<string, FakeEnvironment> Environments { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets the ids of users (<c>anna</c>) and teams (<c>contoso/qa</c>).</summary>
    public Dictionary<string, int> Accounts { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets the resources that the token may not use: <c>deployments</c>, <c>environments</c>, <c>git</c>.</summary>
    public HashSet<string> Denied { get; } = [];

    /// <summary>Gets every accepted request that changed something: <c>PUT environments/prod</c>.</summary>
    public ConcurrentQueue<string> Writes { get; } = new();

    /// <summary>Called before a request that changes something is carried out.</summary>
    public Action<string>? OnWriting { get; set; }

    /// <summary>Answers in place of GitHub; null lets it answer.</summary>
    public Func<ReceivedRequest, LoopbackResponse?> Intercept { get; set; } = _ => null;

    public static async Task<FakeGitHub> StartAsync()
    {
        var fake = new FakeGitHub();
        fake._server = await LoopbackServer.StartAsync((context, request) => fake.Answer(request).WriteAsync(context));
        return fake;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private LoopbackResponse Answer(ReceivedRequest request)
    {
        if (Intercept(request) is { } instead)
            return instead;
        lock (_lock)
        {
            try
            {
                return Route(request);
            }
            catch (RefusedRequestException refused)
            {
                return Refuse(StatusCodes.Status422UnprocessableEntity, refused.Message);
            }
        }
    }

    private LoopbackResponse Route(ReceivedRequest request)
    {
        if (request.Headers.GetValueOrDefault("Authorization") != $"Bearer {Token}")
            return Refuse(StatusCodes.Status401Unauthorized, "Bad credentials");
        if (!request.Headers.ContainsKey("User-Agent") || request.Headers.GetValueOrDefault("X-GitHub-Api-Version") != "2022-11-28"
            || request.Headers.GetValueOrDefault("Accept") != "application/vnd.github+json")
            return Refuse(StatusCodes.Status400BadRequest, "the headers are not those of the documentation");

        var uri = new Uri("http://fake" + request.Path);
        var query = QueryPart().Matches(uri.Query).ToDictionary(
            part => part.Groups["name"].Value, part => Uri.UnescapeDataString(part.Groups["value"].Value));
        string[] parts = [.. uri.AbsolutePath.Trim('/').Split('/').Select(Uri.UnescapeDataString)];
        return (request.Method, parts) switch
        {
            ("GET", ["users", var login]) => Account(login, new() { ["login"] = login, ["type"] = "User" }),
            ("GET", ["orgs", var owner, "teams", var slug]) => Account($"{owner}/{slug}", new() { ["slug"] = slug }),
            (var method, ["repos", var owner, var name, .. var rest]) when $"{owner}/{name}" == Repository => Denied.Contains(rest[0])
                ? Refuse(StatusCodes.Status403Forbidden, "Resource not accessible by integration")
                : Route(method, rest, query, request.Body),
            _ => NotFound(),
        };
    }

    private LoopbackResponse Route(string method, string[] parts, Dictionary<string, string> query, string body) =>
        (method, parts) switch
        {
            ("GET", ["actions", "runs", var id]) => Runs.TryGetValue(id, out var run) ? Json(run.ToJson(id, Repository)) : NotFound(),
            ("GET", ["actions", "runs", var id, "approvals"]) => Runs.TryGetValue(id, out var run)
                ? Json(new JsonArray([.. run.Reviews.Select(review => (JsonNode)review.ToJson())]))
                : NotFound(),
            ("GET", ["git", "ref", .. var reference]) => References.Contains($"refs/{string.Join('/', reference)}")
                ? Json(new JsonObject { ["ref"] = $"refs/{string.Join('/', reference)}" })
                : NotFound(),
            ("GET", ["deployments"]) => Json(Page(
                Deployments.Where(deployment => deployment.Environment == query["environment"]
                    && (!query.TryGetValue("sha", out var sha) || deployment.Commit == sha)).Reverse(),
                deployment => deployment.ToJson(), query)),
            ("GET", ["deployments", var id, "statuses"]) =>
                Deployments.Find(deployment => $"{deployment.Id}" == id) is { } found ? Json(found.StatesOf(Repository)) : NotFound(),
            ("GET", ["environments", var name]) => Environments.TryGetValue(name, out var found) ? Json(found.ToJson(name)) : NotFound(),
            ("PUT", ["environments", var name]) => Write($"PUT environments/{name}", () => Put(name, body)),
            ("GET", ["environments", var name, "deployment-branch-policies"]) when Environments.TryGetValue(name, out var found) => Json(
                new JsonObject
                {
                    ["total_count"] = found.Patterns.Count,
                    ["branch_policies"] = Page(found.Patterns, pattern => pattern.ToJson(), query),
                }),
            ("POST", ["environments", var name, "deployment-branch-policies"]) when Environments.TryGetValue(name, out var found) =>
                Write($"POST environments/{name}/deployment-branch-policies", () => AddPattern(found, body)),
            ("DELETE", ["environments", var name, "deployment-branch-policies", var id])
                when Environments.TryGetValue(name, out var found) => found.Patterns.Find(pattern => $"{pattern.Id}" == id) is { } pattern
                    ? Write($"DELETE environments/{name}/deployment-branch-policies/{pattern.Name}", () =>
                    {
                        found.Patterns.Remove(pattern);
                        return new(StatusCodes.Status204NoContent);
                    })
                    : NotFound(),
            _ => NotFound(),
        };

    private LoopbackResponse Put(string name, string text)
    {
        var body = StrictBody.RequireMembers(
            JsonNode.Parse(text), "environment", "wait_timer", "prevent_self_review", "reviewers?", "deployment_branch_policy?");
        var reviewers = body["reviewers"] as JsonArray ?? [];
        if (reviewers.Count > 6)
            throw RefusedRequestException.Malformed("reviewers has more than 6 items");
        var wait = StrictBody.Number(body["wait_timer"], "wait_timer");
        if (wait is < 0 or > 43_200)
            throw RefusedRequestException.Malformed("wait_timer is not between 0 and 43200");
        var environment = Environments.TryGetValue(name, out var found) ? found : Environments[name] = new();
        environment.WaitTimer = wait;
        environment.PreventSelfReview = StrictBody.Boolean(body["prevent_self_review"], "prevent_self_review");
        environment.Reviewers = [.. reviewers.Select(ReviewerOf)];
        environment.Policy = PolicyOf(body["deployment_branch_policy"]);
        if (environment.Policy != "custom")
            environment.Patterns.Clear();
        return Json(environment.ToJson(name));
    }

    private FakeReviewer ReviewerOf(JsonNode? node)
    {
        var body = StrictBody.RequireMembers(node, "reviewer", "type", "id");
        var type = StrictBody.Text(body["type"], "type");
        var id = StrictBody.Number(body["id"], "id");
        var name = Accounts.FirstOrDefault(account => account.Value == id && account.Key.Contains('/') == (type == "Team")).Key;
        return type is "User" or "Team" && name is not null
            ? new(type, name, id)
            : throw RefusedRequestException.Malformed("there is no such reviewer");
    }

    private static string? PolicyOf(JsonNode? node)
    {
        if (node is null)
            return null;
        var body = StrictBody.RequireMembers(node, "deployment_branch_policy", "protected_branches", "custom_branch_policies");
        var isProtected = StrictBody.Boolean(body["protected_branches"], "protected_branches");
        return isProtected == StrictBody.Boolean(body["custom_branch_policies"], "custom_branch_policies")
            ? throw RefusedRequestException.Malformed("protected_branches and custom_branch_policies cannot have the same value")
            : isProtected ? "protected" : "custom";
    }

    private LoopbackResponse AddPattern(FakeEnvironment environment, string text)
    {
        var body = StrictBody.RequireMembers(JsonNode.Parse(text), "policy", "name", "type?");
        if (environment.Policy != "custom")
            return NotFound();
        var type = body["type"] is { } given ? StrictBody.Text(given, "type") : "branch";
        if (type is not ("branch" or "tag"))
            throw RefusedRequestException.Malformed("type is neither branch nor tag");
        var name = StrictBody.Text(body["name"], "name");
        if (environment.Patterns.Exists(known => (known.Name, known.Type) == (name, type)))
            return new(StatusCodes.Status303SeeOther);
        var pattern = new FakePattern(++_lastId, name, type);
        environment.Patterns.Add(pattern);
        return Json(pattern.ToJson());
    }

    private LoopbackResponse Account(string name, JsonObject answer)
    {
        if (!Accounts.TryGetValue(name, out var id))
            return NotFound();
        answer["id"] = id;
        return Json(answer);
    }

    private LoopbackResponse Write(string what, Func<LoopbackResponse> write)
    {
        OnWriting?.Invoke(what);
        var answer = write();
        if (answer.Status < StatusCodes.Status300MultipleChoices)
            Writes.Enqueue(what);
        return answer;
    }

    private static JsonArray Page<T>(IEnumerable<T> items, Func<T, JsonNode> json, Dictionary<string, string> query)
    {
        var size = query.TryGetValue("per_page", out var given) ? int.Parse(given) : 30;
        var page = query.TryGetValue("page", out var number) ? int.Parse(number) : 1;
        return new([.. items.Skip((page - 1) * size).Take(Math.Min(size, 100)).Select(json)]);
    }

    private static LoopbackResponse Json(JsonNode node) => new(StatusCodes.Status200OK, node.ToJsonString());

    private static LoopbackResponse NotFound() => Refuse(StatusCodes.Status404NotFound, "Not Found");

    private static LoopbackResponse Refuse(int status, string message) =>
        new(status, new JsonObject { ["message"] = message, ["documentation_url"] = "https://docs.github.com/rest" }.ToJsonString());

    [GeneratedRegex("[?&](?<name>[^=&]+)=(?<value>[^&]*)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex QueryPart();
}
