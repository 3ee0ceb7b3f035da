using System.Text;
using System.Text.Json.Nodes;
using Gantry.Testing;
using Microsoft.AspNetCore.Http;
using Gantry.Cli.Start;

namespace Gantry.Cli.Tests;

public sealed class LoginTests : IDisposable
{
    private const string Password = "a secret: swordfish";
    private readonly TempFolder _folder = new();

    private string File => _folder.Combine("docker", "config.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_credential_is_verified_stored_and_removed_and_everything_else_stays()
    {
        const string Other = """{"auths":{"a.io":{"auth":"bWU6c2VjcmV0"}},"detachKeys":"ctrl-e,e","HttpHeaders":{"x":"y+z"}}""";
        _folder.Write("docker/config.json", Encoding.UTF8.GetBytes(Other));
        await using var registry = await StartAsync();
        var host = registry.Address.Authority;

        var signedIn = await RunAsync(Password + "\n", "login", host, "--username", "me", "--password-stdin", "--format", "json");
        Assert.True(signedIn.Code == 0, signedIn.Error);
        Schemas.AssertIs("login", signedIn.Output);
        Assert.DoesNotContain("swordfish", signedIn.Output + signedIn.Error, StringComparison.Ordinal);
        var config = JsonNode.Parse(await System.IO.File.ReadAllTextAsync(File))!;
        Assert.Equal(
            $"me:{Password}",
            Encoding.UTF8.GetString(Convert.FromBase64String(config["auths"]![host]!["auth"]!.GetValue<string>())));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        Assert.Equal([File], Directory.GetFiles(Path.GetDirectoryName(File)!));

        var signedOut = await RunAsync("", "logout", host, "--format", "json");
        Schemas.AssertIs("logout", signedOut.Output);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Other), JsonNode.Parse(await System.IO.File.ReadAllTextAsync(File))));
        Assert.Equal($"There was no credential for {host}.\n", (await RunAsync("", "logout", host)).Output);
    }

    [Fact]
    public async Task The_first_credential_makes_the_file()
    {
        var signedIn = await RunAsync("x", "login", "https://a.io/", "-u", "me", "--password-stdin", "--no-verify");

        Assert.Equal((0, $"Signed in to a.io as me. The credential is in {File}.\n"), (signedIn.Code, signedIn.Output));
        Assert.Contains("a.io", await System.IO.File.ReadAllTextAsync(File), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_credential_that_is_refused_is_not_stored()
    {
        await using var registry = await StartAsync();

        var refused = await RunAsync("wrong", "login", registry.Address.Authority, "-u", "me", "--password-stdin");

        Assert.Equal(1, refused.Code);
        Assert.Matches(@"\AGAN2\d{3}: [^\n]+\n\z", refused.Error);
        Assert.False(System.IO.File.Exists(File));
    }

    [Theory]
    [InlineData("GAN2054", "x", "login", "a.io", "-u", "me", "--password", "swordfish")]
    [InlineData("GAN2055", "x", "login", "a.io", "--password-stdin")]
    [InlineData("GAN2056", "x", "login", "a.io", "-u", "me")]
    [InlineData("GAN2057", "\n", "login", "a.io", "-u", "me", "--password-stdin")]
    [InlineData("GAN2058", "x", "login", "oci:folder", "-u", "me", "--password-stdin")]
    [InlineData("GAN2059", "x", "login", "a.io", "-u", "me:swordfish", "--password-stdin")]
    public async Task What_is_missing_is_named_before_anything_is_asked(string code, string input, params string[] arguments)
    {
        var answer = await RunAsync(input, arguments);

        Assert.Equal((1, ""), (answer.Code, answer.Output));
        Assert.Matches($@"\A{code}: [^\n]+\.\n\z", answer.Error);
        Assert.DoesNotContain("swordfish", answer.Error, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File));
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(string input, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var context = new CommandContext(output, error) { DockerConfigFile = File, In = new StringReader(input), CanAsk = false };
        var code = await Commands.RunAsync(arguments, context, CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }

    private static Task<LoopbackServer> StartAsync() => LoopbackServer.StartAsync((context, _) =>
    {
        var expected = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"me:{Password}"))}";
        if (context.Request.Headers.Authorization.ToString() == expected)
            return Task.CompletedTask;
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "Basic realm=\"test\"";
        return Task.CompletedTask;
    });
}
