using System.Text.Json.Nodes;

namespace Gantry.Testing.AzureDevOps;

/// <summary>A project of the imitated service: its content and how it changes.</summary>
public sealed class FakeProject
{
    private int _lastId = 100;
    private int _ticks;

    public List<FakeEnvironment> Environments { get; } = [];

    public List<FakeIdentity> Identities { get; } = [];

    /// <summary>Gets the work items.</summary>
    public FakeBoards Boards { get; } = new();

    /// <summary>Gets the ids of service connections by name.</summary>
    public Dictionary<string, string> ServiceConnections { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets the ids of variable groups by name.</summary>
    public Dictionary<string, int> VariableGroups { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets the ids of git repositories, with those of their projects, by <c>Project/name</c>.</summary>
    public Dictionary<string, (string Project, string Id)> GitRepositories { get; } = new(StringComparer.OrdinalIgnoreCase);

    public List<FakePipeline> Pipelines { get; } = [];

    public List<FakeRun> Runs { get; } = [];

    /// <summary>Gets the stages of runs, each attempt by itself.</summary>
    public List<FakeStage> Stages { get; } = [];

    /// <summary>Returns the run with an id, when it is not among <see cref="Runs"/>.</summary>
    public Func<int, FakeRun?> OtherRuns { get; set; } = _ => null;

    /// <summary>Gets the permissions: <c>environment/7</c> with ids of pipelines; -1 for all.</summary>
    public Dictionary<string, HashSet<int>> Permissions { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the files of the repository by branch and path: <c>refs/heads/main:/shared.yml</c>.</summary>
    public Dictionary<string, string> Repository { get; } = new(StringComparer.Ordinal);

    public int NextId() => ++_lastId;

    /// <summary>Returns a time later than all before.</summary>
    public string Now() => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(++_ticks).ToString("yyyy-MM-ddTHH:mm:ssZ");

    public FakeIdentity AddGroup(string displayName) =>
        Add(new(Guid.NewGuid(), displayName, displayName[(displayName.LastIndexOf('\\') + 1)..], null, IsGroup: true));

    public FakeIdentity AddUser(string mail, string displayName) => Add(new(Guid.NewGuid(), displayName, mail, mail, IsGroup: false));

    public string AddServiceConnection(string name) => ServiceConnections[name] = Guid.NewGuid().ToString("D");

    public int AddVariableGroup(string name) => VariableGroups[name] = NextId();

    /// <summary>Adds a repository, and returns its id as a protected resource.</summary>
    public string AddGitRepository(string project, string name)
    {
        var found = GitRepositories.Values.Zip(GitRepositories.Keys)
            .FirstOrDefault(known => known.Second.StartsWith(project + "/", StringComparison.OrdinalIgnoreCase)).First.Project;
        var (ofProject, id) = GitRepositories[$"{project}/{name}"] = (found ?? Guid.NewGuid().ToString("D"), Guid.NewGuid().ToString("D"));
        return $"{ofProject}.{id}";
    }

    public FakePipeline AddPipeline(string name, string file, string repository = "https://dev.azure.com/contoso/Shop/_git/app")
    {
        var pipeline = new FakePipeline(NextId(), name, file, repository);
        Pipelines.Add(pipeline);
        return pipeline;
    }

    public FakeRun AddRun(int id, int definition = 7, string commit = "c0ffee", string requestedFor = "Anna")
    {
        var run = new FakeRun(id, definition, commit, requestedFor);
        Runs.Add(run);
        return run;
    }

    /// <summary>Adds a stage that deploys to an environment, and whose deployment is in progress.</summary>
    public FakeStage AddStage(int run, string name, FakeEnvironment environment, int attempt = 1)
    {
        var stage = new FakeStage(run, name, environment.Name, attempt);
        Stages.Add(stage);
        environment.Deployments.Add((run, false));
        return stage;
    }

    public FakeEnvironment AddEnvironment(string name, string description = "")
    {
        var environment = new FakeEnvironment(NextId(), name) { Description = description };
        Environments.Add(environment);
        return environment;
    }

    public FakeEnvironment Environment(string name) => Environments.Single(environment => environment.Name == name);

    /// <summary>Adds a check to an environment, as a person does on its page.</summary>
    public JsonObject AddCheck(FakeEnvironment environment, string type, string typeName, JsonObject settings, int timeout = 1440)
    {
        var check = new JsonObject
        {
            ["id"] = NextId(),
            ["version"] = 1,
            ["createdOn"] = Now(),
            ["modifiedOn"] = Now(),
            ["timeout"] = timeout,
            ["type"] = new JsonObject { ["id"] = type, ["name"] = typeName },
            ["resource"] = new JsonObject { ["type"] = "environment", ["id"] = environment.Id.ToString(), ["name"] = environment.Name },
            ["settings"] = settings,
        };
        environment.Checks.Add(check);
        return check;
    }

    public bool MayUse(string resource, int pipeline) =>
        Permissions.TryGetValue(resource, out var permitted) && (permitted.Contains(pipeline) || permitted.Contains(-1));

    private FakeIdentity Add(FakeIdentity identity)
    {
        Identities.Add(identity);
        return identity;
    }
}

public sealed record FakeEnvironment(int Id, string Name)
{
    public string Description { get; set; } = "";

    public List<JsonObject> Checks { get; } = [];

    /// <summary>Gets the deployments: the id of the run, and whether it has ended.</summary>
    public List<(int Run, bool IsFinished)> Deployments { get; } = [];
}

public sealed record FakeRun(int Id, int Definition, string Commit, string RequestedFor)
{
    public string Status { get; set; } = "inProgress";
}

public sealed record FakeIdentity(Guid Id, string DisplayName, string Account, string? Mail, bool IsGroup)
{
    public bool IsActive { get; init; } = true;

    public string Descriptor => (IsGroup ? "vssgp." : "aad.") + Id.ToString("N");
}

public sealed record FakePipeline(int Id, string Name, string File, string Repository)
{
    /// <summary>The committed content, which a preview without content returns.</summary>
    public string CommittedYaml { get; init; } = "stages:\n- stage: Committed\n";
}
