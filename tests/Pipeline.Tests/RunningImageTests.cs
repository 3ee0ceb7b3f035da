using System.Text.Json;
using Gantry.Testing;
using Gantry.Testing.Builds;
using Pipeline.Tests.Fixtures;

namespace Pipeline.Tests;

/// <summary>The promoted image starts and reports its release.</summary>
[Collection(nameof(RepositoryClone))]
public sealed class RunningImageTests(RepositoryClone clone)
{
    [DockerEngineFact]
    public async Task The_promoted_image_starts_in_an_engine_and_reports_its_version()
    {
        await clone.PromoteDevAsync();
        await using var engine = await DockerDaemon.StartAsync();
        var image = await engine.LoadAsync($"oci:{clone.PathOf("artifacts/registries/dev/app")}:1.2.0");

        await using var container = await DockerEngineContainer.StartAspNetAsync(engine, image);
        using var version = JsonDocument.Parse(await container.GetAsync("/version"));

        Assert.Equal("1.2.0", version.RootElement.GetProperty("version").GetString());
        Assert.Equal(
            await RepositoryClone.GitAsync(clone.Root, "rev-parse", "HEAD"),
            version.RootElement.GetProperty("commit").GetString());
        Assert.Equal("Healthy", await container.GetAsync("/healthz"));
    }
}
