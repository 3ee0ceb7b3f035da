using Gantry.Images;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Bench;

/// <summary>
/// Compares building an image of an application and pushing it: in process, and with <c>docker build</c> and <c>docker push</c>. Cold, and
/// after one small file has changed.
/// </summary>
internal sealed class BuildComparison
{
    private const string Cold = "build-cold";
    private const string OneFile = "build-one-file";
    private const string Repository = "app";

    // What a change of one line gives another version of: an assembly of some ten kilobytes.
    private const int ChangedSize = 20 * 1024;

    private readonly string _work;
    private readonly string? _docker;
    private readonly BenchRegistry _registry;
    private int _changes;

    private BuildComparison(string work, string? docker, BenchRegistry registry)
    {
        _work = work;
        _docker = docker;
        _registry = registry;
    }

    private string Context => Path.Combine(_work, "context");

    private string Cache => Path.Combine(_work, "cache");

    /// <summary>Measures with the files of a folder as the application.</summary>
    /// <param name="application">The folder.</param>
    /// <param name="docker">The address of an engine; null compares with none.</param>
    /// <param name="work">The folder for everything.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="cancellationToken">Cancels the measurement.</param>
    public static async Task<IReadOnlyList<Measurement>> RunAsync(
        string application, string? docker, string work, int rounds, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(work);
        using var registry = await BenchRegistry.StartAsync(work, "built", cancellationToken);
        var comparison = new BuildComparison(work, docker, registry);
        var size = comparison.Prepare(application);

        var measurements = new List<Measurement>();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (name, command, forget) in comparison.Contenders())
            {
                foreach (var mode in (string[])[Cold, OneFile])
                {
                    if (mode == Cold)
                    {
                        await forget(cancellationToken);
                        registry.RemoveEverything();
                    }

                    comparison.ChangeOneFile();
                    measurements.Add(await comparison.MeasureAsync($"{size / 1_000_000} MB", mode, name, command, cancellationToken));
                }
            }
        }

        return measurements;
    }

    /// <summary>Builds once, in process: what is measured is a whole program, as a user runs it.</summary>
    public static async Task BuildOnceAsync(string context, string cache, string registry, CancellationToken cancellationToken)
    {
        await using var session = new RegistrySession();
        var request = new ImageBuildRequest
        {
            Dockerfile = Path.Combine(context, "Dockerfile"), Context = context, SourceDate = DateTimeOffset.UnixEpoch,
        };
        var target = session.Open(RegistryAddress.Parse(registry), Repository);
        var built = await new OciImageBuilder(session, new OciImageBuilderOptions { CacheFolder = cache })
            .BuildAsync(request, target, cancellationToken);
        await target.PutTagAsync("v1", built.Root, cancellationToken);
    }

    private IEnumerable<(string Name, IReadOnlyList<string> Command, Func<CancellationToken, Task> Forget)> Contenders()
    {
        var program = Environment.ProcessPath!;
        var isDotNet = Path.GetFileNameWithoutExtension(program) == "dotnet";
        string[] self = isDotNet ? [program, typeof(BuildComparison).Assembly.Location] : [program];
        yield return ("gantry", [.. self, "build-image", Context, Cache, _registry.Host], ForgetAsync);
        if (_docker is null)
            yield break;
        var image = $"{_registry.Host}/{Repository}:v1";
        yield return ("docker", Shell($"docker build -q -t {image} '{Context}'; docker push -q {image}"), ForgetByDockerAsync);
    }

    private string[] Shell(string script) => ["sh", "-ec", $"export DOCKER_BUILDKIT=0 DOCKER_HOST='{_docker}'; {script}"];

    private Task ForgetAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(Cache))
            Directory.Delete(Cache, recursive: true);
        return Task.CompletedTask;
    }

    private async Task ForgetByDockerAsync(CancellationToken cancellationToken) =>
        await MeasuredProcess.RunAsync(Shell("docker system prune --all --force"), _work, cancellationToken);

    private long Prepare(string application)
    {
        var target = Path.Combine(Context, "app");
        foreach (var file in Directory.EnumerateFiles(application, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(application, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }

        File.WriteAllText(Path.Combine(Context, "Dockerfile"), "FROM scratch\nCOPY app /app\nENTRYPOINT [\"/app/run\"]\n");
        ChangeOneFile();
        return new DirectoryInfo(target).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
    }

    private void ChangeOneFile()
    {
        var content = new byte[ChangedSize];
        new Random(++_changes).NextBytes(content);
        File.WriteAllBytes(Path.Combine(Context, "app", "Own.dll"), content);
    }

    private async Task<Measurement> MeasureAsync(
        string set, string mode, string tool, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        _registry.CountRequests();
        var before = _registry.ProcessorSeconds;
        var (seconds, processor, peak) = await MeasuredProcess.RunAsync(command, _work, cancellationToken);
        Console.Error.WriteLine(FormattableString.Invariant($"{set} {mode} {tool}: {seconds:0.000} s"));
        return new Measurement(
            set, mode, tool, seconds, processor, _registry.ProcessorSeconds - before, peak, _registry.CountRequests());
    }
}
