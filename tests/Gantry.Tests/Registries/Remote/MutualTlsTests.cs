using System.Security.Cryptography.X509Certificates;
using Gantry.Http;
using Gantry.Registries;
using Gantry.Testing;

namespace Gantry.Tests.Registries.Remote;

/// <summary>A real registry that requires a client certificate.</summary>
public sealed class MutualTlsTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly TestCertificateAuthority _authority = new();
    private RealRegistry? _registry;

    public async Task InitializeAsync()
    {
        if (RequiredProgram.FindSkipReason(RequiredProgram.DockerRegistry) is not null)
            return;
        _registry = await RealRegistry.StartAsync(new RealRegistryOptions
        {
            Tls = _authority.IssueFiles(_folder, "localhost"),
            ClientCertificateAuthority = _authority.WriteAuthority(_folder),
        });
    }

    public async Task DisposeAsync()
    {
        if (_registry is not null)
            await _registry.DisposeAsync();
        _authority.Dispose();
        _folder.Dispose();
    }

    [RegistryFact]
    public async Task A_client_with_the_certificate_reads_and_writes()
    {
        using var certificate = _authority.Issue("a client", forClient: true);
        await using var session = new RegistrySession(Options(certificate));
        var app = session.Open(_registry!.Address, "app");
        var image = SampleImage.Create(61, 100_000);

        await image.PushAsync(app);
        await app.PutTagAsync("v1", image.Root, default);

        Assert.Equal(image.Root.Descriptor, await app.FindTagAsync("v1", default));
    }

    [RegistryFact]
    public async Task A_missing_certificate_or_one_of_another_authority_is_reported()
    {
        using var stranger = new TestCertificateAuthority();
        using var wrong = stranger.Issue("a client", forClient: true);
        foreach (var certificate in new[] { null, wrong })
        {
            await using var session = new RegistrySession(Options(certificate));
            var thrown = await Assert.ThrowsAsync<GantryException>(() =>
                session.Open(_registry!.Address, "app").FindTagAsync("v1", default));
            Assert.Contains(thrown.Code, new[] { "GAN2008", "GAN2015" });
        }
    }

    [RegistryFact]
    public async Task A_client_certificate_is_used_for_its_host_only()
    {
        using var certificate = _authority.Issue("a client", forClient: true);
        var options = Options(null) with
        {
            ClientCertificates = new Dictionary<string, X509Certificate2> { ["registry.example.com"] = certificate },
        };
        await using var session = new RegistrySession(options);

        var thrown = await Assert.ThrowsAsync<GantryException>(() => session.Open(_registry!.Address, "app").FindTagAsync("v1", default));

        Assert.Contains(thrown.Code, new[] { "GAN2008", "GAN2015" });
    }

    private RegistrySessionOptions Options(X509Certificate2? client) => new()
    {
        TlsHosts = new HashSet<string> { _registry!.Host },
        CertificateAuthorities = [_authority.Certificate],
        ClientCertificates = client is null
            ? new Dictionary<string, X509Certificate2>()
            : new Dictionary<string, X509Certificate2> { [_registry!.Host] = client },
        Retry = new HttpRetryOptions { Attempts = 0 },
    };
}
