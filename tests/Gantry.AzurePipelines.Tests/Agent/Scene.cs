using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.Tests.Generation;
using Gantry.PipelineAgent;

namespace Gantry.AzurePipelines.Tests.Agent;

/// <summary>
/// A repository on disk with generated pipelines and a build of a few lines, which keeps to the same contract as the real one: targets
/// and parameters on the command line, registries by variables, the release's record in a file, outputs by logging commands.
/// </summary>
internal sealed class Scene : IDisposable
{
    private const string BuildScript = """
        set -eu
        registry() { printenv "$1" || printenv "$(echo "$1" | tr '[:lower:]' '[:upper:]')"; }
        base=$(registry BaseRegistry || echo none)
        targets=""; skip=false; region=""
        while [ $# -gt 0 ]; do
          case $1 in
            --skip) skip=true ;;
            --base-registry) base=$2; shift ;;
            --region) region=$2; shift ;;
            --*) echo "unknown parameter $1"; exit 2 ;;
            *) targets="$targets $1" ;;
          esac
          shift
        done
        echo "$STORY:$targets skip=$skip base=$base previous=${RequirePrevious-} region=$region az=${AZURESUBSCRIPTION_SERVICE_CONNECTION_ID-} token=${SYSTEM_ACCESSTOKEN:+yes} key=${ApiKey:+yes}" >> "$STORY_FILE"
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
            FindRelease) mkdir -p artifacts; echo "$Release ${ReleaseDigest:-}" > artifacts/release.json ;;
            Pack) mkdir -p artifacts/packages; git rev-list --count HEAD > artifacts/packages/app.nupkg ;;
            PushPackages) echo "$(cat artifacts/packages/app.nupkg) with a ${NuGetApiKey:+key}" > "$(registry FeedRegistry)/app.nupkg"; [ -n "${NuGetApiKey-}" ] ;;
            Promote*)
              [ -f artifacts/release.json ] || { echo "no release"; exit 3; }
              [ ! -d artifacts/app ] || { echo "the workspace is not clean"; exit 4; }
              environment=${target#Promote}
              goal=$(registry "${environment}Registry" || echo "$STORY_FOLDER")
              [ ! -e "$goal/refuse" ] || { echo "##vso[task.logissue type=error;code=GAN4021]the tag moved"; exit 1; }
              cp "${base#oci:}/app" "$goal/app"
              echo "to $environment: $(cat artifacts/release.json)" > artifacts/summary.md
              echo "##vso[task.uploadsummary]$PWD/artifacts/summary.md" ;;
          esac
        done
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("scene-").FullName;

    private Scene()
    {
    }

    public string Repository => Path.Combine(_root, "repository");

    /// <summary>What the build was called for, a line a call.</summary>
    public IReadOnlyList<string> Story => File.Exists(StoryFile) ? File.ReadAllLines(StoryFile) : [];

    public IDictionary<string, string> Secrets { get; } = new Dictionary<string, string>();

    public IPipelineHost Host { get; set; } = new ApprovingHost();

    public List<string> Log { get; } = [];

    private string StoryFile => Path.Combine(_root, "story");

    /// <summary>The folder that stands for the registry of an environment.</summary>
    public string Registry(string name) => Directory.CreateDirectory(Path.Combine(_root, "registries", name)).FullName;

    public static Task<Scene> CreateAsync(PipelineDeclaration declaration) => CreateAsync(PipelineGenerator.Generate(declaration));

    public static async Task<Scene> CreateAsync(GenerationResult generated)
    {
        var scene = new Scene();
        Directory.CreateDirectory(scene.Repository);
        foreach (var file in generated.EnsureValid())
        {
            var path = Path.Combine(scene.Repository, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, file.Content);
        }

        await File.WriteAllTextAsync(Path.Combine(scene.Repository, "build.sh"), "#!/usr/bin/env bash\n" + BuildScript.ReplaceLineEndings("\n"));
        await File.WriteAllTextAsync(Path.Combine(scene.Repository, ".gitignore"), "artifacts/\n");
        await scene.GitAsync("init", "--quiet", "--initial-branch=main");
        await scene.GitAsync("config", "core.fileMode", "false");
        await scene.GitAsync("add", "build.sh");
        await scene.GitAsync("update-index", "--chmod=+x", "build.sh");
        await scene.CommitAsync("first");
        await scene.CommitAsync("second");
        return scene;
    }

    public async Task CommitAsync(string message)
    {
        await GitAsync("add", "--all");
        await GitAsync("-c", "user.name=Test", "-c", "user.email=test@contoso.com", "commit", "--quiet", "--allow-empty", "--message", message);
    }

    /// <summary>Runs a pipeline with one registry an environment, and the base registry.</summary>
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
        Host = Host,
        Secrets = Secrets.AsReadOnly(),
        HostEnvironment = new Dictionary<string, string>(AgentOptions.Inherit("PATH", "HOME")) { ["STORY"] = "call", ["STORY_FILE"] = StoryFile, ["STORY_FOLDER"] = _root },
        ForeignTemplates = new Dictionary<string, string> { ["release.yml@requiredTemplate"] = Generation.Expansion.RequiredTemplate },
        Log = Log.Add,
    });

    public void Dispose()
    {
        foreach (var file in Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories))
            File.SetAttributes(file, FileAttributes.Normal);
        Directory.Delete(_root, recursive: true);
    }

    private async Task GitAsync(params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("git", arguments) { WorkingDirectory = Repository })!;
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}

/// <summary>Answers as a test says, and remembers what it was asked.</summary>
internal sealed class ScriptedHost : IPipelineHost
{
    private readonly Dictionary<string, Answer> _answers = [];

    public List<string> Asked { get; } = [];

    /// <summary>The answer for an environment, or for a stage that validates.</summary>
    public ScriptedHost Answering(string what, Answer answer)
    {
        _answers[what] = answer;
        return this;
    }

    public Task<Answer> CheckAsync(string stage, string environment, CancellationToken cancellationToken)
    {
        Asked.Add($"check {environment} for {stage}");
        return Task.FromResult(_answers.GetValueOrDefault(environment));
    }

    public Task<Answer> ValidateAsync(string stage, string instructions, CancellationToken cancellationToken)
    {
        Asked.Add($"validate in {stage}: {instructions}");
        return Task.FromResult(_answers.GetValueOrDefault(stage));
    }

    public Task DelayAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        Asked.Add($"wait {time}");
        return Task.CompletedTask;
    }
}
