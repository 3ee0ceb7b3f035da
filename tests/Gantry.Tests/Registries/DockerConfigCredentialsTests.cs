using System.Text;
using Gantry.Registries;
using Gantry.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Tests.Registries;

public sealed class DockerConfigCredentialsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string, string, string, RegistryCredential?> Entries => new()
    {
        {
            "a name and a password in base64",
            """{"auths":{"contoso.azurecr.io":{"auth":"bWU6c2VjcmV0"}}}""", "contoso.azurecr.io", new PasswordCredential("me", "secret")
        },
        {
            "a password with colons",
            """{"auths":{"contoso.azurecr.io":{"auth":"bWU6YTpi"}}}""", "contoso.azurecr.io", new PasswordCredential("me", "a:b")
        },
        {
            "a name and a password in the clear",
            """{"auths":{"a.io":{"username":"me","password":"secret"}}}""", "a.io", new PasswordCredential("me", "secret")
        },
        {
            "an identity token wins",
            """{"auths":{"a.io":{"auth":"bWU6c2VjcmV0","identitytoken":"token"}}}""", "a.io", new RefreshTokenCredential("token")
        },
        {
            "a key with a port",
            """{"auths":{"localhost:5001":{"auth":"bWU6c2VjcmV0"}}}""", "localhost:5001", new PasswordCredential("me", "secret")
        },
        { "another port is another registry", """{"auths":{"localhost:5001":{"auth":"bWU6c2VjcmV0"}}}""", "localhost:5002", null },
        {
            "a key that is an address",
            """{"auths":{"https://a.io/v2/":{"auth":"bWU6c2VjcmV0"}}}""", "a.io", new PasswordCredential("me", "secret")
        },
        {
            "Docker Hub under its old address",
            """{"auths":{"https://index.docker.io/v1/":{"auth":"bWU6c2VjcmV0"}}}""", "docker.io", new PasswordCredential("me", "secret")
        },
        { "another registry", """{"auths":{"a.io":{"auth":"bWU6c2VjcmV0"}}}""", "b.io", null },
        { "a registry whose name ends alike", """{"auths":{"a.io":{"auth":"bWU6c2VjcmV0"}}}""", "evil-a.io", null },
        { "an empty entry", """{"auths":{"a.io":{}}}""", "a.io", null },
        { "an entry that is null", """{"auths":{"a.io":null}}""", "a.io", null },
        { "no entries", """{"HttpHeaders":{"x":"y"},"detachKeys":"ctrl-e,e"}""", "a.io", null },
    };

    public static TheoryData<string, string, string> Malformed => new()
    {
        { "not JSON", "auths: {secret", "GAN2019" },
        { "not an object", """["secret"]""", "GAN2019" },
        { "not base64", """{"auths":{"a.io":{"auth":"%secret%"}}}""", "GAN2019" },
        { "no colon", """{"auths":{"a.io":{"auth":"c2VjcmV0"}}}""", "GAN2019" },
        { "a helper with a path", """{"credsStore":"../secret"}""", "GAN2018" },
        { "a helper that is not installed", """{"credsStore":"gantry-is-not-installed"}""", "GAN2018" },
    };

    [Theory, MemberData(nameof(Entries))]
    public async Task Entry(string name, string config, string host, RegistryCredential? expected)
    {
        Assert.NotEmpty(name);
        Assert.Equal(expected, await Source(config).FindAsync(host, default));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n")]
    [InlineData("\uFEFF")]
    [InlineData("\uFEFF\n")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("\uFEFF{}")]
    [InlineData("""{"auths":null,"credHelpers":null,"credsStore":null}""")]
    public async Task A_file_without_content_holds_no_credentials(string content) =>
        Assert.Null(await Source(content).FindAsync("a.io", default));

    [Theory, MemberData(nameof(Malformed))]
    public async Task A_malformed_file_is_reported_without_its_content(string name, string config, string code)
    {
        Assert.NotEmpty(name);
        var thrown = await Assert.ThrowsAsync<GantryException>(async () => await Source(config).FindAsync("a.io", default));
        Assert.Equal(code, thrown.Code);
        Assert.DoesNotContain("secret", thrown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_file_there_is_no_credential() =>
        Assert.Null(await new DockerConfigCredentials(_folder.Combine("missing.json")).FindAsync("a.io", default));

    [Fact]
    public async Task A_credential_is_never_printed() =>
        Assert.DoesNotContain(
            "secret",
            $"{await Source("""{"auths":{"a.io":{"auth":"bWU6c2VjcmV0"}}}""").FindAsync("a.io", default)}",
            StringComparison.Ordinal);

    [Fact]
    public void The_file_of_Docker_wins_over_that_of_podman()
    {
        var docker = _folder.Write("docker/config.json", "{}"u8);
        var podman = _folder.Write("run/containers/auth.json", "{}"u8);
        var environment = new Dictionary<string, string>
        {
            ["DOCKER_CONFIG"] = _folder.Combine("docker"),
            ["XDG_RUNTIME_DIR"] = _folder.Combine("run"),
        };

        Assert.Equal(docker, DockerConfigCredentials.DefaultFile(environment.GetValueOrDefault));
        environment["DOCKER_CONFIG"] = _folder.Combine("elsewhere");
        Assert.Equal(podman, DockerConfigCredentials.DefaultFile(environment.GetValueOrDefault));
    }

    [UnixFact]
    public async Task A_helper_gets_the_registry_and_returns_the_credential()
    {
        using var helper = new HelperProgram(
            """read server; printf '{"ServerURL":"%s","Username":"user of %s","Secret":"secret"}' "$server" "$server" """);
        var source = Source($$"""{"credHelpers":{"a.io":"{{helper.Name}}"},"credsStore":"gantry-is-not-installed"}""");
        Assert.Equal(new PasswordCredential("user of a.io", "secret"), await source.FindAsync("a.io", default));
    }

    [UnixFact]
    public async Task Docker_Hub_is_looked_up_in_a_store_by_its_old_address()
    {
        using var helper = new HelperProgram(
            """read server; printf '{"ServerURL":"%s","Username":"<token>","Secret":"%s"}' "$server" "$server" """);
        var source = Source($$"""{"credsStore":"{{helper.Name}}"}""");
        Assert.Equal(new RefreshTokenCredential("https://index.docker.io/v1/"), await source.FindAsync("docker.io", default));
    }

    [UnixFact]
    public async Task Without_a_credential_from_the_helper_the_entries_are_used()
    {
        using var helper = new HelperProgram("""echo "credentials not found in native keychain"; exit 1""");
        Assert.Null(await Source($$"""{"credsStore":"{{helper.Name}}"}""").FindAsync("a.io", default));
        Assert.Equal(
            new PasswordCredential("me", "secret"),
            await Source($$"""{"credsStore":"{{helper.Name}}","auths":{"a.io":{"auth":"bWU6c2VjcmV0"} } }""").FindAsync("a.io", default));
    }

    [UnixFact]
    public async Task A_failed_helper_is_reported_without_its_output()
    {
        using var helper = new HelperProgram("""echo secret; echo secret >&2; exit 3""");
        await AssertFailsAsync(helper, "code 3");
    }

    [UnixFact]
    public async Task An_invalid_answer_of_a_helper_is_reported_without_its_output()
    {
        using var helper = new HelperProgram("echo secret");
        await AssertFailsAsync(helper, "not JSON");
    }

    [UnixFact]
    public async Task A_helper_that_hangs_is_killed()
    {
        using var started = new TempFolder();
        using var helper = new HelperProgram(
            $"echo $$ > '{started.Combine("pid")}.new'; mv '{started.Combine("pid")}.new' '{started.Combine("pid")}'; exec sleep 1000");
        var time = new FakeTimeProvider();
        var finding = Source($$"""{"credsStore":"{{helper.Name}}"}""", time).FindAsync("a.io", default).AsTask();
        while (!File.Exists(started.Combine("pid")))
            await Task.Yield();

        time.Advance(TimeSpan.FromMinutes(2));

        Assert.Contains("did not end", (await Assert.ThrowsAsync<GantryException>(() => finding)).Message, StringComparison.Ordinal);
        var pid = int.Parse(await File.ReadAllTextAsync(started.Combine("pid")));
        Assert.Throws<ArgumentException>(() => System.Diagnostics.Process.GetProcessById(pid));
    }

    [UnixFact]
    public async Task A_helper_stores_and_removes_and_the_file_stays()
    {
        using var helper = new HelperProgram(
            $$"""
            case "$1" in
              store) cat > '{{_folder.Combine("stored")}}' ;;
              get) cat '{{_folder.Combine("stored")}}' 2>/dev/null || { echo "credentials not found"; exit 1; } ;;
              erase) rm '{{_folder.Combine("stored")}}' ;;
            esac
            """);
        var config = $$"""{"credHelpers":{"a.io":"{{helper.Name}}"} }""";
        var source = Source(config);
        var credential = new PasswordCredential("me", "secret+\"quoted\"");

        Assert.False(await source.EraseAsync("a.io", default));
        Assert.Equal($"docker-credential-{helper.Name}", await source.StoreAsync("a.io", credential, default));
        Assert.Equal(credential, await source.FindAsync("a.io", default));
        Assert.True(await source.EraseAsync("a.io", default));

        Assert.Null(await source.FindAsync("a.io", default));
        Assert.Equal(config, await File.ReadAllTextAsync(_folder.Combine("config.json")));
    }

    [UnixFact]
    public async Task A_helper_that_does_not_store_is_reported_without_its_output()
    {
        using var helper = new HelperProgram("cat > /dev/null; echo secret; exit 4");
        var thrown = await Assert.ThrowsAsync<GantryException>(() => Source($$"""{"credsStore":"{{helper.Name}}"}""")
            .StoreAsync("a.io", new PasswordCredential("me", "secret"), default));
        Assert.Equal("GAN2053", thrown.Code);
        Assert.DoesNotContain("secret", thrown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Docker_Hub_is_stored_and_removed_under_its_old_address()
    {
        var source = Source("""{"auths":{"docker.io":{"auth":"bWU6b2xk"},"a.io":{} } }""");

        await source.StoreAsync("docker.io", new PasswordCredential("me", "new"), default);
        Assert.Contains(
            "https://index.docker.io/v1/", await File.ReadAllTextAsync(_folder.Combine("config.json")), StringComparison.Ordinal);
        Assert.True(await source.EraseAsync("docker.io", default));
        Assert.False(await source.EraseAsync("docker.io", default));

        Assert.DoesNotContain("docker.io", await File.ReadAllTextAsync(_folder.Combine("config.json")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{secret")]
    [InlineData("[]")]
    [InlineData("""{"auths":{},"auths":{} }""")]
    public async Task A_malformed_file_is_not_replaced(string config)
    {
        var thrown = await Assert.ThrowsAsync<GantryException>(() =>
            Source(config).StoreAsync("a.io", new PasswordCredential("me", "x"), default));

        Assert.Equal("GAN2019", thrown.Code);
        Assert.Equal(config, await File.ReadAllTextAsync(_folder.Combine("config.json")));
    }

    [UnixTheory]
    [InlineData("123456789012.dkr.ecr.eu-west-1.amazonaws.com", "ecr-login")]
    [InlineData("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "ecr-login")]
    [InlineData("public.ecr.aws", "ecr-login")]
    [InlineData("europe-docker.pkg.dev", "gcloud")]
    [InlineData("eu.gcr.io", "gcr")]
    [InlineData("contoso.azurecr.io", null)]
    [InlineData("evil-pkg.dev", null)]
    [InlineData("amazonaws.com", null)]
    public async Task The_helper_of_a_cloud_is_asked_for_its_registries(string host, string? helper)
    {
        var asked = new List<string>();
        var source = new CloudCredentialHelpers(TimeProvider.System, name =>
        {
            asked.Add(name);
            return name == helper && name != "gcloud";
        });

        // Not installed under that name here: it fails as one does that is not signed in.
        Assert.Null(await source.FindAsync(host, default));
        Assert.Equal(helper is not null, asked.Contains(helper ?? ""));
        Assert.Equal(helper is null, source.Advise(host, "") is null);
    }

    public void Dispose() => _folder.Dispose();

    private async Task AssertFailsAsync(HelperProgram helper, string reason)
    {
        var thrown = await Assert.ThrowsAsync<GantryException>(async () =>
            await Source($$"""{"credsStore":"{{helper.Name}}"}""").FindAsync("a.io", default));
        Assert.Equal("GAN2018", thrown.Code);
        Assert.Contains(reason, thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", thrown.ToString(), StringComparison.Ordinal);
    }

    private DockerConfigCredentials Source(string config, TimeProvider? time = null) =>
        new(_folder.Write("config.json", Encoding.UTF8.GetBytes(config)), time);

    /// <summary>A credential helper on the PATH with a unique name.</summary>
    private sealed class HelperProgram : IDisposable
    {
        private static readonly Lazy<TempFolder> s_folder = new(() =>
        {
            var folder = new TempFolder();
            Environment.SetEnvironmentVariable("PATH", $"{folder.Path}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}");
            return folder;
        });

        private readonly string _file;

        public HelperProgram(string script)
        {
            _file = s_folder.Value.Write($"docker-credential-{Name}", Encoding.UTF8.GetBytes($"#!/bin/sh\n{script}\n"));
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(_file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        public string Name { get; } = $"gantry-{Guid.NewGuid():N}";

        public void Dispose() => File.Delete(_file);
    }
}
