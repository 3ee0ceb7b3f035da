using System.Diagnostics;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;
using Gantry.Testing.Builds;

namespace Pipeline.Tests.Fixtures;

/// <summary>
/// A real registry with a history: the release 1.1.0 was published and never promoted, then 1.2.0 came to dev and to test. Its build
/// reports drift to a webhook, and deletes what was touched a moment ago, too.
/// </summary>
/// <param name="clone">The clone, in whose place the build is.</param>
public sealed class PromotedHistory(RepositoryClone clone) : IAsyncLifetime
{
    private RealRegistry? _registry;
    private ChangedBuild? _build;
    private RegistrySession? _session;
    private Task? _promoted;

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>Promotes the releases, once for all tests.</summary>
    public Task PromoteAsync() => _promoted ??= PromoteOnceAsync();

    /// <summary>Gets the digest of the release 1.2.0.</summary>
    public Digest Released { get; private set; }

    /// <summary>Gets the address of the base registry, or of an environment.</summary>
    public string AddressOf(string place) => $"{_registry!.Host}/{place}";

    /// <summary>Opens the repository of the image in the base registry, or in an environment.</summary>
    public IImageRepository Open(string place) => _session!.Open(RegistryAddress.Parse(AddressOf(place)), "app");

    /// <summary>Reads a file that a target has written.</summary>
    public Task<string> ReadAsync(string file) => File.ReadAllTextAsync(_build!.PathOf(file));

    /// <summary>Runs targets with the registries of the history.</summary>
    public Task<BuildRun> BuildAsync(params string[] arguments) => BuildAsync(new Dictionary<string, string>(), arguments);

    /// <summary>Runs targets with the registries of the history, and with additional environment variables.</summary>
    public Task<BuildRun> BuildAsync(IReadOnlyDictionary<string, string> variables, params string[] arguments) =>
        _build!.BuildAsync(variables, [.. arguments, .. Registries(dev: "dev")]);

    /// <summary>Runs targets with another registry of dev, which has no history yet.</summary>
    public async Task<BuildRun> SucceedInAsync(string dev, params string[] arguments)
    {
        var run = await _build!.BuildAsync(new Dictionary<string, string>(), [.. arguments, .. Registries(dev)]);
        Assert.True(run.ExitCode == 0, run.Output);
        return run;
    }

    /// <summary>Runs targets with the registries of the history, which must succeed.</summary>
    public Task<BuildRun> SucceedAsync(params string[] arguments) => SucceedInAsync("dev", arguments);

    /// <summary>Starts targets that run until a signal ends them.</summary>
    public Process Start(params string[] arguments)
    {
        // A background process may have the signal ignored, which child processes inherit.
        var start = ChildProcess.StartInfo(
            "env", ["--default-signal=INT", _build!.PathOf("build.sh"), .. arguments, .. Registries(dev: "dev")]);
        start.WorkingDirectory = _build.Root;
        BuildProcess.ClearEnvironment(start);
        return Process.Start(start)!;
    }

    public async Task DisposeAsync()
    {
        if (_session is not null)
            await _session.DisposeAsync();
        if (_build is not null)
            await _build.DisposeAsync();
        if (_registry is not null)
            await _registry.DisposeAsync();
    }

    private async Task PromoteOnceAsync()
    {
        _registry = await RealRegistry.StartAsync();
        _session = new RegistrySession();
        _build = await ChangedBuild.CreateAsync(clone.Root, Declare);
        await SucceedAsync("PushBase", "--release-version", "1.1.0");
        await SucceedAsync("PromoteTest", "--release-version", "1.2.0", "--approve", "tested");
        Released = (await Open("test").FindTagAsync("1.2.0", CancellationToken.None))!.Digest;
    }

    private IReadOnlyList<string> Registries(string dev) =>
    [
        "--base-registry", AddressOf("base"), "--dev-registry", AddressOf(dev), "--test-registry", AddressOf("test"),
        "--prod-registry", AddressOf("prod"),
    ];

    private static string Declare(string build)
    {
        const string Images = "    public IReadOnlyList<ContainerImage> Images";
        var declared = build.Replace(
            Images,
            """
                public Gantry.Drift.DriftAlert DriftAlert => Gantry.Drift.DriftAlert.Webhook("$(DRIFT_WEBHOOK)");
                public Configure<Gantry.Pruning.PruningRules> PruningSettings => rules => rules with { InProgress = TimeSpan.Zero };

            """ + Images,
            StringComparison.Ordinal);
        Assert.Contains("DRIFT_WEBHOOK", declared, StringComparison.Ordinal);
        return declared;
    }
}
