using System.Formats.Tar;
using CsCheck;
using Gantry.Images.Compression;
using Gantry.Images.Layers;
using Gantry.Images.Tests.Fixtures;
using Gantry.Testing;

namespace Gantry.Images.Tests.Layers;

/// <summary>Layers as read by other programs: .NET's tar reader, and tar itself.</summary>
public sealed class LayerWriterTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static readonly Gen<string> Name = Gen.OneOf(
        Gen.Char.AlphaNumeric.Array[1, 12].Select(characters => new string(characters)),
        Gen.Char["äß漢 €'\"\\="].Array[1, 8].Select(characters => new string(characters)),
        Gen.Int[90, 140].Select(length => new string('x', length)));

    private static readonly Gen<string> AnyPath = Name.Array[1, 4].Select(names => "/" + string.Join('/', names));

    private static readonly Gen<LayerEntry> AnyEntry = Gen.Select(
        AnyPath, Gen.OneOf(Gen.Const(FileKind.File), Gen.Const(FileKind.Directory), Gen.Const(FileKind.SymbolicLink)), Gen.Int[0, 0xFFF],
        Gen.Int[0, int.MaxValue], Gen.Int[0, 0x1FFFFF], Gen.Long[0, 1L << 36], Gen.Byte.Array[0, 2000], AnyPath)
        .Select((path, kind, mode, user, group, time, content, link) => new LayerEntry(path, kind)
        {
            Mode = mode,
            Owner = new Ownership(user, group),
            ModifiedAt = time,
            Content = kind == FileKind.File ? content : default,
            Size = kind == FileKind.File ? content.Length : 0,
            LinkTarget = kind == FileKind.SymbolicLink ? link : null,
        });

    [Fact]
    public Task Any_entry_is_read_back_unchanged() =>
        AnyEntry.Array[0, 6].SampleAsync(async entries =>
        {
            var layer = await WriteAsync(entries);

            using var tar = new TarReader(new MemoryStream(ImageContents.Unzip(await File.ReadAllBytesAsync(layer.Path))));
            foreach (var entry in entries)
            {
                var read = (await tar.GetNextEntryAsync(copyData: true))!;
                Assert.Equal(entry.Path.TrimStart('/'), read.Name.TrimEnd('/'));
                Assert.Equal(entry.Mode, (int)read.Mode);
                Assert.Equal((entry.Owner.UserId, entry.Owner.GroupId), (read.Uid, read.Gid));
                Assert.Equal(entry.ModifiedAt, read.ModificationTime.ToUnixTimeSeconds());
                Assert.Equal(entry.LinkTarget ?? "", read.LinkName);
                Assert.Equal(entry.Kind, read.EntryType switch
                {
                    TarEntryType.Directory => FileKind.Directory,
                    TarEntryType.SymbolicLink => FileKind.SymbolicLink,
                    _ => FileKind.File,
                });
                using var content = new MemoryStream();
                await (read.DataStream?.CopyToAsync(content) ?? Task.CompletedTask);
                Assert.Equal(entry.Content.ToArray(), content.ToArray());
            }

            Assert.Null(await tar.GetNextEntryAsync());
        }, iter: 200);

    [UnixFact]
    public async Task The_program_tar_unpacks_a_layer()
    {
        var content = "hello"u8.ToArray();
        var longName = new string('n', 150);
        LayerEntry Entry(string path, FileKind kind) => new(path, kind)
        {
            Mode = kind == FileKind.File ? FileModes.Executable : FileModes.Directory,
            Owner = Ownership.Root,
            ModifiedAt = 1_700_000_000,
        };
        var layer = await WriteAsync(
        [
            Entry("/d", FileKind.Directory),
            Entry($"/d/{longName}", FileKind.File) with { Content = content, Size = content.Length },
            Entry("/d/ü", FileKind.SymbolicLink) with { LinkTarget = longName },
        ]);

        (await ChildProcess.RunAsync("tar", ["-xzf", layer.Path, "-C", _folder.Path, "--no-same-owner"])).EnsureSuccess();

        Assert.Equal("hello", await File.ReadAllTextAsync(_folder.Combine("d", "ü")));
        Assert.Equal(1_700_000_000, new DateTimeOffset(File.GetLastWriteTimeUtc(_folder.Combine("d", longName))).ToUnixTimeSeconds());
        Assert.Contains(
            "checksum",
            (await ChildProcess.RunAsync("sh", ["-c", $"gzip -tv '{layer.Path}' && echo checksum"])).EnsureSuccess().Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_do_not_depend_on_the_sizes_of_writes()
    {
        var content = Enumerable.Range(0, 3 * LayerStream.MaxMemberSize).Select(index => (byte)(index * index >> 7)).ToArray();
        var whole = await WriteInPiecesAsync(content, content.Length);

        foreach (var size in (int[])[1000, LayerStream.MaxMemberSize, LayerStream.MaxMemberSize + 1])
            Assert.Equal(whole, await WriteInPiecesAsync(content, size));
    }

    private async Task<string> WriteInPiecesAsync(byte[] content, int size)
    {
        await using var stream = new LayerStream(_folder.Combine(Path.GetRandomFileName()), new GzipCompressor());
        foreach (var piece in content.Chunk(size))
            await stream.WriteAsync(piece, CancellationToken.None);
        return (await stream.CompleteAsync(CancellationToken.None)).ToString();
    }

    [Theory]
    [InlineData("shorter", 3)]
    [InlineData("longer", 5)]
    public async Task A_file_that_changed_since_it_was_planned_is_an_error(string name, int size)
    {
        Assert.NotEmpty(name);
        var file = _folder.Write("file", "1234"u8);

        var error = await Assert.ThrowsAsync<GantryException>(() => WriteAsync(
            [new LayerEntry("/f", FileKind.File) { Mode = 0, Owner = Ownership.Root, ModifiedAt = 0, Size = size, SourceFile = file }]));

        Assert.Equal("GAN3017", error.Code);
    }

    [Fact]
    public async Task A_missing_file_is_an_error()
    {
        var error = await Assert.ThrowsAsync<GantryException>(() => WriteAsync([new LayerEntry("/f", FileKind.File)
        {
            Mode = 0,
            Owner = Ownership.Root,
            ModifiedAt = 0,
            Size = 1,
            SourceFile = _folder.Combine("none"),
        }]));

        Assert.Equal("GAN3005", error.Code);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_to_is_an_error()
    {
        var error = await Assert.ThrowsAsync<GantryException>(() =>
            LayerWriter.WriteAsync([], _folder.Combine("none", "x"), new GzipCompressor(), CancellationToken.None));

        Assert.Equal("GAN3019", error.Code);
    }

    private Task<LayerFile> WriteAsync(IEnumerable<LayerEntry> entries) =>
        LayerWriter.WriteAsync(entries, _folder.Combine(Path.GetRandomFileName()), new GzipCompressor(), CancellationToken.None);
}
