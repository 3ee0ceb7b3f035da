using System.Text;
using Gantry.Copying;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;
using Gantry.Testing.Faults;

namespace Gantry.Tests.Copying;

/// <summary>
/// Copies of every kind of image and artifact between real registries, and between registries with different lists of referrers.
/// </summary>
public sealed class MediaTypeTests : IAsyncLifetime
{
    private static readonly Dictionary<string, Func<IImageRepository, Task<ManifestContent>>> s_kinds = new(StringComparer.Ordinal)
    {
        ["an OCI image"] = repository => PushAsync(repository, MediaTypes.OciManifest, MediaTypes.OciConfig, MediaTypes.OciLayerGzip),
        ["an OCI image with a zstd layer"] = repository =>
            PushAsync(repository, MediaTypes.OciManifest, MediaTypes.OciConfig, MediaTypes.OciLayerZstd),
        ["an OCI image with a plain layer"] = repository =>
            PushAsync(repository, MediaTypes.OciManifest, MediaTypes.OciConfig, MediaTypes.OciLayer),
        ["a Docker image"] = repository =>
            PushAsync(repository, MediaTypes.DockerManifest, MediaTypes.DockerConfig, MediaTypes.DockerLayerGzip),
        ["a Helm chart"] = repository => PushAsync(
            repository,
            MediaTypes.OciManifest,
            "application/vnd.cncf.helm.config.v1+json",
            "application/vnd.cncf.helm.chart.content.v1.tar+gzip"),
        ["a WebAssembly module"] = repository =>
            PushAsync(repository, MediaTypes.OciManifest, "application/vnd.wasm.config.v0+json", "application/wasm"),
        ["an artifact without a configuration"] = repository =>
            PushAsync(repository, MediaTypes.OciManifest, MediaTypes.OciEmpty, "application/spdx+json"),
        ["an OCI index"] = repository => PushIndexAsync(repository, MediaTypes.OciIndex, "an OCI image", "an OCI image with a zstd layer"),
        ["a Docker manifest list"] = repository => PushIndexAsync(repository, MediaTypes.DockerManifestList, "a Docker image"),
        ["an index of both kinds"] = repository => PushIndexAsync(repository, MediaTypes.OciIndex, "a Docker image", "an OCI image"),
        ["an index of indexes"] = repository => PushIndexAsync(repository, MediaTypes.OciIndex, "an OCI index", "an OCI image"),
    };

    private readonly RegistrySession _session = new();
    private RealRegistry? _from;
    private RealRegistry? _to;

    public static TheoryData<string> Kinds => [.. s_kinds.Keys];

    public async Task InitializeAsync()
    {
        if (RequiredProgram.FindSkipReason(RequiredProgram.DockerRegistry) is not null)
            return;
        _from = await RealRegistry.StartAsync();
        _to = await RealRegistry.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _session.DisposeAsync();
        if (_from is not null)
            await _from.DisposeAsync();
        if (_to is not null)
            await _to.DisposeAsync();
    }

    [RegistryTheory, MemberData(nameof(Kinds))]
    public async Task Each_kind_of_image_and_artifact_arrives_unchanged(string kind)
    {
        var (source, target) = (_session.Open(_from!.Address, "app"), _session.Open(_to!.Address, "app"));
        var root = await s_kinds[kind](source);
        await source.PutTagAsync("v1", root, default);

        await CopyAsync(source, target);

        var arrived = await target.FindManifestAsync("v1", default);
        Assert.Equal(root.Descriptor, arrived!.Descriptor);
        Assert.Equal(root.Bytes.ToArray(), arrived.Bytes.ToArray());
        Assert.Empty((await new ImageVerifier(new CopyOptions(), new CopyProgress()).VerifyAsync(target, "v1", default)).Faults);
    }

    [RegistryFact]
    public async Task Signatures_are_found_with_and_without_the_referrers_API()
    {
        await using var listing = await ScriptedRegistry.StartAsync(new ScriptedRegistryOptions { ReferrersApi = true });
        var (without, with, withoutAgain) =
            (_session.Open(_from!.Address, "app"), _session.Open(listing.Address, "app"), _session.Open(_to!.Address, "app"));
        var image = SampleImage.Create(81, 1000);
        await image.PushAsync(without);
        await without.PutTagAsync("v1", image.Root, default);
        var sbom = SampleImage.CreateReferrer(image.Root.Descriptor, "sbom");
        await sbom.PushAsync(without);
        await SampleImage.CreateReferrer(sbom.Root.Descriptor, "signature of the sbom").PushAsync(without);
        var fallback = $"sha256-{image.Root.Descriptor.Digest.Hex}";
        Assert.Contains(fallback, await without.ListTagsAsync(default));

        await CopyAsync(without, with);
        await CopyAsync(with, withoutAgain);

        foreach (var repository in new[] { with, withoutAgain })
        {
            var report = await new ImageVerifier(new CopyOptions(), new CopyProgress()).VerifyAsync(repository, "v1", default);
            Assert.Equal((2, 0), (report.Attachments, report.Faults.Count));
        }

        Assert.Equal(["v1"], await with.ListTagsAsync(default));
        Assert.Contains(fallback, await withoutAgain.ListTagsAsync(default));
    }

    private static async Task CopyAsync(IImageRepository source, IImageRepository target)
    {
        var outcomes = await new ImageCopier().CopyAsync(
            [new CopyRequest { Source = source, Tag = "v1", Targets = [new CopyTarget(target, "v1")] }], default);
        Assert.Null(outcomes[0].Error);
    }

    private static async Task<ManifestContent> PushAsync(
        IImageRepository repository, string manifestType, string configType, string layerType)
    {
        // Real registries validate the configuration of content with an image media type.
        var config = configType is MediaTypes.OciConfig or MediaTypes.DockerConfig
            ? """{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"""
            : "{}";
        var manifest = ManifestContent.Create(new Manifest
        {
            MediaType = manifestType,
            Config = await PutAsync(repository, configType, config),
            Layers = [await PutAsync(repository, layerType, $"a layer of {layerType}")],
        });
        await repository.PutManifestAsync(manifest, default);
        return manifest;
    }

    private static async Task<ManifestContent> PushIndexAsync(IImageRepository repository, string type, params string[] kinds)
    {
        var children = new List<Descriptor>();
        foreach (var kind in kinds)
            children.Add((await s_kinds[kind](repository)).Descriptor with { Platform = Platform.LinuxAmd64 });
        var index = ManifestContent.Create(new ImageIndex { MediaType = type, Manifests = children });
        await repository.PutManifestAsync(index, default);
        return index;
    }

    private static async Task<Descriptor> PutAsync(IImageRepository repository, string mediaType, string text)
    {
        var content = Encoding.UTF8.GetBytes(text);
        var blob = new Descriptor { MediaType = mediaType, Digest = Digest.Of(content), Size = content.Length };
        await repository.PutBlobAsync(blob, _ => Task.FromResult<Stream>(new MemoryStream(content)), default);
        return blob;
    }
}
