using Gantry.Testing;

namespace Gantry.Azure.Tests.Fakes;

/// <summary>Tests with Azure registries of their own; without docker-registry they are skipped, and nothing starts.</summary>
public abstract class AzureRegistryTestBase : IAsyncLifetime
{
    private protected AzureRegistryFixture Registries { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (RequiredProgram.FindSkipReason(RequiredProgram.DockerRegistry) is null)
            Registries = await AzureRegistryFixture.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (Registries is not null)
            await Registries.DisposeAsync();
    }
}
