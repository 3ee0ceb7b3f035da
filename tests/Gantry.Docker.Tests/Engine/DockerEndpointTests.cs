using System.Security.Cryptography;
using System.Text;
using Gantry.Docker.Engine;

namespace Gantry.Docker.Tests.Engine;

/// <summary>The choice of the engine, from environment variables and from files as Docker's own client writes them.</summary>
public sealed class DockerEndpointTests : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("gantry-docker-home-");

    public void Dispose() => _home.Delete(recursive: true);

    [Theory]
    [InlineData("unix:///var/run/docker.sock", "unix:///var/run/docker.sock")]
    [InlineData("tcp://10.0.0.5:2375", "http://10.0.0.5:2375/")]
    [InlineData("tcp://engine.example", "http://engine.example:2375/")]
    [InlineData("tcp://[::1]:2375", "http://[::1]:2375/")]
    [InlineData("engine.example:2375", "http://engine.example:2375/")]
    [InlineData("http://engine.example:2375", "http://engine.example:2375/")]
    [InlineData("https://engine.example", "https://engine.example:2376/")]
    [InlineData("npipe:////./pipe/docker_engine", "npipe://./pipe/docker_engine")]
    [InlineData(@"npipe://\\.\pipe\docker_engine", "npipe://./pipe/docker_engine")]
    public void DOCKER_HOST_is_read_in_every_form_that_Docker_reads(string host, string address)
    {
        var endpoint = Resolve(("DOCKER_HOST", host));

        Assert.Equal(new Uri(address), endpoint.Address);
        Assert.Equal("DOCKER_HOST", endpoint.Origin);
    }

    [Theory]
    [InlineData("ssh://me@engine.example", "GAN6003")]
    [InlineData("unix://relative.sock", "GAN6004")]
    [InlineData("tcp://", "GAN6004")]
    [InlineData("tcp://user:secret@engine.example:2375", "GAN6004")]
    [InlineData("fd://", "GAN6004")]
    [InlineData("npipe:////./docker_engine", "GAN6004")]
    public void An_address_that_cannot_be_used_is_an_error_without_its_credentials(string host, string code)
    {
        var error = Assert.Throws<GantryException>(() => Resolve(("DOCKER_HOST", host)));

        Assert.Equal(code, error.Code);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("me@", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_configuration_the_default_socket_or_pipe_is_used()
    {
        Assert.Equal("unix:///var/run/docker.sock (the default)", Resolve().ToString());
        Assert.Equal("npipe://./pipe/docker_engine (the default)", DockerEndpoint.Resolve(Environment(isWindows: true)).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("null")]
    [InlineData("{}")]
    public void With_a_configuration_file_without_content_the_default_is_used(string content)
    {
        WriteConfiguration(content);
        Assert.Equal("unix:///var/run/docker.sock (the default)", Resolve().ToString());
    }

    [Fact]
    public void The_current_context_of_the_configuration_file_is_used()
    {
        WriteConfiguration("""{"auths":{},"currentContext":"remote"}""");
        WriteContext("remote", "tcp://10.0.0.5:2375");

        Assert.Equal("http://10.0.0.5:2375 (context 'remote')", Resolve().ToString());
    }

    [Fact]
    public void DOCKER_HOST_overrides_DOCKER_CONTEXT_which_overrides_the_configuration_file()
    {
        WriteConfiguration("""{"currentContext":"remote"}""");
        WriteContext("remote", "tcp://10.0.0.5:2375");
        WriteContext("other", "unix:///run/other.sock");

        Assert.Equal("unix:///run/other.sock (context 'other')", Resolve(("DOCKER_CONTEXT", "other")).ToString());
        Assert.Equal("the default", Resolve(("DOCKER_CONTEXT", "default")).Origin);
        Assert.Equal("DOCKER_HOST", Resolve(("DOCKER_CONTEXT", "other"), ("DOCKER_HOST", "unix:///run/third.sock")).Origin);
    }

    [Fact]
    public void DOCKER_CONFIG_moves_the_configuration()
    {
        var moved = Path.Combine(_home.FullName, "elsewhere");
        WriteConfiguration("""{"currentContext":"remote"}""", moved);
        WriteContext("remote", "tcp://10.0.0.5:2375", moved);

        Assert.Equal("context 'remote'", Resolve(("DOCKER_CONFIG", moved)).Origin);
    }

    [Fact]
    public void A_missing_context_is_reported_with_the_setting_that_names_it()
    {
        WriteConfiguration("""{"currentContext":"gone"}""");

        var fromFile = Assert.Throws<GantryException>(() => Resolve());
        var fromVariable = Assert.Throws<GantryException>(() => Resolve(("DOCKER_CONTEXT", "missing")));

        Assert.Equal("GAN6005", fromFile.Code);
        Assert.Contains("'gone'", fromFile.Message, StringComparison.Ordinal);
        Assert.Contains("config.json", fromFile.Message, StringComparison.Ordinal);
        Assert.Contains("'missing' (DOCKER_CONTEXT)", fromVariable.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"currentContext":7}""")]
    public void A_configuration_file_that_cannot_be_read_is_named(string content)
    {
        WriteConfiguration(content);

        var error = Assert.Throws<GantryException>(() => Resolve());

        Assert.Equal("GAN6006", error.Code);
        Assert.Contains("config.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_context_without_a_Docker_endpoint_is_an_error()
    {
        WriteContext("kube", host: null);

        Assert.Equal("GAN6006", Assert.Throws<GantryException>(() => Resolve(("DOCKER_CONTEXT", "kube"))).Code);
    }

    [Fact]
    public void TLS_is_used_when_the_environment_or_the_context_asks_for_it()
    {
        WriteContext("remote", "tcp://10.0.0.5:2376", tls: true);
        WriteContext("plain", "tcp://10.0.0.5:2375");
        WriteContext("unverified", "tcp://10.0.0.5:2376", skipVerify: true);

        Assert.Equal("https", Resolve(("DOCKER_HOST", "tcp://10.0.0.5:2376"), ("DOCKER_TLS_VERIFY", "1")).Address.Scheme);
        Assert.Equal("https", Resolve(("DOCKER_CONTEXT", "remote")).Address.Scheme);
        Assert.Equal("http", Resolve(("DOCKER_CONTEXT", "plain")).Address.Scheme);
        Assert.Equal("https", Resolve(("DOCKER_CONTEXT", "unverified")).Address.Scheme);
        Assert.Equal("unix", Resolve(("DOCKER_HOST", "unix:///run/docker.sock"), ("DOCKER_TLS_VERIFY", "1")).Address.Scheme);
    }

    [Fact]
    public void A_certificate_folder_that_is_missing_or_unreadable_is_an_error()
    {
        var broken = _home.CreateSubdirectory("broken");
        File.WriteAllText(Path.Combine(broken.FullName, "cert.pem"), "not a certificate");
        File.WriteAllText(Path.Combine(broken.FullName, "key.pem"), "not a key");
        var endpoint = Resolve(("DOCKER_HOST", "tcp://10.0.0.5"), ("DOCKER_TLS_VERIFY", "1"), ("DOCKER_CERT_PATH", broken.FullName));

        var missing = Assert.Throws<GantryException>(() =>
            Resolve(("DOCKER_HOST", "tcp://10.0.0.5"), ("DOCKER_TLS_VERIFY", "1"), ("DOCKER_CERT_PATH", "/nowhere")));
        var unreadable = Assert.Throws<GantryException>(() => DockerEngine.Connect(endpoint));

        Assert.Equal("GAN6007", missing.Code);
        Assert.Equal("GAN6007", unreadable.Code);
        Assert.Contains(broken.FullName, unreadable.Message, StringComparison.Ordinal);
    }

    private DockerEndpoint Resolve(params (string Name, string Value)[] variables) =>
        DockerEndpoint.Resolve(Environment(isWindows: false, variables));

    private DockerEnvironment Environment(bool isWindows, params (string Name, string Value)[] variables) => new()
    {
        Variable = name => variables.FirstOrDefault(variable => variable.Name == name).Value,
        Home = _home.FullName,
        IsWindows = isWindows,
    };

    private void WriteConfiguration(string json, string? folder = null)
    {
        folder ??= Path.Combine(_home.FullName, ".docker");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), json);
    }

    private void WriteContext(string name, string? host, string? folder = null, bool tls = false, bool skipVerify = false)
    {
        folder ??= Path.Combine(_home.FullName, ".docker");
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        var meta = Directory.CreateDirectory(Path.Combine(folder, "contexts", "meta", id));
        var endpoints = host is null
            ? "{}"
            : $$$"""{"docker":{"Host":"{{{host}}}","SkipTLSVerify":{{{(skipVerify ? "true" : "false")}}}}}""";
        File.WriteAllText(
            Path.Combine(meta.FullName, "meta.json"), $$$"""{"Name":"{{{name}}}","Metadata":{},"Endpoints":{{{endpoints}}}}""");
        if (tls)
            Directory.CreateDirectory(Path.Combine(folder, "contexts", "tls", id, "docker"));
    }
}
