using Gantry.GitHubActions.Generation;
using Gantry.Testing.Jobs;
using Gantry.WorkflowRunner;

namespace Gantry.GitHubActions.Tests.Runs;

/// <summary>
/// A repository on disk with generated workflows and a build of a few lines with the contract of the real one: targets and parameters on
/// the command line, registries in variables, built images and the release record in files, outputs by the files of the runner.
/// </summary>
internal sealed class WorkflowFixture : IEnvironmentRules, IDisposable
{
    private const string BuildScript = """
        set -eu
        base=${BaseRegistry-none}
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
        identity="azure=${AZURE_CLIENT_ID-} token=${GITHUB_TOKEN:+yes} key=${TEST_KEY:+yes}"
        echo "$GITHUB_JOB:$targets skip=$skip environment=${GANTRY_GITHUB_ENVIRONMENT-} region=$region $identity" >> "$STORY"
        for target in $targets; do
          case $target in
            PublishImages) git describe --tags --always; mkdir -p artifacts/app; git rev-list --count HEAD > artifacts/app/version ;;
            Test) mkdir -p artifacts/test-results; echo '<TestRun/>' > artifacts/test-results/app.trx ;;
            BuildImage)
              mkdir -p artifacts/images/app
              cp artifacts/app/version artifacts/images/app/blob
              cp artifacts/app/version artifacts/images/images.json ;;
            PushBase)
              [ ! -d artifacts/app ] || { echo "the job that publishes has built"; exit 4; }
              version=1.0.$(cat artifacts/images/images.json)
              echo "$version" > artifacts/release.json
              folder=$REGISTRIES/$base; case $base in oci:*) folder=${base#oci:} ;; esac
              mkdir -p "$folder"; cp artifacts/images/app/blob "$folder/app"
              printf 'version=%s\ndigest=sha256:%s\n' "$version" "$version" >> "$GITHUB_OUTPUT"
              echo "## Release $version" >> "$GITHUB_STEP_SUMMARY" ;;
            FindRelease) mkdir -p artifacts; printf '%s' "$Release ${ReleaseDigest:-}" > artifacts/release.json ;;
            Promote*)
              [ -f artifacts/release.json ] || { echo "no release"; exit 3; }
              environment=${target#Promote}
              place=$(echo "$region" | sed -E 's/(^|-)([a-z])/\U\2/g')
              goal=$REGISTRIES/$(printenv "$environment${place}Registry")
              if [ -n "${Slice-}" ]; then
                [ ! -e "$goal.refuse-${Slice%/*}" ] || { echo "::error title=GAN2001::no writes today"; exit 1; }
                echo "$Slice $environment$place" >> "$REGISTRIES/placed"; continue
              fi
              [ ! -e "$goal.refuse" ] || { echo "::error title=GAN4021::the tag moved"; exit 1; }
              source=$REGISTRIES/$base; case $base in oci:*) source=${base#oci:} ;; esac
              mkdir -p "$goal"; cp "$source/app" "$goal/app"
              echo "## To $environment: $(cat artifacts/release.json)" >> "$GITHUB_STEP_SUMMARY" ;;
          esac
        done
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("workflow-").FullName;
    private readonly HashSet<string> _rejected = [];
    private WorkflowRunner.WorkflowRunner _runner = null!;

    private WorkflowFixture()
    {
    }

    /// <summary>Gets the calls of the build, one a line.</summary>
    public IReadOnlyList<string> Calls => File.Exists(StoryFile) ? File.ReadAllLines(StoryFile) : [];

    /// <summary>Gets the slices that were placed, with the registries.</summary>
    public IReadOnlyList<string> Placed =>
        File.Exists(Path.Combine(_root, "placed")) ? File.ReadAllLines(Path.Combine(_root, "placed")) : [];

    /// <summary>Gets the questions of environments, in order.</summary>
    public List<string> Questions { get; } = [];

    public List<string> Log { get; } = [];

    private string Repository => Path.Combine(_root, "repository");

    private string StoryFile => Path.Combine(_root, "story");

    public static async Task<WorkflowFixture> CreateAsync(WorkflowDeclaration declaration)
    {
        var fixture = new WorkflowFixture();
        Directory.CreateDirectory(Path.Combine(fixture.Repository, ".github/workflows"));
        foreach (var file in WorkflowGenerator.Generate(declaration).EnsureValid())
            await File.WriteAllTextAsync(Path.Combine(fixture.Repository, file.Path), file.Content);
        await File.WriteAllTextAsync(Path.Combine(fixture.Repository, "build.sh"), "#!/usr/bin/env bash\n" + BuildScript);
        await File.WriteAllTextAsync(Path.Combine(fixture.Repository, "global.json"), "{}");
        await File.WriteAllTextAsync(Path.Combine(fixture.Repository, ".gitignore"), "artifacts/\n");
        await fixture.GitAsync("init", "--quiet", "--initial-branch=main");
        await fixture.GitAsync("config", "core.fileMode", "false");
        await fixture.GitAsync("add", "build.sh");
        await fixture.GitAsync("update-index", "--chmod=+x", "build.sh");
        await fixture.CommitAsync("first");
        fixture._runner = fixture.CreateRunner();
        return fixture;
    }

    public async Task CommitAsync(string message)
    {
        await GitAsync("add", "--all");
        await GitAsync(
            "-c", "user.name=Test", "-c", "user.email=test@contoso.com", "commit", "--quiet", "--allow-empty", "--message", message);
    }

    public Task<RunResult> RunAsync(RunRequest request) => _runner.RunAsync(request, CancellationToken.None);

    /// <summary>Rejects every promotion to an environment of GitHub, or allows it again.</summary>
    public void Reject(string environment, bool isRejected = true) =>
        _ = isRejected ? _rejected.Add(environment) : _rejected.Remove(environment);

    /// <summary>Returns what a registry has; null for nothing.</summary>
    public string? ContentOf(string registry) =>
        File.Exists(Path.Combine(_root, registry, "app")) ? File.ReadAllText(Path.Combine(_root, registry, "app")).Trim() : null;

    /// <summary>Makes promotions to a registry fail, or those of one slice; or not any more.</summary>
    public void Refuse(string registry, bool refuses = true, int? slice = null)
    {
        var file = Path.Combine(_root, registry + ".refuse" + (slice is null ? "" : $"-{slice}"));
        if (refuses)
            File.WriteAllText(file, "");
        else
            File.Delete(file);
    }

    bool IEnvironmentRules.Allow(string job, string environment)
    {
        Questions.Add($"{environment} for {job}");
        return !_rejected.Contains(environment);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private WorkflowRunner.WorkflowRunner CreateRunner() => new(new RunnerOptions
    {
        Repository = Repository,
        WorkFolder = Path.Combine(_root, "work"),
        Rules = this,
        Variables = new Dictionary<string, string> { ["AZURE_CLIENT_ID"] = "client", ["AZURE_TENANT_ID"] = "tenant" },
        Secrets = new Dictionary<string, string> { ["TEST_KEY"] = "hidden" },
        InheritedEnvironment = new Dictionary<string, string>
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
            ["HOME"] = _root,
            ["STORY"] = StoryFile,
            ["REGISTRIES"] = _root,
        },
        Log = Log.Add,
    });

    private Task<string> GitAsync(params string[] arguments) => JobProcess.GitAsync(Repository, CancellationToken.None, arguments);
}
