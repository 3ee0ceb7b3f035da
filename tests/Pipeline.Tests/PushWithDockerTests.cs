using Gantry.Testing;
using Gantry.Testing.Builds;
using Pipeline.Tests.Fixtures;

namespace Pipeline.Tests;

/// <summary>A target that makes an engine pull, tag and push, declared in a build.</summary>
[Collection(nameof(RepositoryClone))]
public sealed class PushWithDockerTests(RepositoryClone clone)
{
    [DockerEngineFact("docker-registry", "skopeo")]
    public async Task A_push_that_changes_digests_is_refused_and_never_called_a_promotion()
    {
        await using var changed = await ChangedBuild.CreateAsync(clone.Root, Declare);
        await using var registry = await RealRegistry.StartAsync();
        await using var engine = await DockerDaemon.StartAsync();

        var refused = await MoveAsync(changed, registry, engine, "MoveDev", "--release-version", "1.2.0");
        var beforehand = Directory.Exists(Path.Combine(registry.Storage, "docker/registry/v2/repositories/dev"));
        var moved = await MoveAsync(changed, registry, engine, "MoveDev", "--skip", "--allow-other-digest");

        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("GAN6017: ", refused.Output, StringComparison.Ordinal);
        Assert.False(beforehand);

        Assert.True(moved.ExitCode == 0, moved.Output);
        Assert.Contains("recompressed by the Docker engine, not a promotion of what was built", moved.Output, StringComparison.Ordinal);
        Assert.NotEqual(
            await Skopeo.InspectRawAsync($"docker://{registry.Host}/base/app:1.2.0"),
            await Skopeo.InspectRawAsync($"docker://{registry.Host}/dev/app:1.2.0"));
    }

    private static string Declare(string build)
    {
        var declared = build
            .Replace("IPromote,", "IPromote, IPushWithDocker,", StringComparison.Ordinal)
            .Replace(
                "    Target PromoteDev =>",
                "    Target MoveDev => _ => _.PushWithDocker(this, DevEnvironment);\n    Target PromoteDev =>",
                StringComparison.Ordinal);
        Assert.Contains("IPushWithDocker", declared, StringComparison.Ordinal);
        Assert.Contains("MoveDev", declared, StringComparison.Ordinal);
        return declared;
    }

    private static Task<BuildRun> MoveAsync(
        ChangedBuild changed, RealRegistry registry, DockerDaemon engine, params string[] arguments) =>
        changed.BuildAsync(
            new Dictionary<string, string> { ["DOCKER_HOST"] = engine.Host },
            [.. arguments, "--base-registry", $"{registry.Host}/base", "--dev-registry", $"{registry.Host}/dev"]);
}
