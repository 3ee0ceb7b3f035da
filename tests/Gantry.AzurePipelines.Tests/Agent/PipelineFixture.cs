using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.Tests.Generation;
using Gantry.PipelineAgent;
using Gantry.Testing.Jobs;

namespace Gantry.AzurePipelines.Tests.Agent;

/// <summary>
/// A repository on disk with generated pipelines and a build of a few lines with the contract of the real one: targets and parameters on
/// the command line, registries in variables, the release record in a file, outputs by logging commands.
/// </summary>
internal sealed class PipelineFixture : IDisposable
{
    private const string BuildScript = """
        set -eu
        registry() { printenv "$1" || printenv "$(echo "$1" | tr '[:lower:]' '[:upper:]')"; }
        base=$(registry BaseRegistry || echo none)
        targets=""; skip=false; region=""; slice=""
        while [ $# -gt 0 ]; do
          case $1 in
            --skip) skip=true ;;
            --base-registry) base=$2; shift ;;
            --region) region=$2; shift ;;
            --slice) slice=$2; shift ;;
            --wave) region="wave $2"; shift ;;
            --environment) held=$2; shift ;;
            --*) echo "unknown parameter $1"; exit 2 ;;
            *) targets="$targets $1" ;;
          esac
          shift
        done
        echo "$STORY:$targets skip=$skip base=$base back=${GoBack-} region=$region az=${AZURESUBSCRIPTION_SERVICE_CONNECTION_ID-} token=${SYSTEM_ACCESSTOKEN:+yes} key=${ApiKey:+yes}" >> "$STORY_FILE"
        for target in $targets; do
          case $target in
            PublishImages) git describe --tags --always; mkdir -p artifacts/app; git rev-list --count HEAD > artifacts/app/version ;;
            Test)
              mkdir -p artifacts/test-results
              echo '<TestRun><ResultSummary><Counters failed="0"/></ResultSummary></TestRun>' > artifacts/test-results/app.trx ;;
            BuildImage) mkdir -p artifacts/images; cp artifacts/app/version artifacts/images/app ;;
            PushBase)
              version=1.0.$(cat artifacts/images/app)
              echo "$version" > artifacts/release.json
              case $base in oci:*) mkdir -p "${base#oci:}"; cp artifacts/images/app "${base#oci:}/app" ;; *) cp artifacts/images/app "$base/app" ;; esac
              echo "##vso[task.setvariable variable=version;isOutput=true]$version"
              echo "##vso[build.updatebuildnumber]$version"
              echo "##vso[build.addbuildtag]$version" ;;
            FindRelease)
              mkdir -p artifacts
              if [ -n "${ReleaseRecords-}" ]; then
                last=$(ls "$ReleaseRecords" | sed 's/release-//' | sort -n | tail -1)
                cp "$ReleaseRecords/release-$last/release.json" artifacts/release.json
                echo "##vso[task.setvariable variable=build_attempt;isOutput=true]$last"
              else
                [ -n "${Release-}${ReleaseDigest-}" ] || { echo "##vso[task.logissue type=error;code=GAN4049]no release is named"; exit 1; }
                echo "${Release-} ${ReleaseDigest-}" > artifacts/release.json
              fi ;;
            Pack) mkdir -p artifacts/packages; git rev-list --count HEAD > artifacts/packages/app.nupkg ;;
            PushPackages) echo "$(cat artifacts/packages/app.nupkg) with a ${NuGetApiKey:+key}" > "$(registry FeedRegistry)/app.nupkg"; [ -n "${NuGetApiKey-}" ] ;;
            Rollback*|Hold|ReleaseHold) echo "$target ${held-}: to='${To-}' because '${Reason-}'" >> "$STORY_FILE" ;;
            Promote*)
              [ -f artifacts/release.json ] || { echo "no release"; exit 3; }
              [ ! -d artifacts/app ] || { echo "the workspace is not clean"; exit 4; }
              environment=${target#Promote}
              goal=$(registry "${environment}Registry" || echo "$STORY_FOLDER")
              if [ -n "$slice" ]; then
                [ ! -e "$goal/refuse-${slice%/*}" ] || { echo "##vso[task.logissue type=error;code=GAN2001]no writes today"; exit 1; }
                echo "$slice" >> "$goal/placed"; continue
              fi
              [ ! -e "$goal/refuse" ] || { echo "##vso[task.logissue type=error;code=GAN4021]the tag moved"; exit 1; }
              cp "${base#oci:}/app" "$goal/app"
              echo "to $environment: $(cat artifacts/release.json)" > artifacts/summary.md
              echo "##vso[task.uploadsummary]$PWD/artifacts/summary.md" ;;
          esac
        done
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("fixture-").FullName;

    private PipelineFixture()
    {
    }

    public string Repository => Path.Combine(_root, "repository");

    /// <summary>Gets the calls of the build, one a line.</summary>
    public IReadOnlyList<string> BuildCalls => File.Exists(StoryFile) ? File.ReadAllLines(StoryFile) : [];

    public IDictionary<string, string> Secrets { get; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, RegistryConnection> RegistryConnections { get; set; } = new Dictionary<string, RegistryConnection>();

    public IPipelineDecisions Decisions { get; set; } = new ApproveEverything();

    public List<string> Log { get; } = [];

    private string StoryFile => Path.Combine(_root, "story");

    /// <summary>Gets a file that an own step has saved.</summary>
    public string Seen(string file) => Path.Combine(_root, "seen", file);

    /// <summary>Finds what steps left on the disk.</summary>
    public IEnumerable<string> FilesCalled(string name) => Directory.EnumerateFiles(_root, name, SearchOption.AllDirectories);

    /// <summary>Gets the folder that replaces the registry of an environment.</summary>
    public string Registry(string name) => Directory.CreateDirectory(Path.Combine(_root, "registries", name)).FullName;

    public static Task<PipelineFixture> CreateAsync(PipelineDeclaration declaration) =>
        CreateAsync(PipelineGenerator.Generate(declaration));

    public static async Task<PipelineFixture> CreateAsync(GenerationResult generated)
    {
        var fixture = new PipelineFixture();
        Directory.CreateDirectory(fixture.Repository);
        foreach (var file in generated.EnsureValid())
        {
            var path = Path.Combine(fixture.Repository, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, file.Content);
        }

        await File.WriteAllTextAsync(
            Path.Combine(fixture.Repository, "build.sh"),
            "#!/usr/bin/env bash\n" + BuildScript.ReplaceLineEndings("\n"));
        await File.WriteAllTextAsync(Path.Combine(fixture.Repository, ".gitignore"), "artifacts/\n");
        await fixture.GitAsync("init", "--quiet", "--initial-branch=main");
        await fixture.GitAsync("config", "core.fileMode", "false");
        await fixture.GitAsync("add", "build.sh");
        await fixture.GitAsync("update-index", "--chmod=+x", "build.sh");
        await fixture.CommitAsync("first");
        await fixture.CommitAsync("second");
        return fixture;
    }

    public async Task CommitAsync(string message)
    {
        await GitAsync("add", "--all");
        await GitAsync(
            "-c", "user.name=Test", "-c", "user.email=test@contoso.com", "commit", "--quiet", "--allow-empty", "--message", message);
    }

    /// <summary>Runs a pipeline with one registry for each environment, and the base registry.</summary>
    public Task<RunResult> RunAsync(RunRequest request, PipelineAgent.PipelineAgent? agent = null)
    {
        var variables = new Dictionary<string, string>(request.Variables);
        foreach (var name in (string[])["Base", "Dev", "Test", "Prod", "Feed"])
            variables.TryAdd(name + "Registry", Registry(name));
        return (agent ?? Agent()).RunAsync(request with { Variables = variables }, CancellationToken.None);
    }

    public PipelineAgent.PipelineAgent Agent() => new(new AgentOptions
    {
        Repository = Repository,
        WorkFolder = Path.Combine(_root, "work"),
        Decisions = Decisions,
        Secrets = Secrets.AsReadOnly(),
        RegistryConnections = RegistryConnections,
        InheritedEnvironment = new Dictionary<string, string>(JobEnvironment.Inherit("PATH", "HOME"))
        {
            ["STORY"] = "call",
            ["STORY_FILE"] = StoryFile,
            ["STORY_FOLDER"] = _root,
        },
        ExternalTemplates = new Dictionary<string, string>
        {
            ["release.yml@requiredTemplate"] = Generation.ExpandedPipelines.RequiredTemplate,
        },
        Log = Log.Add,
    });

    public void Dispose()
    {
        foreach (var file in Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories))
            File.SetAttributes(file, FileAttributes.Normal);
        Directory.Delete(_root, recursive: true);
    }

    private Task<string> GitAsync(params string[] arguments) => JobProcess.GitAsync(Repository, CancellationToken.None, arguments);
}

/// <summary>Answers as a test defines, and records the questions.</summary>
internal sealed class ScriptedDecisions : IPipelineDecisions
{
    private readonly Dictionary<string, Decision> _answers = [];

    public List<string> Questions { get; } = [];

    /// <summary>Gets the service connections whose checks were asked, with the stage.</summary>
    public List<string> Connections { get; } = [];

    /// <summary>Sets the answer for an environment, or for a stage that validates.</summary>
    public ScriptedDecisions Answering(string what, Decision answer)
    {
        _answers[what] = answer;
        return this;
    }

    public Task<Decision> CheckAsync(string stage, string environment, CancellationToken cancellationToken)
    {
        Questions.Add($"check {environment} for {stage}");
        return Task.FromResult(_answers.GetValueOrDefault(environment));
    }

    public Task<Decision> CheckConnectionAsync(string stage, string connection, CancellationToken cancellationToken)
    {
        Connections.Add($"{connection} for {stage}");
        return Task.FromResult(_answers.GetValueOrDefault(connection));
    }

    public Task<Decision> ValidateAsync(string stage, string instructions, CancellationToken cancellationToken)
    {
        Questions.Add($"validate in {stage}: {instructions}");
        return Task.FromResult(_answers.GetValueOrDefault(stage));
    }

    public Task DelayAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        Questions.Add($"wait {time}");
        return Task.CompletedTask;
    }
}
