using Gantry.Copying;
using Gantry.Docker.Engine;
using Gantry.Docker.Tests.Fixtures;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;

namespace Gantry.Docker.Tests.Transfer;

/// <summary>Archives that a real engine writes with <c>docker save</c>, as sources of copies.</summary>
[Collection(DockerEngineCollection.Name)]
public sealed class DockerSaveTests(DockerEngineFixture fixture)
{
    [DockerEngineFact("docker-registry")]
    public async Task A_saved_image_is_copied_to_a_registry_and_starts_from_there()
    {
        using var folder = new TempFolder();
        var file = await SaveAsync(folder);
        await using var registry = await RealRegistry.StartAsync();
        await using var session = new RegistrySession();
        var archive = session.Open(RegistryAddress.Parse($"docker-archive:{file}"), "");
        var (digest, tag) = await ArchivedImages.FindSingleAsync(archive, default);
        Assert.Equal("1", tag);

        var target = session.Open(registry.Address, "busybox");
        var outcomes = await new ImageCopier().CopyAsync(
            [new CopyRequest { Source = archive, Digest = digest, Targets = [new CopyTarget(target, "1")] }], default);
        Assert.Null(outcomes[0].Error);
        Assert.Empty((await new ImageVerifier(new CopyOptions(), new CopyProgress()).VerifyAsync(target, "1", default)).Faults);

        // The identifier of an image is the digest of its configuration: the engine has the same image again.
        var images = new DockerImages(fixture.Engine, await DockerCredentials.FindAsync(null, [], default), new RecordingBuildLog());
        await images.PullAsync(ImageReference.Parse($"{registry.Host}/busybox:1"), platform: null, default);
        var pulled = await images.FindAsync($"{registry.Host}/busybox:1", default);
        Assert.Equal((await images.FindAsync(DockerEngineFixture.BaseImage, default))!.ID, pulled!.ID);
    }

    [DockerEngineFact]
    public async Task An_image_has_the_same_name_in_the_engine_and_in_the_archive()
    {
        using var folder = new TempFolder();
        var file = await SaveAsync(folder);
        await using var session = new RegistrySession();

        foreach (var name in new[] { "gantry.test/busybox", "busybox" })
            Assert.NotNull(await session.Open(RegistryAddress.Parse($"docker-archive:{file}"), name).FindTagAsync("1", default));
    }

    private async Task<string> SaveAsync(TempFolder folder)
    {
        var file = folder.Combine("saved.tar");
        await using var saved = await fixture.Engine.Client.Images.SaveImageAsync(DockerEngineFixture.BaseImage);
        await using var target = File.Create(file);
        await saved.CopyToAsync(target);
        return file;
    }
}
