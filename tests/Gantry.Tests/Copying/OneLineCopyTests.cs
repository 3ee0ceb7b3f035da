using Gantry.Copying;
using Gantry.Testing;
using Gantry.Testing.Faults;

namespace Gantry.Tests.Copying;

/// <summary>The first line of the API: <c>ImageCopier.CopyAsync(source, target)</c>.</summary>
public sealed class OneLineCopyTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly SampleImage _image = SampleImage.Create(2, 1000);
    private ScriptedRegistry _registry = null!;

    public async Task InitializeAsync()
    {
        _registry = await ScriptedRegistry.StartAsync();
        _registry.Store.Add("app", _image, "v1");
    }

    public async Task DisposeAsync()
    {
        await _registry.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_image_is_copied_to_a_folder_and_back()
    {
        var folder = $"oci:{_folder.Path}/app";

        var outcome = await ImageCopier.CopyAsync($"{_registry.Host}/app:v1", folder);
        await ImageCopier.CopyAsync($"{folder}:v1", $"{_registry.Host}/copy:v2");

        Assert.Equal(_image.Root.Descriptor.Digest, outcome.Root.Digest);
        Assert.Equal(_image.Root.Descriptor.Digest.ToString(), _registry.Store.Tags[("copy", "v2")]);
        Assert.Empty(_registry.Store.FindDamage());
    }

    [Fact]
    public async Task The_only_image_of_an_archive_needs_no_name()
    {
        var archive = $"oci-archive:{_folder.Path}/app.tar";
        await ImageCopier.CopyAsync($"{_registry.Host}/app:v1", archive);

        await ImageCopier.CopyAsync(archive, $"{_registry.Host}/copy");

        Assert.Equal(_image.Root.Descriptor.Digest.ToString(), _registry.Store.Tags[("copy", "v1")]);
    }

    [Theory]
    [InlineData("GAN1001", "app", "copy:v1")]
    [InlineData("GAN1001", "app:v1", "copy@sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a")]
    [InlineData("GAN4030", "app:v9", "copy:v1")]
    public async Task An_error_is_thrown_with_its_code(string code, string source, string target)
    {
        var error = await Assert.ThrowsAsync<GantryException>(() =>
            ImageCopier.CopyAsync($"{_registry.Host}/{source}", $"{_registry.Host}/{target}"));

        Assert.Equal(code, error.Code);
        Assert.DoesNotContain(_registry.Store.Tags, tag => tag.Key.Repository == "copy");
    }

    [Fact]
    public async Task An_archive_of_docker_save_is_not_a_target()
    {
        var archive = Path.Combine(_folder.Path, "app.tar");

        var error = await Assert.ThrowsAsync<GantryException>(() =>
            ImageCopier.CopyAsync($"{_registry.Host}/app:v1", $"docker-archive:{archive}:app:v1"));

        Assert.Equal("GAN4043", error.Code);
        Assert.False(File.Exists(archive));
    }
}
