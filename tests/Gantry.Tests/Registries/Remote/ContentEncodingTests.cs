using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;
using Gantry.Testing.Faults;
using static Gantry.Testing.Faults.RegistryFaults;

namespace Gantry.Tests.Registries.Remote;

/// <summary>Bodies in an encoding that nothing asked for: digests are of the bytes as they are stored.</summary>
public sealed class ContentEncodingTests : IAsyncLifetime
{
    private const string Said = "(it was sent with Content-Encoding 'gzip', which was not asked for)";

    private static readonly SampleImage s_image = SampleImage.Create(11, 50_000);
    private ScriptedRegistry _registry = null!;
    private RegistrySession _session = null!;
    private IImageRepository _repository = null!;

    public async Task InitializeAsync()
    {
        _registry = await ScriptedRegistry.StartAsync();
        _session = new RegistrySession(_registry.SessionOptions());
        _repository = _session.Open(_registry.Address, "app");
        await s_image.PushAsync(_repository);
    }

    public async Task DisposeAsync()
    {
        await _session.DisposeAsync();
        await _registry.DisposeAsync();
    }

    [Theory]
    [InlineData("/manifests/", "GAN2005")]
    [InlineData("/blobs/", "GAN2006")]
    [InlineData("/tags/list", "GAN2016")]
    public async Task An_encoded_answer_is_named_in_the_error(string path, string code)
    {
        _registry.FailAlways("GET", path, Gzip());
        var error = await Assert.ThrowsAsync<GantryException>(async () =>
        {
            var manifest = await _repository.FindManifestAsync(s_image.Root.Descriptor.Digest, default);
            await using (var blob = await _repository.OpenBlobAsync(manifest!.ReadManifest().Layers[0], default))
                await blob.CopyToAsync(Stream.Null);
            await _repository.ListTagsAsync(default);
        });

        Assert.Equal(code, error.Code);
        Assert.Contains(Said, error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Content_that_is_as_it_is_stored_is_right_whatever_its_header_says()
    {
        _registry.FailAlways("GET", "/blobs/", Header("Content-Encoding", "gzip"));
        await using var blob = await _repository.OpenBlobAsync(s_image.BlobDescriptors.ElementAt(1), default);
        await blob.CopyToAsync(Stream.Null);
    }

    [Fact]
    public async Task Other_bytes_of_the_same_length_name_the_encoding_too()
    {
        _registry.FailAlways("GET", "/blobs/", async fault =>
        {
            fault.Http.Response.Headers.ContentEncoding = "br";
            await Corrupt()(fault);
        });
        await using var blob = await _repository.OpenBlobAsync(s_image.BlobDescriptors.ElementAt(1), default);

        var error = await Assert.ThrowsAsync<GantryException>(() => blob.CopyToAsync(Stream.Null));

        Assert.Equal("GAN2005", error.Code);
        Assert.Contains("Content-Encoding 'br'", error.Problem, StringComparison.Ordinal);
    }
}
