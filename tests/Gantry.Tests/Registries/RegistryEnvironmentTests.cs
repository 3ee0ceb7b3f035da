using System.Runtime.Versioning;
using Gantry.Http;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;
using Gantry.Testing.Faults;

namespace Gantry.Tests.Registries;

/// <summary>Settings of registries in the environment variables and files of a machine.</summary>
public sealed class RegistryEnvironmentTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestCertificateAuthority _authority = new();

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Mirrors_and_plain_hosts_are_read_from_the_environment()
    {
        var options = Apply(new()
        {
            ["GANTRY_MIRRORS"] = "docker.io=mirror.contoso.com/hub; docker.io=localhost:5001 ;mcr.microsoft.com=mirror.contoso.com/mcr",
            ["GANTRY_PLAIN_HTTP"] = "registry.lab:5000; other.lab",
            ["GANTRY_TIMEOUT"] = "300",
        });

        Assert.Equal(["mirror.contoso.com/hub", "localhost:5001"], options.Mirrors["docker.io"].Select(mirror => mirror.ToString()));
        Assert.Equal(["mirror.contoso.com/mcr"], options.Mirrors["mcr.microsoft.com"].Select(mirror => mirror.ToString()));
        Assert.Equal(["other.lab", "registry.lab:5000"], options.PlainHttpHosts.Order(StringComparer.Ordinal));
        Assert.Equal(TimeSpan.FromSeconds(300), options.NoProgressTimeout);
        Assert.Equal(TimeSpan.FromSeconds(150), options.ResponseTimeout);
        Assert.Empty(Apply([]).Mirrors);
        Assert.Equal(TimeSpan.FromMinutes(2), Apply([]).NoProgressTimeout);
    }

    [Theory]
    [InlineData("GAN2038", "GANTRY_MIRRORS", "docker.io")]
    [InlineData("GAN2038", "GANTRY_MIRRORS", "docker.io=")]
    [InlineData("GAN1006", "GANTRY_MIRRORS", "docker.io=https://mirror.contoso.com")]
    [InlineData("GAN2038", "GANTRY_PLAIN_HTTP", "http://registry.lab")]
    [InlineData("GAN2038", "GANTRY_TIMEOUT", "0")]
    [InlineData("GAN2038", "GANTRY_TIMEOUT", "soon")]
    [InlineData("GAN2038", "GANTRY_TIMEOUT", "99999999999")]
    public void A_malformed_variable_is_reported(string code, string variable, string value) =>
        Assert.Equal(code, Assert.Throws<GantryException>(() => Apply(new() { [variable] = value })).Code);

    [RegistryFact]
    public async Task Certificates_are_found_where_Docker_looks_for_them()
    {
        await using var registry = await RealRegistry.StartAsync(new RealRegistryOptions
        {
            Tls = _authority.IssueFiles(_folder, "localhost"),
            ClientCertificateAuthority = _authority.WriteAuthority(_folder),
        });
        var (certificate, key) = _authority.IssueFiles(_folder, "client", forClient: true);
        Copy(certificate, $"certs.d/{registry.Host}/client.cert");
        Copy(key, $"certs.d/{registry.Host}/client.key");

        // Without the authority the registry is not trusted, nor when the authority is trusted for another host.
        Assert.Equal("GAN2008", await FindAsync(registry));
        Copy(_folder.Combine("ca.crt"), "certs.d/registry.example.com/ca.crt");
        Assert.Equal("GAN2008", await FindAsync(registry));
        Copy(_folder.Combine("ca.crt"), $"certs.d/{registry.Host}/ca.crt");
        Assert.Equal("nothing", await FindAsync(registry));
    }

    [Fact]
    public async Task An_unusable_certificate_is_an_error_for_its_host_only()
    {
        using var certificate = _authority.Issue("localhost");
        await using var registry = await ScriptedRegistry.StartAsync(new ScriptedRegistryOptions { Certificate = certificate });
        _folder.Write("certs.d/other.lab/ca.crt", "-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----"u8);
        _folder.Write("certs.d/another.lab/client.cert", "x"u8);
        _authority.WriteAuthority(_folder);
        Copy(_folder.Combine("ca.crt"), $"certs.d/{registry.Host}/ca.crt");
        Assert.Equal("", (await ErrorAsync(registry.Address)));

        _folder.Write($"certs.d/{registry.Host}/more.crt", "-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----"u8);
        Assert.Matches("^GAN2037: .*more.crt", await ErrorAsync(registry.Address));

        File.Delete(_folder.Combine($"certs.d/{registry.Host}/more.crt"));
        _folder.Write($"certs.d/{registry.Host}/client.cert", "x"u8);
        Assert.Matches("^GAN2037: .*client.key", await ErrorAsync(registry.Address));
    }

    [UnprivilegedFact, UnsupportedOSPlatform("windows")]
    public async Task An_unreadable_folder_of_certificates_is_named()
    {
        using var certificate = _authority.Issue("localhost");
        await using var registry = await ScriptedRegistry.StartAsync(new ScriptedRegistryOptions { Certificate = certificate });
        var folder = Directory.CreateDirectory(_folder.Combine($"certs.d/{registry.Host}"), UnixFileMode.None).FullName;

        Assert.Matches($"^GAN2037: .*{folder}", await ErrorAsync(registry.Address));
    }

    private RegistrySessionOptions Apply(Dictionary<string, string> variables, RegistrySessionOptions? options = null) =>
        RegistryEnvironment.Apply(
            options ?? new RegistrySessionOptions(), variables.GetValueOrDefault, [_folder.Combine("certs.d"), _folder.Combine("none")]);

    private async Task<string> ErrorAsync(HostAddress registry)
    {
        var options = Apply(
            [],
            new RegistrySessionOptions { TlsHosts = new HashSet<string> { registry.Host }, Retry = new HttpRetryOptions { Attempts = 0 } });
        await using var session = new RegistrySession(options);
        return (await Record.ExceptionAsync(() => session.Open(registry, "app").FindTagAsync("v1", default)))?.Message ?? "";
    }

    private async Task<string> FindAsync(RealRegistry registry)
    {
        var options = Apply(
            [],
            new RegistrySessionOptions { TlsHosts = new HashSet<string> { registry.Host }, Retry = new HttpRetryOptions { Attempts = 0 } });
        await using var session = new RegistrySession(options);
        try
        {
            return await session.Open(registry.Address, "app").FindTagAsync("v1", default) is null ? "nothing" : "something";
        }
        catch (GantryException exception)
        {
            return exception.Code;
        }
    }

    private void Copy(string from, string to) => _folder.Write(to, File.ReadAllBytes(from));
}
