using System.Text.RegularExpressions;
using Gantry.Copying;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;
using Gantry.Testing.Faults;

namespace Gantry.Cli.Tests;

/// <summary>
/// The command line as a process at registries that go wrong. Each case ends in success or in one coded error: with the right exit code,
/// nothing in its output that could act, bounded memory and time, and a target that is complete or has no tag.
/// </summary>
public sealed partial class ScriptedRegistryTests : IAsyncLifetime
{
    // A program of .NET has 60 MiB when it does nothing.
    private const long MaximumMemory = 256L * 1024 * 1024;

    private readonly TempFolder _folder = new();
    private ScriptedRegistry? _registry;

    public static TheoryData<string> Cases => [.. ScriptedCases.All.Keys];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_registry is not null)
            await _registry.DisposeAsync();
        _folder.Dispose();
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task Every_case_ends_as_it_should(string name)
    {
        var expected = ScriptedCases.All[name];
        _registry = await ScriptedRegistry.StartAsync(expected.Registry);
        await PrepareAsync(expected);
        expected.Script(_registry);
        var environment = new Dictionary<string, string> { ["DOCKER_CONFIG"] = WriteCredentials(expected.Registry.Scheme is not null) };

        if (expected.Timeout is { } seconds)
            environment["GANTRY_TIMEOUT"] = $"{seconds}";
        var run = await MeasuredRun.StartAsync(_folder, environment, [.. ArgumentsOf(expected.Command)]);

        AssertIsWellBehaved(run);
        AssertEndsAs(expected, run);
        if (expected.Command == ScriptedCommand.Pull)
            await AssertFolderAsync(expected);
        if (expected.Command == ScriptedCommand.Push)
            AssertRegistry(isThere: expected.Code is null);
    }

    private async Task PrepareAsync(ScriptedCase expected)
    {
        if (expected.Command != ScriptedCommand.Push)
        {
            ScriptedCases.Image.AddTo(_registry!.Store);
            return;
        }

        await using var session = new RegistrySession();
        var source = session.Open(RegistryAddress.Parse($"oci:{_folder.Combine("source")}"), "app");
        await ScriptedCases.Image.PushAsync(source);
    }

    private IEnumerable<string> ArgumentsOf(ScriptedCommand command) => command switch
    {
        ScriptedCommand.Pull => ["copy", $"{_registry!.Host}/app:v1", $"oci:{_folder.Combine("target")}/app:v1"],
        ScriptedCommand.Push => ["copy", $"oci:{_folder.Combine("source")}/app:v1", $"{_registry!.Host}/app:v1"],
        ScriptedCommand.Inspect => ["inspect", $"{_registry!.Host}/app:v1"],
        _ => ["verify", $"{_registry!.Host}/app:v1"],
    };

    private string WriteCredentials(bool known)
    {
        var entry = known
            ? $"\"{_registry!.Host}\":{{\"username\":\"{TokenAuthority.UserName}\",\"password\":\"{TokenAuthority.Password}\"}}"
            : "";
        var config = System.Text.Encoding.UTF8.GetBytes($"{{\"auths\":{{{entry}}}}}");
        return Path.GetDirectoryName(_folder.Write("docker/config.json", config))!;
    }

    private static void AssertIsWellBehaved(MeasuredRun run)
    {
        Assert.Null(HostileText.FindFault(run.Error));
        Assert.Null(HostileText.FindFault(run.Output));
        Assert.False(run.Error.Contains("   at ", StringComparison.Ordinal), run.Error);
        Assert.DoesNotContain("Unhandled", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(TokenAuthority.Password, run.Output + run.Error, StringComparison.Ordinal);
        Assert.True(run.PeakMemory is null or <= MaximumMemory, $"It had {run.PeakMemory} bytes of memory.");
    }

    private static void AssertEndsAs(ScriptedCase expected, MeasuredRun run)
    {
        if (expected.Code is not { } code)
        {
            Assert.True(run.ExitCode == 0, $"exit code {run.ExitCode}: {run.Error}");
        }
        else if (code == ScriptedCase.Faults)
        {
            Assert.Equal(1, run.ExitCode);
            Assert.DoesNotContain("no faults", run.Output, StringComparison.Ordinal);
        }
        else
        {
            Assert.True(run.ExitCode == 1, $"exit code {run.ExitCode}: {run.Error}");
            // Before the error there may be warnings, progress, and what is awaited.
            var lines = run.Error.TrimEnd('\n').Split('\n');
            Assert.DoesNotContain(lines[..^1], line => line.StartsWith("GAN", StringComparison.Ordinal));
            Assert.Matches(OneError(), lines[^1]);
            Assert.StartsWith(code + ": ", lines[^1], StringComparison.Ordinal);
            Assert.Equal("", run.Output);
        }

        if (expected.Says is { } text)
            Assert.Contains(text, run.Error + run.Output, StringComparison.Ordinal);
    }

    private async Task AssertFolderAsync(ScriptedCase expected)
    {
        await using var session = new RegistrySession();
        var target = session.Open(RegistryAddress.Parse($"oci:{_folder.Combine("target")}"), "app");
        if (expected.Code is not null)
        {
            Assert.Null(await target.FindTagAsync("v1", default));
            return;
        }

        var report = await new ImageVerifier(new CopyOptions(), new CopyProgress()).VerifyAsync(target, "v1", default);
        Assert.Equal(
            (ScriptedCases.Image.Root.Descriptor.Digest, expected.Attachments ?? ScriptedCases.Image.AttachmentCount, 0),
            (report.Root.Digest, report.Attachments, report.Faults.Count));
    }

    private void AssertRegistry(bool isThere)
    {
        Assert.Empty(_registry!.Store.FindDamage());
        Assert.Equal(isThere, _registry.Store.Tags.ContainsKey(("app", "v1")));
    }

    [GeneratedRegex(@"\AGAN\d{4}: [^\n]+\.\z")]
    private static partial Regex OneError();
}
