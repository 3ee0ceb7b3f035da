using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;

namespace Gantry.Cli.Tests;

/// <summary>
/// A layer may be far larger than the memory: the process gets a tenth of the size that it copies, and fails when it needs more.
/// </summary>
public sealed class MemoryTests : IAsyncLifetime
{
    private const int Layer = 240 * 1024 * 1024;
    private const long Memory = 24 * 1024 * 1024;
    private readonly TempFolder _folder = new();
    private RealRegistry? _registry;

    public async Task InitializeAsync()
    {
        await using var session = new RegistrySession();
        var image = SampleImage.Create(7, Layer);
        var source = session.Open(RegistryAddress.Parse($"oci:{_folder.Combine("source")}"), "app");
        await image.PushAsync(source);
        await source.PutTagAsync("v1", image.Root, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        if (_registry is not null)
            await _registry.DisposeAsync();
        _folder.Dispose();
    }

    [RegistryFact]
    public async Task A_layer_is_never_held_in_memory_as_a_whole()
    {
        _registry = await RealRegistry.StartAsync();
        var places = new[]
        {
            $"oci:{_folder.Combine("source")}/app:v1", $"{_registry.Host}/app:v1", $"oci-archive:{_folder.Combine("app.tar")}:v1",
            $"oci:{_folder.Combine("target")}/app:v1",
        };

        foreach (var (from, to) in places.Zip(places.Skip(1)))
            await SucceedsAsync("copy", from, to);
        await SucceedsAsync("copy", places[1], $"{_registry.Host}/second:v1", $"oci:{_folder.Combine("second")}/app:v1");
        await SucceedsAsync("verify", places[1]);
        await SucceedsAsync("verify", places[^1]);
    }

    private static async Task SucceedsAsync(params string[] arguments)
    {
        var run = await GantryProcess.RunWithMemoryLimitAsync(Memory, arguments);
        Assert.True(run.ExitCode == 0, $"gantry {string.Join(' ', arguments)}: {run.Error}");
    }
}
