using Gantry.Images;
using Gantry.Nuke.Building;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Testing;

namespace Gantry.Nuke.Tests.Building;

public sealed class AutoImageBuilderTests : IDisposable
{
    private static readonly BuiltImage s_built = new(
        ManifestContent.Create(new ImageIndex { MediaType = MediaTypes.OciIndex, Manifests = [] }), [], null, standIn: false);

    private readonly TempFolder _folder = new();
    private readonly RecordingBuildLog _log = new();
    private readonly Builder _inProcess = new();
    private readonly Builder _engine = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("FROM a:1\nCOPY a /a\n", 1, 0)]
    [InlineData("FROM a:1\nRUN make\n", 0, 1)]
    [InlineData("FROM a:1\nCOPY --chmod=u+x a /a\n", 0, 1)]
    public async Task A_Dockerfile_that_only_copies_is_built_in_process(string dockerfile, int inProcess, int engine)
    {
        await BuildAsync(dockerfile);

        Assert.Equal((inProcess, engine), (_inProcess.Builds, _engine.Builds));
    }

    [Fact]
    public async Task A_base_image_that_needs_an_engine_is_built_with_one_and_the_reason_is_logged()
    {
        const string problem = "Dockerfile:1: a Docker engine is needed, because the base image has ONBUILD instructions";
        _inProcess.Error = new GantryException("GAN3003", problem, "build it with an engine") { Kind = ErrorKind.EngineRequired };

        await BuildAsync("FROM a:1\nCOPY a /a\n");

        Assert.Equal((1, 1), (_inProcess.Builds, _engine.Builds));
        Assert.Equal([_inProcess.Error.Problem], _log.Lines);
    }

    [Fact]
    public async Task Other_errors_are_not_retried_with_an_engine()
    {
        _inProcess.Error = new GantryException("GAN3010", "COPY finds no 'a'", "create it");

        Assert.Equal("GAN3010", (await Assert.ThrowsAsync<GantryException>(() => BuildAsync("FROM a:1\nCOPY a /a\n"))).Code);
        Assert.Equal(0, _engine.Builds);
    }

    private Task<BuiltImage> BuildAsync(string dockerfile)
    {
        var file = _folder.Combine("Dockerfile");
        File.WriteAllText(file, dockerfile);
        var request = new ImageBuildRequest
        {
            Dockerfile = file,
            Context = _folder.Path,
            Platforms = [Platform.LinuxAmd64],
            SourceDate = DateTimeOffset.UnixEpoch,
        };
        return new AutoImageBuilder(_inProcess, _engine, _log).BuildAsync(
            request, new MemoryRepository("memory", "memory/app"), CancellationToken.None);
    }

    private sealed class Builder : IImageBuilder
    {
        public int Builds { get; private set; }

        public GantryException? Error { get; set; }

        public Task<BuiltImage> BuildAsync(ImageBuildRequest request, IImageRepository target, CancellationToken cancellationToken)
        {
            Builds++;
            return Error is null ? Task.FromResult(s_built) : Task.FromException<BuiltImage>(Error);
        }
    }

    private sealed class RecordingBuildLog : IBuildLog
    {
        public List<string> Lines { get; } = [];

        public void Information(string message) => Lines.Add(message);

        public void Warning(string message) => Lines.Add(message);
    }
}
