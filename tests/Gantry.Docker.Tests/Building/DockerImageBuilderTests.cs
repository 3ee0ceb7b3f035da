using System.Formats.Tar;
using System.IO.Compression;
using Docker.DotNet.Models;
using Gantry.Docker.Building;
using Gantry.Docker.Engine;
using Gantry.Docker.Tests.Fixtures;
using Gantry.Images;
using Gantry.Oci;
using Gantry.Releases;
using Gantry.Testing;
using Platform = Gantry.Oci.Platform;

namespace Gantry.Docker.Tests.Building;

/// <summary>Builds with a real engine.</summary>
[Collection(DockerEngineCollection.Name)]
public sealed class DockerImageBuilderTests(DockerEngineFixture fixture)
{
    private readonly RecordingBuildLog _log = new();
    private readonly MemoryRepository _target = new("memory", "memory/app");

    [DockerEngineFact]
    public async Task A_Dockerfile_that_copies_is_built_and_uploaded()
    {
        using var folder = new BuildFolder("FROM scratch\nCOPY app /app\nENTRYPOINT [\"/app/run\"]\n").Write("app/run", "program");

        var built = await BuildAsync(
            folder.Request with { Labels = new Dictionary<string, string> { ["org.opencontainers.image.version"] = "1.4.2" } });

        var manifest = built.Root.ReadManifest();
        Assert.Equal(MediaTypes.OciManifest, built.Root.Descriptor.MediaType);
        Assert.Equal([Platform.LinuxAmd64], built.Platforms);
        Assert.Equal("1.4.2", manifest.Annotations!["org.opencontainers.image.version"]);
        var entry = Assert.Single(await ReadLayerAsync(manifest.Layers[0]), entry => entry.Name == "app/run");
        Assert.Equal("program", entry.Content);
        Assert.Equal(folder.Request.SourceDate, entry.ModificationTime);
    }

    [DockerEngineFact]
    public async Task A_RUN_step_runs_and_its_output_is_logged_line_by_line()
    {
        using var folder = new BuildFolder(
            $"FROM {DockerEngineFixture.BaseImage}\nRUN echo first && echo second && echo made > /tmp/made\n");

        var built = await BuildAsync(folder.Request);

        Assert.Contains("first", _log.Lines);
        Assert.Contains("second", _log.Lines);
        var layers = built.Root.ReadManifest().Layers;
        Assert.Contains(await ReadLayerAsync(layers[^1]), entry => entry is { Name: "tmp/made", Content: "made\n" });
        Assert.Contains(await ReadLayerAsync(layers[0]), entry => entry.Name == "bin/busybox");
    }

    [DockerEngineFact]
    public async Task Several_stages_with_arguments_are_built()
    {
        using var folder = new BuildFolder($"""
            ARG WHERE=nowhere
            FROM {DockerEngineFixture.BaseImage} AS compile
            ARG GREETING
            WORKDIR /src
            COPY *.txt ./
            RUN cat *.txt > /tmp/all && echo $GREETING >> /tmp/all
            FROM scratch
            COPY --from=compile /tmp/all /all
            CMD ["/all"]
            """).Write("one.txt", "1\n").Write("two.txt", "2\n");

        var built = await BuildAsync(
            folder.Request with { BuildArguments = new Dictionary<string, string> { ["GREETING"] = "good + day" } });

        var entry = Assert.Single(await ReadLayerAsync(Assert.Single(built.Root.ReadManifest().Layers)));
        Assert.Equal(("all", "1\n2\ngood + day\n"), (entry.Name, entry.Content));
    }

    [DockerEngineFact]
    public async Task The_configuration_is_the_engines_byte_for_byte()
    {
        using var folder = new BuildFolder($"FROM {DockerEngineFixture.BaseImage}\nENV MODE=test\nRUN true\n");

        var built = await BuildAsync(folder.Request);

        var inspected = await fixture.Engine.Client.Images.InspectImageAsync(built.Root.ReadManifest().Config.Digest.ToString());
        Assert.Contains("MODE=test", inspected.Config.Env);
    }

    [DockerEngineFact]
    public async Task A_failed_step_is_reported_with_its_command_and_output()
    {
        using var folder = new BuildFolder(
            $"FROM {DockerEngineFixture.BaseImage}\nRUN echo harmless\nRUN echo compiling && echo 'main.c:3: no such thing' && exit 7\n");

        var error = await FailsAsync(folder.Request);

        Assert.Equal("GAN6010", error.Code);
        Assert.Contains("RUN echo compiling", error.Message, StringComparison.Ordinal);
        Assert.Contains("compiling | main.c:3: no such thing", error.Message, StringComparison.Ordinal);
        Assert.Contains("7", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("harmless", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", error.Message, StringComparison.Ordinal);
    }

    [DockerEngineFact]
    public async Task A_missing_source_is_reported_with_its_step()
    {
        using var folder = new BuildFolder("FROM scratch\nCOPY nowhere.txt /\n");

        var error = await FailsAsync(folder.Request);

        Assert.Equal("GAN6010", error.Code);
        Assert.Contains("COPY nowhere.txt", error.Message, StringComparison.Ordinal);
    }

    [DockerEngineFact]
    public async Task An_unknown_instruction_is_reported_with_the_message_of_the_engine()
    {
        using var folder = new BuildFolder("FROM scratch\nCOPYY a b\n");

        var error = await FailsAsync(folder.Request);

        Assert.Equal("GAN6009", error.Code);
        Assert.Contains("COPYY", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [DockerEngineFact]
    public async Task The_error_of_the_engine_is_reported_when_it_stops_reading_the_context()
    {
        using var folder = new BuildFolder("FROM scratch\nCOPY large /\n");
        await File.WriteAllBytesAsync(Path.Combine(folder.Root, "large"), new byte[64 * 1024 * 1024]);

        var error = await FailsAsync(folder.Request with { Platforms = [new Platform { Os = "linux", Architecture = "!" }] });

        Assert.Equal("GAN6009", error.Code);
        Assert.Contains("linux/!", error.Message, StringComparison.Ordinal);
    }

    [DockerEngineFact]
    public async Task Ignored_files_are_not_sent()
    {
        using var folder = new BuildFolder("FROM scratch\nCOPY . /\n")
            .Write(".dockerignore", "secret*\n**/bin\n!keep/bin\n")
            .Write("secret.txt", "s").Write("app.txt", "a").Write("lib/bin/x", "x").Write("keep/bin/y", "y");

        var built = await BuildAsync(folder.Request);

        var names = (await ReadLayerAsync(Assert.Single(built.Root.ReadManifest().Layers)))
            .Select(entry => entry.Name)
            .Where(name => !name.EndsWith('/'));
        Assert.Equal([".dockerignore", "Dockerfile", "app.txt", "keep/bin/y"], names.Order(StringComparer.Ordinal));
    }

    [DockerEngineFact]
    public async Task Layers_are_the_same_from_every_checkout()
    {
        using var one = new BuildFolder("FROM scratch\nCOPY a b /\n").Write("a", "1").Write("b", "2");
        using var other = new BuildFolder("FROM scratch\nCOPY a b /\n").Write("b", "2").Write("a", "1");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(other.Root, "a"), UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var first = await BuildAsync(one.Request, new DockerBuildOptions { NoCache = true });
        var second = await BuildAsync(other.Request, new DockerBuildOptions { NoCache = true });

        Assert.Equal(first.Root.ReadManifest().Layers, second.Root.ReadManifest().Layers);
    }

    [DockerEngineFact]
    public async Task Labels_are_in_the_configuration_and_in_the_annotations()
    {
        using var folder = new BuildFolder("FROM scratch\nLABEL own=kept\nCOPY Dockerfile /\n");

        var built = await BuildAsync(
            folder.Request with { Labels = new Dictionary<string, string> { ["org.opencontainers.image.revision"] = "abc" } });

        var manifest = built.Root.ReadManifest();
        var labels = (await fixture.Engine.Client.Images.InspectImageAsync(manifest.Config.Digest.ToString())).Config.Labels;
        Assert.Equal("kept", labels["own"]);
        Assert.All((IDictionary<string, string>[])[labels, manifest.Annotations!.ToDictionary()], all =>
        {
            Assert.Equal("abc", all["org.opencontainers.image.revision"]);
            Assert.Equal("2023-11-14T22:13:20Z", all["org.opencontainers.image.created"]);
        });
        Assert.Null(built.BaseImage);
    }

    [DockerEngineTheory]
    [InlineData(DockerBuilderKind.Auto)]
    [InlineData(DockerBuilderKind.Classic)]
    [InlineData(DockerBuilderKind.BuildKit)]
    public async Task Several_platforms_make_an_index(DockerBuilderKind builder)
    {
        // The classic builder uses cached steps of any platform, so each builder copies another file.
        using var folder = new BuildFolder($"FROM scratch\nCOPY Dockerfile /\n# {builder}\n");

        var built = await BuildAsync(
            folder.Request with { Platforms = [Platform.LinuxAmd64, Platform.LinuxArm64] },
            new DockerBuildOptions { Builder = builder });

        var index = built.Root.ReadIndex();
        Assert.Equal([Platform.LinuxAmd64, Platform.LinuxArm64], index.Manifests.Select(entry => entry.Platform! with { Variant = null }));
        Assert.All(
            index.Manifests, entry => Assert.True(_target.HasManifestAsync(entry.Digest, CancellationToken.None).IsCompletedSuccessfully));
        Assert.Equal(2, index.Manifests.Select(entry => entry.Digest).Distinct().Count());
    }

    [DockerEngineFact]
    public async Task A_base_image_of_another_platform_is_refused()
    {
        using var folder = new BuildFolder($"FROM {DockerEngineFixture.BaseImage}\nCOPY Dockerfile /\n");

        var error = await FailsAsync(folder.Request with { Platforms = [Platform.LinuxArm64] });

        Assert.Equal("GAN6014", error.Code);
        Assert.Contains(
            $"linux/arm64 was requested, but the base image {DockerEngineFixture.BaseImage} in the engine is for linux/amd64",
            error.Message,
            StringComparison.Ordinal);
    }

    [DockerEngineFact("docker-registry")]
    public async Task A_base_image_is_not_looked_up_under_its_other_names()
    {
        await using var registry = await RealRegistry.StartAsync();
        var images = fixture.Engine.Client.Images;
        await images.TagImageAsync(
            DockerEngineFixture.BaseImage, new ImageTagParameters { RepositoryName = $"{registry.Host}/busybox", Tag = "1" });
        await images.PushImageAsync(
            $"{registry.Host}/busybox", new ImagePushParameters { Tag = "1" }, new AuthConfig(), new Progress<JSONMessage>());
        Assert.NotEmpty((await images.InspectImageAsync(DockerEngineFixture.BaseImage)).RepoDigests);
        using var folder = new BuildFolder($"FROM {DockerEngineFixture.BaseImage}\nCOPY Dockerfile /\n");

        var error = await FailsAsync(folder.Request with { Platforms = [Platform.LinuxArm64] });

        Assert.Equal("GAN6014", error.Code);
    }

    [DockerEngineFact]
    public async Task A_missing_base_image_is_named()
    {
        using var folder = new BuildFolder("FROM 127.0.0.1:1/nobody/has:1\n");

        var error = await FailsAsync(folder.Request);

        Assert.Equal("GAN6015", error.Code);
        Assert.Contains("127.0.0.1:1/nobody/has:1", error.Message, StringComparison.Ordinal);
    }

    [DockerEngineFact]
    public async Task A_file_that_cannot_be_sent_is_named()
    {
        using var folder = new BuildFolder("FROM scratch\nCOPY . /\n");
        (await ChildProcess.RunAsync("mkfifo", [Path.Combine(folder.Root, "pipe")])).EnsureSuccess();

        var error = await FailsAsync(folder.Request);

        Assert.Equal("GAN3012", error.Code);
        Assert.Contains("'pipe'", error.Message, StringComparison.Ordinal);
    }

    [DockerEngineFact]
    public async Task A_Dockerfile_outside_the_context_is_sent_too()
    {
        using var elsewhere = new BuildFolder("FROM scratch\nCOPY inside.txt /\n");
        using var folder = new BuildFolder("FROM nothing\n").Write("inside.txt", "inside");

        var built = await BuildAsync(folder.Request with { Dockerfile = Path.Combine(elsewhere.Root, "Dockerfile") });

        Assert.Equal("inside.txt", Assert.Single(await ReadLayerAsync(built.Root.ReadManifest().Layers[0])).Name);
    }

    [DockerEngineFact]
    public async Task Cancelling_stops_the_build_in_the_engine()
    {
        using var folder = new BuildFolder($"FROM {DockerEngineFixture.BaseImage}\nRUN echo started && sleep 600\n");
        using var cancellation = new CancellationTokenSource();
        var log = new CallbackBuildLog(line =>
        {
            if (line == "started")
                cancellation.Cancel();
        });
        var builder = new DockerImageBuilder(fixture.Engine, log, options: new DockerBuildOptions { NetworkMode = "none" });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => builder.BuildAsync(folder.Request, _target, cancellation.Token));

        await fixture.WaitUntilNoContainerRunsAsync();
    }

    [DockerEngineFact]
    public async Task The_temporary_folder_is_empty_after_a_build()
    {
        using var folder = new BuildFolder("FROM scratch\nCOPY Dockerfile /\n");
        var before = Directory.GetDirectories(Path.GetTempPath(), "gantry-export-*").ToHashSet();

        await BuildAsync(folder.Request);

        Assert.Subset(before, Directory.GetDirectories(Path.GetTempPath(), "gantry-export-*").ToHashSet());
    }

    [Theory]
    [InlineData("unix:///nowhere/docker.sock")]
    [InlineData("tcp://127.0.0.1:1")]
    public async Task An_engine_that_does_not_answer_is_named(string host)
    {
        using var folder = new BuildFolder("FROM scratch\nCOPY Dockerfile /\n");
        using var engine = DockerEngine.Connect(DockerEndpoint.Parse(host, "DOCKER_HOST"));

        var error = await Assert.ThrowsAsync<GantryException>(() =>
            new DockerImageBuilder(engine, _log).BuildAsync(folder.Request, _target, CancellationToken.None));

        Assert.Equal("GAN6001", error.Code);
        Assert.Contains($"{engine.Endpoint.Address.ToString().TrimEnd('/')} (DOCKER_HOST)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_Dockerfile_or_context_is_reported_without_an_engine()
    {
        using var folder = new BuildFolder("FROM scratch\n");
        using var engine = DockerEngine.Connect(DockerEndpoint.Parse("unix:///nowhere/docker.sock", "the test"));
        var builder = new DockerImageBuilder(engine, _log);

        var noFile = await Assert.ThrowsAsync<GantryException>(() =>
            builder.BuildAsync(folder.Request with { Dockerfile = Path.Combine(folder.Root, "Other") }, _target, CancellationToken.None));
        var noContext = await Assert.ThrowsAsync<GantryException>(() =>
            builder.BuildAsync(folder.Request with { Context = Path.Combine(folder.Root, "other") }, _target, CancellationToken.None));

        Assert.Equal("GAN3001", noFile.Code);
        Assert.Equal("GAN3018", noContext.Code);
    }

    private async Task<GantryException> FailsAsync(ImageBuildRequest request)
    {
        return await Assert.ThrowsAsync<GantryException>(() => BuildAsync(request));
    }

    private Task<BuiltImage> BuildAsync(
        ImageBuildRequest request, DockerBuildOptions? options = null, CancellationToken cancellationToken = default) =>
        new DockerImageBuilder(fixture.Engine, _log, options: options ?? new DockerBuildOptions { NetworkMode = "none" }).BuildAsync(
            request, _target, cancellationToken);

    private async Task<List<LayerContent>> ReadLayerAsync(Descriptor layer)
    {
        await using var tar = new TarReader(
            new GZipStream(await _target.OpenBlobAsync(layer, CancellationToken.None), CompressionMode.Decompress));
        var entries = new List<LayerContent>();
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            var content = entry.DataStream is null ? "" : await new StreamReader(entry.DataStream).ReadToEndAsync();
            entries.Add(new LayerContent(entry.Name, content, entry.ModificationTime));
        }

        return entries;
    }

    private sealed record LayerContent(string Name, string Content, DateTimeOffset ModificationTime);
}
