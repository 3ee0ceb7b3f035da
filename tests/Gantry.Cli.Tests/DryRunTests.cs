using Gantry.Registries;
using Gantry.Testing;
using Gantry.Testing.Faults;

namespace Gantry.Cli.Tests;

/// <summary><c>gantry copy --dry-run</c> writes nothing, and its exit code says whether it would; a blank option is none.</summary>
public sealed class DryRunTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private ScriptedRegistry _source = null!;
    private ScriptedRegistry _target = null!;
    private RegistrySession _session = null!;

    public async Task InitializeAsync()
    {
        _source = await ScriptedRegistry.StartAsync();
        _target = await ScriptedRegistry.StartAsync();
        _session = new RegistrySession(new RegistrySessionOptions());
        await PushAsync(_source, 1);
    }

    public async Task DisposeAsync()
    {
        await _session.DisposeAsync();
        await _source.DisposeAsync();
        await _target.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Nothing_is_written_until_the_copy_is_made()
    {
        string[] copy = ["copy", $"{_source.Host}/app:v1", $"{_target.Host}/app"];

        var dry = await CommandRunner.RunAsync([.. copy, "--dry-run"]);
        Assert.Equal((3, ""), (dry.Code, dry.Error));
        Assert.Contains("would copy 2 blobs (", dry.Output, StringComparison.Ordinal);
        Assert.Contains("1 manifest, 1 attachment, the tag", dry.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(_target.Requests, request => request.Method is not ("GET" or "HEAD"));

        (await CommandRunner.RunAsync(copy)).EnsureSuccess();
        var writes = _target.Requests.Count(request => request.Method is not ("GET" or "HEAD"));
        var again = (await CommandRunner.RunAsync([.. copy, "--dry-run"])).EnsureSuccess();
        Assert.Contains("nothing would move", again.Output, StringComparison.Ordinal);
        (await CommandRunner.RunAsync([.. copy, "--dry-run", "--deep"])).EnsureSuccess();
        Assert.Equal(writes, _target.Requests.Count(request => request.Method is not ("GET" or "HEAD")));
    }

    [Theory]
    [InlineData("oci:{0}/app:v1")]
    [InlineData("oci-archive:{0}.tar:v1")]
    public async Task Folders_and_archives_are_not_created(string target)
    {
        var place = string.Format(target, _folder.Combine("new"));

        var dry = await CommandRunner.RunAsync("copy", $"{_source.Host}/app:v1", place, "--dry-run");

        Assert.Equal((3, ""), (dry.Code, dry.Error));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t")]
    public async Task A_blank_reason_moves_no_tag(string reason)
    {
        await PushAsync(_target, 2);
        var writes = _target.Requests.Count(request => request.Method is not ("GET" or "HEAD"));

        var refused = await CommandRunner.RunAsync("copy", $"{_source.Host}/app:v1", $"{_target.Host}/app", "--move-tag", reason);
        refused.AssertError("GAN7058: --move-tag has a blank value");
        (await CommandRunner.RunAsync("copy", $"{_source.Host}/app:v1", $"{_target.Host}/app", "--dry-run")).AssertError("GAN4035: ");
        Assert.Equal(writes, _target.Requests.Count(request => request.Method is not ("GET" or "HEAD")));

        var dry = await CommandRunner.RunAsync(
            "copy", $"{_source.Host}/app:v1", $"{_target.Host}/app", "--move-tag", "pushed by hand", "--dry-run");
        Assert.Equal(3, dry.Code);
        Assert.Contains("because: pushed by hand", dry.Output, StringComparison.Ordinal);
        Assert.Equal(writes, _target.Requests.Count(request => request.Method is not ("GET" or "HEAD")));
    }

    [Theory]
    [InlineData("--platform")]
    [InlineData("--plain-http")]
    public async Task Any_other_blank_option_is_refused(string option) =>
        (await CommandRunner.RunAsync("copy", $"{_source.Host}/app:v1", $"{_target.Host}/app", option, "")).AssertError(
            $"GAN7058: {option} has a blank value");

    private async Task PushAsync(ScriptedRegistry registry, int seed)
    {
        var image = SampleImage.Create(seed, 100);
        var repository = _session.Open(registry.Address, "app");
        await image.PushAsync(repository);
        await SampleImage.CreateReferrer(image.Root.Descriptor, "signed").PushAsync(repository);
        await repository.PutTagAsync("v1", image.Root, CancellationToken.None);
    }
}
