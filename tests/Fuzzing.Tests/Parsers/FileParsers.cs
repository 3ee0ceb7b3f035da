using Gantry.Copying;
using Gantry.Images.BaseImages;
using Gantry.Images.StandIn;
using Gantry.Oci;
using Gantry.Registries;

namespace Fuzzing.Tests.Parsers;

/// <summary>Parsers of files and streams: archives, layers, programs.</summary>
internal static class FileParsers
{
    public static IReadOnlyList<Parser> All { get; } =
    [
        Parser.OfFile("oci-archive", file => ReadArchiveAsync($"oci-archive:{file}")),
        Parser.OfFile("docker-archive", file => ReadArchiveAsync($"docker-archive:{file}")),
        Parser.OfFile("elf", file =>
        {
            ElfFile.TryRead(file);
            return Task.CompletedTask;
        }),
        new("layer", bytes => ReadLayerAsync(bytes, MediaTypes.OciLayer)),
        new("layer-gzip", bytes => ReadLayerAsync(bytes, MediaTypes.OciLayerGzip)),
        new("layer-zstd", bytes => ReadLayerAsync(bytes, MediaTypes.OciLayerZstd)),
    ];

    private static async Task ReadArchiveAsync(string address)
    {
        await using var session = new RegistrySession();
        var repository = session.Open(RegistryAddress.Parse(address), "");
        var verifier = new ImageVerifier(new CopyOptions(), new CopyProgress());
        foreach (var tag in await repository.ListTagsAsync(CancellationToken.None))
            await verifier.VerifyAsync(repository, tag, CancellationToken.None);
    }

    private static async Task ReadLayerAsync(byte[] bytes, string mediaType)
    {
        var blob = new Descriptor { MediaType = mediaType, Digest = Digest.Of(bytes), Size = bytes.Length };
        await LayerIndexReader.ReadAsync(
            new MemoryStream(bytes, writable: false), blob, BaseImageErrors.ForLayersOf("base.example/app:1"), CancellationToken.None);
    }
}
