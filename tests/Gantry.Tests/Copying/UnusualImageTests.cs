using System.Security.Cryptography;
using System.Text;
using Gantry.Copying;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;
using Gantry.Testing.Faults;

namespace Gantry.Tests.Copying;

/// <summary>Images that few tools create and registries still hold are copied like all others.</summary>
public sealed class UnusualImageTests : IAsyncLifetime
{
    private static readonly SampleImage s_image = SampleImage.Create(71, 1000, 2000);
    private readonly List<IAsyncDisposable> _started = [];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_artifact_manifest_is_copied_with_its_image(bool referrersApi)
    {
        var (from, to) = (await StartAsync(new()), await StartAsync(new() { ReferrersApi = referrersApi }));
        from.Store.Add("app", s_image, "v1");
        var signature = Blob(from, "a signature");
        var artifact = Manifest(from, "application/vnd.oci.artifact.manifest.v1+json", $$"""
            {"mediaType":"application/vnd.oci.artifact.manifest.v1+json","artifactType":"application/vnd.cncf.notary.signature",
            "blobs":[{"mediaType":"application/jose+json","digest":"{{signature}}","size":11}],
            "subject":{"mediaType":"{{s_image.Root.Descriptor.MediaType}}","digest":"{{s_image.Root.Descriptor.Digest}}","size":{{s_image.Root.Descriptor.Size}}
            }
            }
            """);

        Assert.Null((await CopyAsync(from, to, "v1", null)).Error);

        var referrer = Assert.Single(await Open(to).ListReferrersAsync(s_image.Root.Descriptor.Digest, default));
        Assert.Equal((artifact, "application/vnd.cncf.notary.signature"), (referrer.Digest, referrer.ArtifactType));
        Assert.Contains(("app", signature.ToString()), to.Store.Blobs);
        Assert.Equal(1, Assert.Single((await ImageInspection.ReadAsync(Open(to), null, artifact, default)).Manifests).Layers);
    }

    [Fact]
    public async Task A_sha512_manifest_has_no_cosign_tags()
    {
        var (from, to) = (await StartAsync(new() { PageSize = 1 }), await StartAsync(new()));
        from.Store.Add("app", s_image, "v1");
        var child = AddSha512(from);
        var index = ManifestContent.Create(
            new ImageIndex { MediaType = MediaTypes.OciIndex, Manifests = [s_image.Root.Descriptor with { Digest = child }] });
        from.Store.Tags[("app", "v2")] = Manifest(from, MediaTypes.OciIndex, Encoding.UTF8.GetString(index.Bytes.Span)).ToString();

        Assert.Null((await CopyAsync(from, to, "v2", null)).Error);

        Assert.Equal(index.Descriptor.Digest.ToString(), to.Store.Tags[("app", "v2")]);
    }

    [Fact]
    public async Task A_sha512_image_is_tagged_at_registries_that_report_sha256_digests()
    {
        var (from, to) = (await StartAsync(new()), await StartAsync(new()));
        from.Store.Add("app", s_image, "v1");
        var digest = AddSha512(from);

        Assert.Null((await CopyAsync(from, to, null, digest)).Error);
        Assert.Equal(s_image.Root.Descriptor.Digest.ToString(), to.Store.Tags[("app", "copy")]);

        // For the second copy, the tag of the first copy points to the same image.
        var again = await CopyAsync(from, to, null, digest);
        Assert.Null(again.Error);
        Assert.False(again.Images[0].TagWritten);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var started in Enumerable.Reverse(_started))
            await started.DisposeAsync();
    }

    private static Digest Blob(ScriptedRegistry registry, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        registry.Store.Blobs[("app", Digest.Of(bytes).ToString())] = bytes;
        return Digest.Of(bytes);
    }

    private static Digest Manifest(ScriptedRegistry registry, string mediaType, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        registry.Store.Manifests[("app", Digest.Of(bytes).ToString())] = (mediaType, bytes);
        return Digest.Of(bytes);
    }

    private static Digest AddSha512(ScriptedRegistry registry)
    {
        var bytes = s_image.Root.Bytes.ToArray();
        var digest = Digest.Parse($"sha512:{Convert.ToHexStringLower(SHA512.HashData(bytes))}");
        registry.Store.Manifests[("app", digest.ToString())] = (s_image.Root.Descriptor.MediaType, bytes);
        return digest;
    }

    private async Task<CopyOutcome> CopyAsync(ScriptedRegistry from, ScriptedRegistry to, string? tag, Digest? digest)
    {
        var request = new CopyRequest
        {
            Source = Open(from),
            Tag = tag,
            Digest = digest,
            Targets = [new CopyTarget(Open(to), tag ?? "copy")],
        };
        return Assert.Single(await new ImageCopier().CopyAsync([request], default));
    }

    private IImageRepository Open(ScriptedRegistry registry) =>
        Own(new RegistrySession(registry.SessionOptions())).Open(registry.Address, "app");

    private async Task<ScriptedRegistry> StartAsync(ScriptedRegistryOptions options) => Own(await ScriptedRegistry.StartAsync(options));

    private T Own<T>(T started)
        where T : IAsyncDisposable
    {
        _started.Add(started);
        return started;
    }
}
