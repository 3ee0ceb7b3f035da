using Gantry.Docker.Building;
using Gantry.Docker.Tests.Fixtures;
using Gantry.Images;
using Gantry.Releases;
using Gantry.Testing;

namespace Gantry.Docker.Tests.Building;

/// <summary>Builds that only BuildKit can do, with a real engine.</summary>
[Collection(DockerEngineCollection.Name)]
public sealed class BuildKitTests(DockerEngineFixture fixture)
{
    private readonly RecordingBuildLog _log = new();
    private readonly MemoryRepository _target = new("memory", "memory/app");

    [DockerEngineFact]
    public async Task A_Dockerfile_that_needs_BuildKit_is_built_with_it()
    {
        using var folder = new BuildFolder(
            $"FROM {DockerEngineFixture.BaseImage}\nRUN --mount=type=cache,target=/cache echo mounted && test -d /cache\n");

        var built = await BuildAsync(folder.Request);

        Assert.Contains(_log.Lines, line => line.Contains("BuildKit (Dockerfile:2: RUN has the flag --mount)", StringComparison.Ordinal));
        Assert.Contains(_log.Lines, line => line.StartsWith('#') && line.EndsWith(" mounted", StringComparison.Ordinal));
        var image = await fixture.Engine.Client.Images.InspectImageAsync(built.Root.ReadManifest().Config.Digest.ToString());
        Assert.Equal("amd64", image.Architecture);
    }

    [DockerEngineFact]
    public async Task Arguments_labels_and_target_are_used()
    {
        using var folder = new BuildFolder($"FROM {DockerEngineFixture.BaseImage} AS wanted\nARG WORD\nRUN echo \"word is $WORD\"\n"
            + $"FROM {DockerEngineFixture.BaseImage}\nRUN exit 1\n");

        var built = await BuildAsync(
            folder.Request with
            {
                BuildArguments = new Dictionary<string, string> { ["WORD"] = "a&b=c d" },
                Labels = new Dictionary<string, string> { ["org.opencontainers.image.version"] = "1.0+é" },
            },
            new DockerBuildOptions { Builder = DockerBuilderKind.BuildKit, Target = "wanted", NetworkMode = "none" });

        Assert.Contains(_log.Lines, line => line.EndsWith("word is a&b=c d", StringComparison.Ordinal));
        var image = await fixture.Engine.Client.Images.InspectImageAsync(built.Root.ReadManifest().Config.Digest.ToString());
        Assert.Equal("1.0+é", image.Config.Labels["org.opencontainers.image.version"]);
    }

    [DockerEngineFact]
    public async Task A_failed_step_is_reported_with_its_command_and_output()
    {
        using var folder = new BuildFolder(
            $"FROM {DockerEngineFixture.BaseImage}\nRUN echo harmless\nRUN echo compiling && echo 'main.c:3: no such thing' && exit 7\n");

        var error = await Assert.ThrowsAsync<GantryException>(() => BuildAsync(folder.Request, BuildKit));

        Assert.Equal("GAN6010", error.Code);
        Assert.Contains("RUN echo compiling", error.Message, StringComparison.Ordinal);
        Assert.Contains("compiling | main.c:3: no such thing", error.Message, StringComparison.Ordinal);
        Assert.Contains("exit code: 7", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("harmless", error.Message, StringComparison.Ordinal);
    }

    [DockerEngineFact]
    public async Task An_unknown_instruction_is_reported_with_the_message_of_BuildKit()
    {
        using var folder = new BuildFolder("FROM scratch\nCOPYY a b\n");

        var error = await Assert.ThrowsAsync<GantryException>(() => BuildAsync(folder.Request, BuildKit));

        Assert.Contains("COPYY", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [DockerEngineFact]
    public async Task The_error_of_BuildKit_is_reported_when_it_stops_reading_the_context()
    {
        using var folder = new BuildFolder("FROM scratch\nCOPY large /\n");
        await File.WriteAllBytesAsync(Path.Combine(folder.Root, "large"), new byte[64 * 1024 * 1024]);

        var error = await Assert.ThrowsAsync<GantryException>(() =>
            BuildAsync(folder.Request with { Platforms = [new() { Os = "linux", Architecture = "!" }] }, BuildKit));

        Assert.Equal("GAN6009", error.Code);
        Assert.Contains("linux/!", error.Message, StringComparison.Ordinal);
    }

    [DockerEngineFact]
    public async Task Cancelling_stops_the_build()
    {
        using var folder = new BuildFolder($"FROM {DockerEngineFixture.BaseImage}\nRUN echo started && sleep 600\n");
        using var cancellation = new CancellationTokenSource();
        var log = new CallbackBuildLog(line =>
        {
            if (line.EndsWith(" started", StringComparison.Ordinal))
                cancellation.Cancel();
        });
        var builder = new DockerImageBuilder(fixture.Engine, log, options: BuildKit);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => builder.BuildAsync(folder.Request, _target, cancellation.Token));

    }

    private static DockerBuildOptions BuildKit => new() { Builder = DockerBuilderKind.BuildKit, NetworkMode = "none", NoCache = true };

    private Task<BuiltImage> BuildAsync(ImageBuildRequest request, DockerBuildOptions? options = null) =>
        new DockerImageBuilder(fixture.Engine, _log, options: options ?? new DockerBuildOptions { NetworkMode = "none" })
            .BuildAsync(request, _target, CancellationToken.None);
}
