using System.Text.Json.Nodes;

namespace Gantry.Testing.GitHub;

/// <summary>A run of a workflow.</summary>
/// <param name="Commit">The commit.</param>
public sealed record FakeRun(string Commit)
{
    public string Status { get; init; } = "in_progress";

    public string Branch { get; init; } = "main";

    public string Path { get; init; } = ".github/workflows/build.yml";

    public string Actor { get; init; } = "anna";

    public int Attempt { get; init; } = 1;

    /// <summary>Gets the answers of reviewers.</summary>
    public List<FakeReview> Reviews { get; } = [];

    internal JsonObject ToJson(string id, string repository) => new()
    {
        ["id"] = long.Parse(id),
        ["status"] = Status,
        ["head_sha"] = Commit,
        ["head_branch"] = Branch,
        ["path"] = Path,
        ["html_url"] = $"https://github.com/{repository}/actions/runs/{id}",
        ["run_attempt"] = Attempt,
        ["triggering_actor"] = new JsonObject { ["login"] = Actor },
    };
}

/// <summary>The answer of a reviewer to a run.</summary>
public sealed record FakeReview(string Login, string Comment, string State, params string[] Environments)
{
    internal JsonObject ToJson() => new()
    {
        ["state"] = State,
        ["comment"] = Comment,
        ["environments"] = new JsonArray([.. Environments.Select(name => (JsonNode)new JsonObject { ["id"] = 1, ["name"] = name })]),
        ["user"] = new JsonObject { ["login"] = Login, ["id"] = 7, ["type"] = "User" },
    };
}

/// <summary>A deployment to an environment by a run, with its states: the newest one last.</summary>
public sealed record FakeDeployment(long Id, string Environment, string Commit, string Run, params string[] States)
{
    internal JsonObject ToJson() => new() { ["id"] = Id, ["environment"] = Environment, ["sha"] = Commit };

    internal JsonArray StatesOf(string repository) => new([.. States.Reverse().Select(state => new JsonObject
    {
        ["state"] = state,
        ["log_url"] = state == "waiting" ? "" : $"https://github.com/{repository}/actions/runs/{Run}/job/7",
        ["target_url"] = "",
    })]);
}

/// <summary>An environment with its protection.</summary>
public sealed class FakeEnvironment
{
    public int WaitTimer { get; set; }

    public bool PreventSelfReview { get; set; }

    /// <summary>Gets the required reviewers.</summary>
    public IReadOnlyList<FakeReviewer> Reviewers { get; set; } = [];

    /// <summary>The policy for branches: <c>protected</c>, <c>custom</c>, or null for none.</summary>
    public string? Policy { get; set; }

    public List<FakePattern> Patterns { get; } = [];

    internal JsonObject ToJson(string name)
    {
        var rules = new JsonArray();
        if (WaitTimer > 0)
            rules.Add(new JsonObject { ["id"] = 1, ["type"] = "wait_timer", ["wait_timer"] = WaitTimer });
        if (Reviewers.Count > 0)
            rules.Add(new JsonObject
            {
                ["id"] = 2,
                ["type"] = "required_reviewers",
                ["prevent_self_review"] = PreventSelfReview,
                ["reviewers"] = new JsonArray([.. Reviewers.Select(reviewer => new JsonObject
                {
                    ["type"] = reviewer.Type,
                    ["reviewer"] = reviewer.Type == "User"
                        ? new JsonObject { ["id"] = reviewer.Id, ["login"] = reviewer.Name }
                        : new JsonObject { ["id"] = reviewer.Id, ["slug"] = reviewer.Name.Split('/')[1] },
                })]),
            });
        if (Policy is not null)
            rules.Add(new JsonObject { ["id"] = 3, ["type"] = "branch_policy" });
        return new()
        {
            ["id"] = 56780428,
            ["name"] = name,
            ["protection_rules"] = rules,
            ["deployment_branch_policy"] = Policy is null ? null : new JsonObject
            {
                ["protected_branches"] = Policy == "protected",
                ["custom_branch_policies"] = Policy == "custom",
            },
        };
    }
}

/// <summary>A pattern for branches or tags that may deploy.</summary>
public sealed record FakePattern(long Id, string Name, string Type)
{
    internal JsonObject ToJson() => new() { ["id"] = Id, ["name"] = Name, ["type"] = Type };
}

/// <summary>A required reviewer: <c>new("Team", "contoso/qa", 7)</c>.</summary>
public sealed record FakeReviewer(string Type, string Name, int Id);
