using Gantry.Copying;
using Gantry.Docker.Building;
using Gantry.Docker.Engine;
using Gantry.Docker.Tests.Fixtures;
using Gantry.Docker.Transfer;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Testing;

namespace Gantry.Docker.Tests.Transfer;

/// <summary>Pushes with Docker, with Debian's engine and real registries; differences of the containerd image store are scripted.</summary>
[Collection(DockerEngineCollection.Name)]
public sealed class DockerTransferTests(DockerEngineFixture fixture) : IAsyncLifetime
{
    private const string Digest = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    private readonly RecordingBuildLog _log = new();
    private readonly TempFolder _folder = new();
    private readonly RegistrySession _session = new();
    private readonly List<RealRegistry> _registries = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _session.DisposeAsync();
        foreach (var registry in _registries)
            await registry.DisposeAsync();
        _folder.Dispose();
    }

    [DockerEngineFact("docker-registry")]
    public async Task An_image_built_by_the_engine_is_complete_in_a_registry_and_in_a_folder()
    {
        var registry = await StartAsync();
        foreach (var address in
            new[] { registry.Address.ToString(), $"oci:{_folder.Combine("images")}", $"oci-archive:{_folder.Combine("app.tar")}" })
        {
            var repository = _session.Open(RegistryAddress.Parse(address), "app");
            await BuildAsync(repository);

            var report = await new ImageVerifier(new CopyOptions(), new CopyProgress()).VerifyAsync(repository, "v1", default);
            Assert.Empty(report.Faults);
        }
    }

    [DockerEngineFact("docker-registry")]
    public async Task An_engine_that_would_change_the_digest_is_refused_before_anything_moves()
    {
        var (from, to) = (await StartAsync(), await StartAsync());
        var digest = await BuildAsync(_session.Open(from.Address, "app"));
        var source = ImageReference.Parse($"{from.Host}/app@{digest}");

        var error = await Assert.ThrowsAsync<GantryException>(() =>
            Mover(fixture.Engine).TransferAsync(source, ImageReference.Parse($"{to.Host}/app:v1"), allowOtherDigest: false, default));

        Assert.Equal("GAN6017", error.Code);
        Assert.Contains("vfs", error.Message, StringComparison.Ordinal);
        Assert.Empty(await _session.Open(to.Address, "app").ListTagsAsync(default));
        Assert.DoesNotContain(
            await fixture.Engine.Client.Images.ListImagesAsync(new()),
            image => image.RepoDigests?.Any(name => name.Contains(from.Host, StringComparison.Ordinal)) == true);
    }

    [DockerEngineFact("docker-registry")]
    public async Task Another_digest_is_accepted_when_allowed_and_reported()
    {
        var (from, to) = (await StartAsync(), await StartAsync());
        var digest = await BuildAsync(_session.Open(from.Address, "app"));

        var rewrite = await Mover(fixture.Engine).TransferAsync(
            ImageReference.Parse($"{from.Host}/app@{digest}"), ImageReference.Parse($"{to.Host}/app:v1"), allowOtherDigest: true, default);

        Assert.Equal(digest, rewrite.SourceDigest);
        Assert.NotEqual(digest, rewrite.Target.Digest);
        Assert.Equal(rewrite.Target.Digest, (await _session.Open(to.Address, "app").FindTagAsync("v1", default))!.Digest);
        Assert.Contains(
            _log.Lines,
            line => line.StartsWith("warning: ", StringComparison.Ordinal) && line.Contains(digest.ToString(), StringComparison.Ordinal));

        // An image written by this engine is written the same way again: the result is an unchanged copy.
        var again = await Mover(fixture.Engine).TransferAsync(
            ImageReference.Parse($"{to.Host}/app@{rewrite.Target.Digest}"),
            ImageReference.Parse($"{to.Host}/again:v1"),
            allowOtherDigest: true,
            default);
        Assert.True(again.IsUnchanged);
        Assert.Equal(rewrite.Target.Digest, again.Target.Digest);
    }

    [DockerEngineFact("docker-registry")]
    public async Task A_failed_pull_or_push_is_reported_with_the_message_of_the_engine()
    {
        var from = await StartAsync();
        var digest = await BuildAsync(_session.Open(from.Address, "app"));
        var nowhere = $"localhost:{FreePort.Find()}";

        var pull = await Assert.ThrowsAsync<GantryException>(() => Mover(fixture.Engine).TransferAsync(
            ImageReference.Parse($"{from.Host}/none@{digest}"),
            ImageReference.Parse($"{from.Host}/app:v2"),
            allowOtherDigest: true,
            default));
        var push = await Assert.ThrowsAsync<GantryException>(() => Mover(fixture.Engine).TransferAsync(
            ImageReference.Parse($"{from.Host}/app@{digest}"), ImageReference.Parse($"{nowhere}/app:v1"), allowOtherDigest: true, default));

        Assert.Equal(("GAN6015", "GAN6016"), (pull.Code, push.Code));
    }

    [DockerEngineFact("docker-registry")]
    public async Task A_release_is_checked_before_anything_moves_and_pushed_once()
    {
        var (from, to) = (await StartAsync(), await StartAsync());
        var digest = await BuildAsync(_session.Open(from.Address, "app"), tag: "1.4.2");
        var release = new Release
        {
            Version = "1.4.2",
            Commit = new string('a', 40),
            Created = DateTimeOffset.UnixEpoch,
            Images =
            [
                new ReleaseImage
                {
                    Name = "app",
                    Repository = $"{from.Host}/app",
                    Digest = digest,
                    MediaType = MediaTypes.OciManifest,
                    Size = 1,
                    Platforms = ["linux/amd64"],
                },
            ],
        };
        var mover = new DockerReleaseTransfer(Mover(fixture.Engine), _session);

        var folder = await Assert.ThrowsAsync<GantryException>(() => mover.TransferAsync(
            release, from.Address, [RegistryAddress.Parse($"oci:{_folder.Path}")], null, allowOtherDigest: true, default));
        Assert.Equal("GAN6019", folder.Code);

        Assert.False(Assert.Single(
            await mover.TransferAsync(release, from.Address, [to.Address], null, allowOtherDigest: true, default)).IsUnchanged);
        var taken = await Assert.ThrowsAsync<GantryException>(() =>
            mover.TransferAsync(release, from.Address, [to.Address], null, allowOtherDigest: true, default));
        Assert.Equal("GAN4035", taken.Code);

        await new ImageCopier().CopyAsync(
            [
                new CopyRequest
                {
                    Source = _session.Open(from.Address, "app"),
                    Tag = "1.4.2",
                    Targets = [new CopyTarget(_session.Open(to.Address, "app"), "1.4.2") { MoveTagReason = "the right one" }],
                },
            ],
            default);
        Assert.Empty(await mover.TransferAsync(release, from.Address, [to.Address], null, allowOtherDigest: true, default));
    }

    [Fact]
    public async Task With_containerds_image_store_the_image_is_transferred_unchanged()
    {
        await using var scripted = await ScriptedDockerEngine.StartAsync();
        scripted.PushOutput = "{\"status\":\"Pushed\",\"id\":\"0\"}\n{\"aux\":{\"Tag\":\"v1\",\"Digest\":\"" + Digest + "\",\"Size\":2}}";

        var move = await MoveAsync(scripted);

        Assert.True(move.IsUnchanged);
        Assert.Equal($"contoso.azurecr.io/app:v1@{Digest}", move.Target.ToString());
        Assert.Equal(3, scripted.Changes.Count);
        Assert.Contains($"tag={Uri.EscapeDataString(Digest)}", scripted.Changes[0], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task An_unexpected_digest_is_an_error()
    {
        await using var scripted = await ScriptedDockerEngine.StartAsync();
        var other = $"sha256:{new string('0', 64)}";
        scripted.PushOutput = "{\"aux\":{\"Tag\":\"v1\",\"Digest\":\"" + other + "\",\"Size\":2}}";

        var error = await Assert.ThrowsAsync<GantryException>(() => MoveAsync(scripted));

        Assert.Equal("GAN6018", error.Code);
        Assert.Contains(other, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GAN6015", """{"errorDetail":{"message":"manifest unknown"},"error":"manifest unknown"}""", "")]
    [InlineData("GAN6016", """{"status":"Pull complete","id":"0"}""", """{"errorDetail":{"message":"denied"},"error":"denied"}""")]
    [InlineData("GAN6016", """{"status":"Pull complete","id":"0"}""", """{"status":"done"}""")]
    public async Task An_error_in_the_middle_of_a_stream_is_reported(string code, string pulled, string pushed)
    {
        await using var scripted = await ScriptedDockerEngine.StartAsync();
        (scripted.PullOutput, scripted.PushOutput) = (pulled, pushed);

        Assert.Equal(code, (await Assert.ThrowsAsync<GantryException>(() => MoveAsync(scripted))).Code);
    }

    [Fact]
    public async Task A_source_without_digest_or_a_target_without_tag_is_refused()
    {
        await using var scripted = await ScriptedDockerEngine.StartAsync();
        using var engine = DockerEngine.Connect(DockerEndpoint.Parse(scripted.Host, "the test"));

        await Assert.ThrowsAsync<ArgumentException>(() => Mover(engine).TransferAsync(
            ImageReference.Parse("a.io/b:c"), ImageReference.Parse("a.io/b:d"), allowOtherDigest: true, default));
        await Assert.ThrowsAsync<ArgumentException>(() => Mover(engine).TransferAsync(
            ImageReference.Parse($"a.io/b@{Digest}"), ImageReference.Parse($"a.io/b@{Digest}"), allowOtherDigest: true, default));
        Assert.Empty(scripted.Changes);
    }

    private async Task<DockerTransferResult> MoveAsync(ScriptedDockerEngine scripted)
    {
        using var engine = DockerEngine.Connect(DockerEndpoint.Parse(scripted.Host, "the test"));
        return await Mover(engine).TransferAsync(
            ImageReference.Parse($"base.azurecr.io/app@{Digest}"),
            ImageReference.Parse("contoso.azurecr.io/app:v1"),
            allowOtherDigest: false,
            default);
    }

    private DockerTransfer Mover(DockerEngine engine) => new(engine, _log);

    private async Task<Oci.Digest> BuildAsync(IImageRepository target, string tag = "v1")
    {
        using var folder = new BuildFolder($"FROM {DockerEngineFixture.BaseImage}\nCOPY file /file\n").Write("file", "content");
        var built = await new DockerImageBuilder(fixture.Engine, _log).BuildAsync(folder.Request, target, default);
        await target.PutTagAsync(tag, built.Root, default);
        await target.CompleteAsync(default);
        return built.Root.Descriptor.Digest;
    }

    private async Task<RealRegistry> StartAsync()
    {
        var registry = await RealRegistry.StartAsync();
        _registries.Add(registry);
        return registry;
    }
}
