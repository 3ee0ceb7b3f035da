using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Bench;

/// <summary>The measured cases.</summary>
internal static class ComparisonModes
{
    /// <summary>The target is empty.</summary>
    public const string Cold = "cold";

    /// <summary>The target has everything.</summary>
    public const string NoOp = "noop";

    /// <summary>A copy from one repository of a registry to another.</summary>
    public const string Mount = "mount";

    /// <summary>A copy to three registries at once; the other tools copy three times.</summary>
    public const string FanOut = "fanout";

    /// <summary>Like <see cref="Cold"/>, over slow connections.</summary>
    public const string SlowCold = "slow-cold";

    /// <summary>Like <see cref="NoOp"/>, over slow connections.</summary>
    public const string SlowNoOp = "slow-noop";

    /// <summary>A copy to three registries at once, over slow connections.</summary>
    public const string SlowFanOut = "slow-fanout";

    public static string[] All { get; } = [Cold, NoOp, Mount, FanOut, SlowCold, SlowNoOp, SlowFanOut];
}

/// <summary>Four registries, slow connections to them, and the compared tools.</summary>
internal sealed class Comparison : IDisposable
{
    private readonly string _work;
    private readonly IReadOnlyList<BenchRegistry> _registries;
    private readonly IReadOnlyList<SlowConnectionProxy> _proxies;
    private readonly IReadOnlyList<Contender> _contenders;

    private Comparison(
        string work, IReadOnlyList<BenchRegistry> registries, IReadOnlyList<Contender> contenders, ConnectionSpeed connectionSpeed)
    {
        _work = work;
        _registries = registries;
        _proxies = [.. registries.Select(registry => new SlowConnectionProxy(registry.Port, connectionSpeed))];
        _contenders = contenders;
    }

    public static async Task<Comparison> StartAsync(
        string work, string gantry, string? docker, ConnectionSpeed connectionSpeed, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(work);
        var policy = Path.Combine(work, "policy.json");
        await File.WriteAllTextAsync(policy, """{"default":[{"type":"insecureAcceptAnything"}]}""", cancellationToken);

        var contenders = new List<Contender> { Contender.Gantry(gantry) };
        if (IsInstalled("skopeo"))
            contenders.Add(Contender.Skopeo(policy));
        if (docker is not null)
            contenders.Add(Contender.Docker(docker));

        var registries = new List<BenchRegistry>();
        foreach (var name in new[] { "source", "target1", "target2", "target3" })
            registries.Add(await BenchRegistry.StartAsync(work, name, cancellationToken));
        return new Comparison(work, registries, contenders, connectionSpeed);
    }

    /// <summary>Writes the images into the source registry.</summary>
    public async Task SeedAsync(IReadOnlyList<ImageSet> sets)
    {
        await using var session = new RegistrySession();
        foreach (var set in sets)
        {
            Console.Error.WriteLine($"making {set.Name}: {set.Description}");
            await set.PushAsync(new ImageWriter(session.Open(RegistryAddress.Parse(_registries[0].Host), set.Repository)));
        }
    }

    /// <summary>
    /// Runs all measurements; the tools in turn within each round, so that a slow moment of the machine affects all of them.
    /// </summary>
    public async Task<IReadOnlyList<Measurement>> RunAsync(
        IReadOnlyList<ImageSet> sets, IReadOnlyList<string> modes, int rounds, CancellationToken cancellationToken)
    {
        var measurements = new List<Measurement>();
        foreach (var (set, mode) in sets.SelectMany(set => modes.Select(mode => (set, mode))))
        {
            for (var round = 0; round < rounds; round++)
            {
                foreach (var contender in _contenders)
                {
                    if (await MeasureAsync(contender, set, mode, cancellationToken) is { } measurement)
                        measurements.Add(measurement);
                }
            }
        }

        return measurements;
    }

    public void Dispose()
    {
        foreach (var proxy in _proxies)
            proxy.Dispose();
        foreach (var registry in _registries)
            registry.Dispose();
    }

    private async Task<Measurement?> MeasureAsync(Contender contender, ImageSet set, string mode, CancellationToken cancellationToken)
    {
        var hosts = mode.StartsWith("slow", StringComparison.Ordinal)
            ? _proxies.Select(proxy => proxy.Host).ToList()
            : [.. _registries.Select(registry => registry.Host)];
        var mount = mode == ComparisonModes.Mount;
        IReadOnlyList<string> targets = mount ? hosts[..1]
            : mode is ComparisonModes.FanOut or ComparisonModes.SlowFanOut ? hosts[1..]
            : hosts[1..2];
        var commands = Commands(contender, new CopyTask(set, hosts[0], targets, mount));
        if (commands.Count == 0)
            return null;

        if (mode is ComparisonModes.NoOp or ComparisonModes.SlowNoOp)
            await RunAsync(commands, cancellationToken);
        else if (mount)
            _registries[0].RemoveRepositories("promoted");
        else
            Empty(_registries.Skip(1));

        CountRequests();
        var registriesBefore = RegistrySeconds();
        var (seconds, processor, peak) = await RunAsync(commands, cancellationToken);

        // Registries log a request after they have answered it.
        await Task.Delay(100, cancellationToken);
        var measurement = new Measurement(
            set.Name, mode, contender.Name, seconds, processor, RegistrySeconds() - registriesBefore, peak, CountRequests());
        Console.Error.WriteLine($"{set.Name} {mode} {contender.Name}: {seconds:0.000} s, {measurement.Requests} requests");
        return measurement;
    }

    /// <summary>
    /// Creates the command lines of a task: one when the tool can write to several targets, otherwise one for each target.
    /// </summary>
    private static List<IReadOnlyList<string>> Commands(Contender contender, CopyTask task) =>
        contender.Command(task) is { } command
            ? [command]
            : [.. task.Targets.Count == 1
                ? []
                : task.Targets.Select(target => contender.Command(task with { Targets = [target] })).OfType<IReadOnlyList<string>>()];

    private async Task<(double Seconds, double ProcessorSeconds, double PeakMebibytes)> RunAsync(
        List<IReadOnlyList<string>> commands, CancellationToken cancellationToken)
    {
        var (seconds, processor, peak) = (0.0, 0.0, 0.0);
        foreach (var command in commands)
        {
            var run = await MeasuredProcess.RunAsync(command, _work, cancellationToken);
            (seconds, processor, peak) = (seconds + run.Seconds, processor + run.ProcessorSeconds, Math.Max(peak, run.PeakMebibytes));
        }

        return (seconds, processor, peak);
    }

    private double RegistrySeconds() => _registries.Sum(registry => registry.ProcessorSeconds);

    private int CountRequests() => _registries.Sum(registry => registry.CountRequests());

    private static void Empty(IEnumerable<BenchRegistry> registries)
    {
        foreach (var registry in registries)
            registry.RemoveEverything();
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, program)));
}
