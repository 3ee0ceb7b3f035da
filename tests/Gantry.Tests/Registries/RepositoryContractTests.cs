using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;

namespace Gantry.Tests.Registries;

public sealed class MemoryContractTests
{
    private readonly MemoryRegistries _registries = new();

    public static TheoryData<string> Cases => RepositoryContract.Cases;

    [Theory, MemberData(nameof(Cases))]
    public Task Holds(string name) =>
        RepositoryContract.RunAsync(name, repository => _registries.Open(RegistryAddress.Parse("localhost:5000"), repository));
}

public sealed class LayoutContractTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly RegistrySession _session;

    public LayoutContractTests() => _session = new RegistrySession(new RegistrySessionOptions { RootFolder = _folder.Path });

    public static TheoryData<string> Cases => RepositoryContract.Cases;

    [Theory, MemberData(nameof(Cases))]
    public Task Holds(string name) =>
        RepositoryContract.RunAsync(name, repository => _session.Open(RegistryAddress.Parse("oci:registry"), repository));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _session.DisposeAsync();
        _folder.Dispose();
    }
}

public sealed class ArchiveContractTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly RegistrySession _session;

    public ArchiveContractTests() => _session = new RegistrySession(new RegistrySessionOptions { RootFolder = _folder.Path });

    public static TheoryData<string> Cases => RepositoryContract.Cases;

    [Theory, MemberData(nameof(Cases))]
    public Task Holds(string name) =>
        RepositoryContract.RunAsync(name, repository => _session.Open(RegistryAddress.Parse("oci-archive:all.tar"), repository));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        // Without completing, no file remains.
        await _session.DisposeAsync();
        Assert.Empty(Directory.GetFiles(_folder.Path));
        _folder.Dispose();
    }
}

public sealed class RealRegistryContractTests(RealRegistryContractTests.Fixture fixture) : IClassFixture<RealRegistryContractTests.Fixture>
{
    public static TheoryData<string> Cases => RepositoryContract.Cases;

    [RegistryTheory, MemberData(nameof(Cases))]
    public Task Anonymous(string name) =>
        RepositoryContract.RunAsync(name, repository => fixture.Session.Open(fixture.Registry.Address, repository));

    public sealed class Fixture : IAsyncLifetime
    {
        public RealRegistry Registry { get; private set; } = null!;

        public RegistrySession Session { get; } = new();

        public async Task InitializeAsync()
        {
            if (RequiredProgram.FindSkipReason(RequiredProgram.DockerRegistry) is null)
                Registry = await RealRegistry.StartAsync();
        }

        public async Task DisposeAsync()
        {
            await Session.DisposeAsync();
            if (Registry is not null)
                await Registry.DisposeAsync();
        }
    }
}

public sealed class RealRegistryWithPasswordTests(RealRegistryWithPasswordTests.Fixture fixture)
    : IClassFixture<RealRegistryWithPasswordTests.Fixture>
{
    public static TheoryData<string> Cases => RepositoryContract.Cases;

    [RegistryTheory, MemberData(nameof(Cases))]
    public Task Holds(string name) =>
        RepositoryContract.RunAsync(name, repository => fixture.Session.Open(fixture.Registry.Address, repository));

    [RegistryFact]
    public async Task A_missing_password_is_reported()
    {
        await using var session = new RegistrySession();
        var thrown = await Assert.ThrowsAsync<GantryException>(() =>
            session.Open(fixture.Registry.Address, "app").FindTagAsync("v1", default));
        Assert.Equal("GAN2003", thrown.Code);
    }

    [RegistryFact]
    public async Task A_wrong_password_is_reported()
    {
        await using var session = new RegistrySession(
            new RegistrySessionOptions { Credentials = [new FixedCredentialSource(new PasswordCredential("gantry", "sesame"))] });
        var thrown = await Assert.ThrowsAsync<GantryException>(() =>
            session.Open(fixture.Registry.Address, "app").FindTagAsync("v1", default));
        Assert.Equal("GAN2003", thrown.Code);
        Assert.DoesNotContain("sesame", thrown.ToString(), StringComparison.Ordinal);
    }

    public sealed class Fixture : IAsyncLifetime
    {
        public RealRegistry Registry { get; private set; } = null!;

        public RegistrySession Session { get; } = new(new RegistrySessionOptions
        {
            Credentials = [new FixedCredentialSource(new PasswordCredential(RealRegistry.UserName, RealRegistry.Password))],
        });

        public async Task InitializeAsync()
        {
            if (RequiredProgram.FindSkipReason(RequiredProgram.DockerRegistry) is null)
                Registry = await RealRegistry.StartAsync(new RealRegistryOptions { RequiresPassword = true });
        }

        public async Task DisposeAsync()
        {
            await Session.DisposeAsync();
            if (Registry is not null)
                await Registry.DisposeAsync();
        }
    }
}
