using System.Text;
using System.Text.Json.Nodes;
using Gantry.Attestations;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Signing;
using Gantry.Testing;
using Gantry.Tests.Signing;

namespace Gantry.Tests.Attestations;

public sealed class LegacyAttestationTagTests : IDisposable
{
    private static readonly string s_tag = $"sha256-{SampleStatements.Image.Hex}.att";
    private readonly PemSigner _signer = SampleKeys.CreateSigner();
    private readonly IImageRepository _repository = new MemoryRegistries().Open(RegistryAddress.Parse("contoso.azurecr.io"), "app");

    public void Dispose() => _signer.Dispose();

    [Fact]
    public async Task The_first_attestation_makes_the_manifest_that_cosign_makes()
    {
        var bundle = await SampleStatements.SignAsync(_signer);

        Assert.True(await AddAsync(bundle));

        var manifest = await ManifestAsync();
        Assert.Equal(["schemaVersion", "mediaType", "config", "layers"], manifest.Select(member => member.Key));
        Assert.Equal(MediaTypes.OciManifest, manifest["mediaType"]!.GetValue<string>());
        Assert.Equal(MediaTypes.OciConfig, manifest["config"]!["mediaType"]!.GetValue<string>());
        var layer = Assert.Single(manifest["layers"]!.AsArray())!;
        Assert.Equal("application/vnd.dsse.envelope.v1+json", layer["mediaType"]!.GetValue<string>());
        Assert.Equal(
            """{"dev.cosignproject.cosign/signature":"","predicateType":"https://example.com/tested/v1"}""",
            layer["annotations"]!.ToJsonString());
        Assert.Equal(
            $$$"""
            {"architecture":"","created":"0001-01-01T00:00:00Z","history":[{"created":"0001-01-01T00:00:00Z"}],"os":"",
            "rootfs":{"type":"layers","diff_ids":["{{{layer["digest"]!.GetValue<string>()}}}"]},"config":{}}
            """.ReplaceLineEndings(""),
            Encoding.UTF8.GetString(await BlobAsync(manifest["config"]!)));

        var envelope = JsonNode.Parse(await BlobAsync(layer))!;
        var signature = Assert.Single(envelope["signatures"]!.AsArray())!;
        Assert.Equal("", signature["keyid"]!.GetValue<string>());
        Assert.Equal(Dsse.InTotoPayload, envelope["payloadType"]!.GetValue<string>());
        var payload = Convert.FromBase64String(envelope["payload"]!.GetValue<string>());
        Assert.Equal(SampleStatements.Write(), payload);
        Assert.True((await _signer.GetPublicKeyAsync(default)).Verify(
            Dsse.Hash(Dsse.InTotoPayload, payload), Convert.FromBase64String(signature["sig"]!.GetValue<string>())));
    }

    [Fact]
    public async Task Several_attestations_are_several_layers()
    {
        await AddAsync(await SampleStatements.SignAsync(_signer));
        var first = (await ManifestAsync())["layers"]![0]!.ToJsonString();

        Assert.True(await AddAsync(await SampleStatements.SignAsync(_signer, predicateType: "https://example.com/other/v1")));

        var manifest = await ManifestAsync();
        var layers = manifest["layers"]!.AsArray();
        Assert.Equal(2, layers.Count);
        Assert.Equal(first, layers[0]!.ToJsonString());
        Assert.Equal("https://example.com/other/v1", layers[1]!["annotations"]!["predicateType"]!.GetValue<string>());
        var config = JsonNode.Parse(await BlobAsync(manifest["config"]!))!;
        Assert.Equal(
            layers.Select(layer => layer!["digest"]!.GetValue<string>()),
            config["rootfs"]!["diff_ids"]!.AsArray().Select(id => id!.GetValue<string>()));
        Assert.Equal(2, config["history"]!.AsArray().Count);
    }

    [Fact]
    public async Task The_same_attestation_is_not_added_twice()
    {
        var bundle = await SampleStatements.SignAsync(_signer);
        await AddAsync(bundle);
        var before = await _repository.FindTagAsync(s_tag, default);

        Assert.False(await AddAsync(SigstoreBundle.Read(bundle.Bytes, "again")));

        Assert.Equal(before, await _repository.FindTagAsync(s_tag, default));
    }

    // As other tools write it: other spaces and order, fields that this library does not know.
    [Fact]
    public async Task What_others_wrote_stays_byte_for_byte()
    {
        const string more = "\"annotations\":{\"their\":\"own\"},\"future\":{\"a\":[1.0]},";
        var layer = $$"""
            { "digest": "{{Digest.Of("theirs"u8)}}",  "mediaType":"application/vnd.dsse.envelope.v1+json",
              "size":6, "future": 1.50, "annotations":{"a\u002fb":"\u00e9"} }
            """;
        await PutAsync(
            """{"architecture":"","os":"","future":1.50,"rootfs":{"type":"layers","diff_ids":["DIGEST"],"x":1}}""",
            layer,
            more);

        await AddAsync(await SampleStatements.SignAsync(_signer));

        var text = Encoding.UTF8.GetString((await _repository.FindManifestAsync(s_tag, default))!.Bytes.Span);
        Assert.Contains(layer, text, StringComparison.Ordinal);
        Assert.Contains(more, text, StringComparison.Ordinal);
        var manifest = JsonNode.Parse(text)!.AsObject();
        Assert.Equal(2, manifest["layers"]!.AsArray().Count);
        var config = Encoding.UTF8.GetString(await BlobAsync(manifest["config"]!));
        Assert.Contains("\"future\":1.50", config, StringComparison.Ordinal);
        Assert.Contains(",\"x\":1}", config, StringComparison.Ordinal);
        Assert.Equal("theirs"u8.ToArray(), await BlobAsync(manifest["layers"]![0]!));
    }

    [Fact]
    public async Task An_empty_configuration_stays_empty()
    {
        await PutAsync("{}", configType: MediaTypes.OciEmpty);

        await AddAsync(await SampleStatements.SignAsync(_signer));

        var manifest = await ManifestAsync();
        Assert.Equal(MediaTypes.OciEmpty, manifest["config"]!["mediaType"]!.GetValue<string>());
        Assert.Equal("{}"u8.ToArray(), await BlobAsync(manifest["config"]!));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("x")]
    [InlineData("""{"rootfs":{}}""")]
    [InlineData("""{"rootfs":{"diff_ids":{}}}""")]
    [InlineData("""{"rootfs":{"diff_ids":[]},"rootfs":{"diff_ids":[]}}""")]
    public async Task A_configuration_that_is_none_is_left_alone(string config)
    {
        await PutAsync(config);
        var before = await _repository.FindTagAsync(s_tag, default);
        var bundle = await SampleStatements.SignAsync(_signer);

        var error = await SampleKeys.FailsAsync("GAN4242", () => AddAsync(bundle));

        Assert.Contains(s_tag, error.Problem, StringComparison.Ordinal);
        Assert.Equal(before, await _repository.FindTagAsync(s_tag, default));
    }

    [Fact]
    public async Task An_index_is_left_alone()
    {
        await _repository.PutTagAsync(s_tag, ManifestContent.Create(new ImageIndex { Manifests = [] }), default);
        var bundle = await SampleStatements.SignAsync(_signer);

        await SampleKeys.FailsAsync("GAN4242", () => AddAsync(bundle));
    }

    [Fact]
    public async Task A_manifest_that_cannot_be_read_is_left_alone()
    {
        var bytes = """{"schemaVersion":2,"config":1}"""u8.ToArray();
        await _repository.PutTagAsync(s_tag, ManifestContent.FromVerified(MediaTypes.OciManifest, Digest.Of(bytes), bytes), default);
        var bundle = await SampleStatements.SignAsync(_signer);

        await SampleKeys.FailsAsync("GAN1005", () => AddAsync(bundle));
    }

    [Fact]
    public async Task More_attestations_than_the_limit_are_an_error()
    {
        var layer = $$"""{"mediaType":"text/plain","digest":"{{Digest.Of("theirs"u8)}}","size":6}""";
        await PutAsync("{}", string.Join(',', Enumerable.Repeat(layer, Limits.Attestations)), configType: MediaTypes.OciEmpty);
        var bundle = await SampleStatements.SignAsync(_signer);

        var error = await SampleKeys.FailsAsync("GAN4242", () => AddAsync(bundle));

        Assert.Contains(nameof(Limits.Attestations), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_that_would_be_too_large_is_an_error()
    {
        var text = new string('x', Limits.ManifestBytes - 400);
        await PutAsync("{}", more: $"\"annotations\":{{\"a\":\"{text}\"}},", configType: MediaTypes.OciEmpty);
        var bundle = await SampleStatements.SignAsync(_signer);

        var error = await SampleKeys.FailsAsync("GAN4242", () => AddAsync(bundle));

        Assert.Contains(nameof(Limits.ManifestBytes), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_attestation_of_another_image_is_refused()
    {
        var bundle = await SampleStatements.SignAsync(_signer);

        await SampleKeys.FailsAsync(
            "GAN4202", () => LegacyAttestationTag.AddAsync(_repository, Digest.Of("other"u8), bundle, default));
    }

    [Fact]
    public async Task What_another_writer_has_overwritten_is_added_again()
    {
        var others = new OverwritingRepository(_repository, s_tag, times: 2);

        Assert.True(await AddAsync(others, await SampleStatements.SignAsync(_signer)));

        Assert.Single((await ManifestAsync())["layers"]!.AsArray());
        Assert.Equal(3, others.Writes);
    }

    [Fact]
    public async Task Others_that_overwrite_it_each_time_are_an_error()
    {
        var others = new OverwritingRepository(_repository, s_tag, times: int.MaxValue);
        var bundle = await SampleStatements.SignAsync(_signer);

        await SampleKeys.FailsAsync("GAN4242", () => AddAsync(others, bundle));
    }

    [RegistryFact]
    public async Task A_real_registry_stores_it()
    {
        await using var registry = await RealRegistry.StartAsync();
        await using var session = new RegistrySession();
        var repository = session.Open(RegistryAddress.Parse(registry.Host), "app");

        Assert.True(await AddAsync(repository, await SampleStatements.SignAsync(_signer)));
        Assert.True(await AddAsync(repository, await SampleStatements.SignAsync(_signer, "failed")));

        Assert.Equal(2, (await repository.FindManifestAsync(s_tag, default))!.ReadManifest().Layers.Count);
    }

    private Task<bool> AddAsync(SigstoreBundle bundle) => AddAsync(_repository, bundle);

    private static Task<bool> AddAsync(IImageRepository repository, SigstoreBundle bundle) =>
        LegacyAttestationTag.AddAsync(repository, SampleStatements.Image, bundle, default);

    private async Task<JsonObject> ManifestAsync() =>
        JsonNode.Parse((await _repository.FindManifestAsync(s_tag, default))!.Bytes.Span)!.AsObject();

    private async Task<byte[]> BlobAsync(JsonNode descriptor)
    {
        await using var stream = await _repository.OpenBlobAsync(
            new Descriptor
            {
                MediaType = descriptor["mediaType"]!.GetValue<string>(),
                Digest = Digest.Parse(descriptor["digest"]!.GetValue<string>()),
                Size = descriptor["size"]!.GetValue<long>(),
            },
            default);
        using var content = new MemoryStream();
        await stream.CopyToAsync(content);
        return content.ToArray();
    }

    private async Task PutAsync(string config, string? layer = null, string more = "", string configType = MediaTypes.OciConfig)
    {
        config = config.Replace("DIGEST", Digest.Of("theirs"u8).ToString(), StringComparison.Ordinal);
        var blob = await PutBlobAsync(Encoding.UTF8.GetBytes(config));
        await PutBlobAsync("theirs"u8.ToArray());
        var manifest = Encoding.UTF8.GetBytes($$"""
            {"schemaVersion":2,"mediaType":"{{MediaTypes.OciManifest}}",{{more}}
            "config":{"mediaType":"{{configType}}","digest":"{{blob}}","size":{{Encoding.UTF8.GetByteCount(config)}}},
            "layers":[{{layer}}]}
            """);
        await _repository.PutTagAsync(s_tag, ManifestContent.FromVerified(MediaTypes.OciManifest, Digest.Of(manifest), manifest), default);
    }

    private async Task<Digest> PutBlobAsync(byte[] content)
    {
        var blob = new Descriptor { MediaType = "text/plain", Digest = Digest.Of(content), Size = content.Length };
        await _repository.PutBlobAsync(blob, _ => Task.FromResult<Stream>(new MemoryStream(content)), default);
        return blob.Digest;
    }

    /// <summary>A repository in which another writer points the tag to something else, right after it was written.</summary>
    private sealed class OverwritingRepository(IImageRepository inner, string tag, int times) : IImageRepository
    {
        public int Writes { get; private set; }

        public string Location => inner.Location;

        public string Registry => inner.Registry;

        public Task<Descriptor?> FindTagAsync(string name, CancellationToken token) => inner.FindTagAsync(name, token);

        // The other writer had read the tag before there was anything.
        public Task<ManifestContent?> FindManifestAsync(string name, CancellationToken token) =>
            Writes <= times && name == tag ? Task.FromResult<ManifestContent?>(null) : inner.FindManifestAsync(name, token);

        public Task<bool> HasManifestAsync(Digest digest, CancellationToken token) => inner.HasManifestAsync(digest, token);

        public Task<ManifestContent?> FindManifestAsync(Digest digest, CancellationToken token) =>
            inner.FindManifestAsync(digest, token);

        public Task<bool> HasBlobAsync(Descriptor blob, CancellationToken token) => inner.HasBlobAsync(blob, token);

        public Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken token) => inner.OpenBlobAsync(blob, token);

        public Task<BlobPlacement> PutBlobAsync(
            Descriptor blob, Func<CancellationToken, Task<Stream>> open, IImageRepository? mountFrom, CancellationToken token) =>
            inner.PutBlobAsync(blob, open, mountFrom, token);

        public Task PutManifestAsync(ManifestContent manifest, CancellationToken token) =>
            inner.PutManifestAsync(manifest, token);

        public Task PutTagAsync(string name, ManifestContent manifest, CancellationToken token)
        {
            Writes++;
            return inner.PutTagAsync(name, manifest, token);
        }

        public Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken token) => inner.ListTagsAsync(token);

        public Task<IReadOnlyList<string>?> TryListTagsInOnePageAsync(CancellationToken token) =>
            inner.TryListTagsInOnePageAsync(token);

        public Task<IReadOnlyList<Descriptor>> ListReferrersAsync(
            Digest subject, IReadOnlySet<string>? knownTags, CancellationToken token) =>
            inner.ListReferrersAsync(subject, knownTags, token);
    }
}
