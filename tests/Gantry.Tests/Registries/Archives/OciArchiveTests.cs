using System.IO.Compression;
using Gantry.Copying;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;

namespace Gantry.Tests.Registries.Archives;

/// <summary>Reading and writing OCI archives.</summary>
public sealed class OciArchiveTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly MemoryRegistries _registries = new();
    private readonly SampleImage _image = SampleImage.Create(31, 300_000, 0, 7);

    private string File => _folder.Combine("app.tar");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_image_is_copied_with_its_attachments_into_an_archive_and_out_again()
    {
        var source = await SourceAsync(_image, "v1");
        await SampleImage.CreateReferrer(_image.Root.Descriptor, "signature").PushAsync(source);
        var cosign = SampleImage.Create(32, 50);
        await cosign.PushAsync(source);
        await source.PutTagAsync($"sha256-{_image.Root.Descriptor.Digest.Hex}.sig", cosign.Root, default);

        await CopyAsync(source, "v1", session => session.Open(Address(), ""), "v1");
        var target = _registries.Open(RegistryAddress.Parse("localhost:5001"), "app");
        await CopyFromAsync("v1", target);

        var report = await new ImageVerifier(new CopyOptions(), new CopyProgress()).VerifyAsync(target, "v1", default);
        Assert.Equal((_image.Root.Descriptor.Digest, 2, 0), (report.Root.Digest, report.Attachments, report.Faults.Count));
        Assert.Equal([File], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task The_archive_appears_only_when_it_is_complete()
    {
        var source = await SourceAsync(_image, "v1");
        await using (var session = new RegistrySession())
        {
            var archive = session.Open(Address(), "");
            await _image.PushAsync(archive);
            await archive.PutTagAsync("v1", _image.Root, default);
            Assert.False(System.IO.File.Exists(File));
            Assert.NotNull(await archive.FindTagAsync("v1", default));
        }

        Assert.Empty(Directory.GetFiles(_folder.Path));
        await CopyAsync(source, "v1", session => session.Open(Address(), ""), "v1");
        Assert.True(System.IO.File.Exists(File));
    }

    [Fact]
    public async Task A_failed_copy_leaves_no_archive_and_reports_no_image()
    {
        var (good, bad) = (await SourceAsync(_image, "v1"), new MemoryRepository("from.test", "from.test/app"));
        var broken = SampleImage.Create(33, 1000);
        await bad.PutTagAsync("v2", broken.Root, default);

        await using (var session = new RegistrySession())
        {
            var archive = session.Open(Address(), "");
            var outcomes = await new ImageCopier(new CopyOptions { MaximumConcurrentImages = 1 }, new CopyProgress()).CopyAsync(
                [
                    new CopyRequest { Source = good, Tag = "v1", Targets = [new CopyTarget(archive, "v1")] },
                    new CopyRequest { Source = bad, Tag = "v2", Targets = [new CopyTarget(archive, "v2")] },
                ],
                default);
            Assert.Equal("GAN2004", Assert.IsType<GantryException>(outcomes[0].Error).Code);
            Assert.Empty(outcomes[0].Images);
        }

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task A_repeated_copy_does_not_touch_the_archive()
    {
        var source = await SourceAsync(_image, "v1");
        await CopyAsync(source, "v1", session => session.Open(Address(), ""), "v1");
        System.IO.File.SetLastWriteTimeUtc(File, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        var outcome = await CopyAsync(source, "v1", session => session.Open(Address(), ""), "v1");

        Assert.True(outcome.NothingMoved);
        Assert.Equal(2001, System.IO.File.GetLastWriteTimeUtc(File).Year);
    }

    [Fact]
    public async Task Images_in_an_archive_are_kept_when_more_are_written()
    {
        var other = SampleImage.Create(34, 20_000);
        await CopyAsync(await SourceAsync(_image, "v1"), "v1", session => session.Open(Address(), ""), "v1");
        await CopyAsync(await SourceAsync(other, "v2"), "v2", session => session.Open(Address(), ""), "v2");

        await using var session = new RegistrySession();
        var archive = session.Open(Address(), "");
        Assert.Equal(["v1", "v2"], await archive.ListTagsAsync(default));
        var verifier = new ImageVerifier(new CopyOptions(), new CopyProgress());
        Assert.Empty((await verifier.VerifyAsync(archive, "v1", default)).Faults);
        Assert.Empty((await verifier.VerifyAsync(archive, "v2", default)).Faults);
    }

    [Fact]
    public async Task Images_of_one_release_share_an_archive_under_their_names()
    {
        var other = SampleImage.Create(35, 4000);
        await CopyAsync(await SourceAsync(_image, "1.4.2"), "1.4.2", session => session.Open(Address(), "app"), "1.4.2");
        await CopyAsync(await SourceAsync(other, "1.4.2"), "1.4.2", session => session.Open(Address(), "worker"), "1.4.2");

        await using var session = new RegistrySession();
        Assert.Equal(_image.Root.Descriptor.Digest, (await session.Open(Address(), "app").FindTagAsync("1.4.2", default))!.Digest);
        Assert.Equal(other.Root.Descriptor.Digest, (await session.Open(Address(), "worker").FindTagAsync("1.4.2", default))!.Digest);
        Assert.Null(await session.Open(Address(), "ker").FindTagAsync("1.4.2", default));
        Assert.Equal(
            "GAN2026", (await Assert.ThrowsAsync<GantryException>(() => session.Open(Address(), "").FindTagAsync("1.4.2", default))).Code);
        Assert.Equal(
            "GAN2033",
            (await Assert.ThrowsAsync<GantryException>(() => ArchivedImages.FindSingleAsync(session.Open(Address(), ""), default))).Code);
        Assert.Equal(
            (other.Root.Descriptor.Digest, "1.4.2"), await ArchivedImages.FindSingleAsync(session.Open(Address(), "worker"), default));
    }

    [Fact]
    public async Task An_image_without_a_tag_is_found()
    {
        var index = ManifestContent.Create(new ImageIndex
        {
            MediaType = MediaTypes.OciIndex,
            Manifests = [_image.Root.Descriptor with { Platform = Platform.LinuxAmd64 }],
        });
        var source = await SourceAsync(_image, "v1");
        await source.PutManifestAsync(index, default);
        await using (var session = new RegistrySession())
        {
            var outcomes = await new ImageCopier().CopyAsync(
                [
                    new CopyRequest
                    {
                        Source = source,
                        Digest = index.Descriptor.Digest,
                        Targets = [new CopyTarget(session.Open(Address(), ""), null)],
                    },
                ],
                default);
            Assert.Null(outcomes[0].Error);
        }

        await using var reading = new RegistrySession();
        Assert.Equal((index.Descriptor.Digest, null), await ArchivedImages.FindSingleAsync(reading.Open(Address(), ""), default));
    }

    [Fact]
    public async Task A_concurrent_write_is_not_overwritten()
    {
        await using var session = new RegistrySession();
        var archive = session.Open(Address(), "");
        await _image.PushAsync(archive);
        await archive.PutTagAsync("v1", _image.Root, default);
        await CopyAsync(await SourceAsync(SampleImage.Create(36, 10), "v2"), "v2", other => other.Open(Address(), ""), "v2");

        Assert.Equal("GAN2035", (await Assert.ThrowsAsync<GantryException>(() => archive.CompleteAsync(default))).Code);

        await CopyAsync(await SourceAsync(_image, "v1"), "v1", again => again.Open(Address(), ""), "v1");
        await using var reading = new RegistrySession();
        Assert.Equal(["v1", "v2"], await reading.Open(Address(), "").ListTagsAsync(default));
    }

    [Fact]
    public async Task Of_several_writers_at_once_none_loses_what_another_one_has_reported()
    {
        var written = await Task.WhenAll(Enumerable.Range(1, 12).Select(number => Task.Run(async () =>
        {
            await using var session = new RegistrySession();
            var archive = session.Open(Address(), "");
            try
            {
                await _image.PushAsync(archive);
                await archive.PutTagAsync($"v{number}", _image.Root, default);
                await archive.CompleteAsync(default);
                return $"v{number}";
            }
            catch (GantryException exception) when (exception.Code == "GAN2035")
            {
                return null;
            }
        })));

        await using var reading = new RegistrySession();
        Assert.Equal(written.OfType<string>().Order(StringComparer.Ordinal), await reading.Open(Address(), "").ListTagsAsync(default));
    }

    [Fact]
    public async Task The_archive_is_replaced_while_no_other_process_has_its_lock()
    {
        await using var session = new RegistrySession(new RegistrySessionOptions { LayoutLockTimeout = TimeSpan.Zero });
        var archive = session.Open(Address(), "");
        await _image.PushAsync(archive);
        await archive.PutTagAsync("v1", _image.Root, default);
        await using var held = new FileStream(
            Path.Combine(Path.GetDirectoryName(File)!, $".{Path.GetFileName(File)}.lock"),
            FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

        var error = await Assert.ThrowsAsync<GantryException>(() => archive.CompleteAsync(default));

        Assert.Equal("GAN2021", error.Code);
        Assert.Contains($"the archive oci-archive:{File}", error.Problem, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public async Task A_compressed_archive_is_read_but_not_written()
    {
        await CopyAsync(await SourceAsync(_image, "v1"), "v1", session => session.Open(Address(), ""), "v1");
        await using (var packed = new GZipStream(System.IO.File.Create(File + ".gz"), CompressionLevel.Fastest))
            await packed.WriteAsync(await System.IO.File.ReadAllBytesAsync(File));

        await using var session = new RegistrySession();
        var archive = session.Open(Address(".gz"), "");
        Assert.Empty((await new ImageVerifier(new CopyOptions(), new CopyProgress()).VerifyAsync(archive, "v1", default)).Faults);
        Assert.Equal("GAN2036", (await Assert.ThrowsAsync<GantryException>(() => archive.PutTagAsync("v2", _image.Root, default))).Code);
    }

    [LinuxRootFact]
    public async Task A_full_disk_is_reported_and_leaves_no_file()
    {
        using var disk = await SmallDisk.MountAsync("1m");
        await using (var session = new RegistrySession())
        {
            var large = SampleImage.Create(37, 3_000_000);
            var source = await SourceAsync(large, "v1");
            var outcomes = await new ImageCopier().CopyAsync(
                [
                    new CopyRequest
                    {
                        Source = source,
                        Tag = "v1",
                        Targets = [new CopyTarget(session.Open(RegistryAddress.Parse($"oci-archive:{disk.Path}/app.tar"), ""), "v1")],
                    },
                ],
                default);
            Assert.Equal("GAN2009", Assert.IsType<GantryException>(outcomes[0].Error).Code);
        }

        Assert.Empty(Directory.GetFiles(disk.Path));
    }

    [Fact]
    public async Task Files_of_a_killed_process_are_removed_after_a_day()
    {
        var (old, young, alien) = (_folder.Write(".app.tar.partial-1", [1]), _folder.Write(".app.tar.partial-2", [1]),
            _folder.Write(".other.tar.partial-1", [1]));
        System.IO.File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-2));
        System.IO.File.SetLastWriteTimeUtc(alien, DateTime.UtcNow.AddDays(-2));

        await CopyAsync(await SourceAsync(_image, "v1"), "v1", session => session.Open(Address(), ""), "v1");

        Assert.Equal(
            new[] { young, alien, File }.Order(StringComparer.Ordinal),
            Directory.GetFiles(_folder.Path).Order(StringComparer.Ordinal));
    }

    [SkopeoFact]
    public async Task Skopeo_reads_a_written_archive()
    {
        await CopyAsync(await SourceAsync(_image, "v1"), "v1", session => session.Open(Address(), ""), "v1");
        Assert.Equal(System.Text.Encoding.UTF8.GetString(_image.Root.Bytes.Span), await Skopeo.InspectRawAsync($"oci-archive:{File}:v1"));

        await CopyAsync(await SourceAsync(_image, "v1"), "v1", session => session.Open(Address(".2"), "team/app"), "v1");
        await Skopeo.CopyAsync($"oci-archive:{File}.2:team/app:v1", $"oci:{_folder.Combine("out")}:v1");
        await using var session = new RegistrySession();
        var copied = session.Open(RegistryAddress.Parse($"oci:{_folder.Path}"), "out");
        Assert.Equal(
            _image.Root.Descriptor.Digest,
            (await new ImageVerifier(new CopyOptions(), new CopyProgress()).VerifyAsync(copied, "v1", default)).Root.Digest);
    }

    [SkopeoFact]
    public async Task An_archive_of_skopeo_is_read()
    {
        await using var session = new RegistrySession();
        var layout = session.Open(RegistryAddress.Parse($"oci:{_folder.Path}"), "in");
        await _image.PushAsync(layout);
        await layout.PutTagAsync("v1", _image.Root, default);
        await Skopeo.CopyAsync($"oci:{_folder.Combine("in")}:v1", $"oci-archive:{File}:v7");
        await Skopeo.CopyAsync($"oci:{_folder.Combine("in")}:v1", $"oci-archive:{File}.2");

        Assert.Equal((_image.Root.Descriptor.Digest, "v7"), await ArchivedImages.FindSingleAsync(session.Open(Address(), ""), default));
        Assert.Equal((_image.Root.Descriptor.Digest, null), await ArchivedImages.FindSingleAsync(session.Open(Address(".2"), ""), default));
        var report = await new ImageVerifier(new CopyOptions(), new CopyProgress()).VerifyAsync(session.Open(Address(), ""), "v7", default);
        Assert.Empty(report.Faults);
    }

    private RegistryAddress Address(string ending = "") => RegistryAddress.Parse($"oci-archive:{File}{ending}");

    private async Task<IImageRepository> SourceAsync(SampleImage image, string tag)
    {
        var repository = new MemoryRepository("from.test", $"from.test/{tag}");
        await image.PushAsync(repository);
        await repository.PutTagAsync(tag, image.Root, default);
        return repository;
    }

    private static async Task<ImageOutcome> CopyAsync(
        IImageRepository source, string tag, Func<RegistrySession, IImageRepository> target, string targetTag)
    {
        await using var session = new RegistrySession();
        var outcomes = await new ImageCopier().CopyAsync(
            [new CopyRequest { Source = source, Tag = tag, Targets = [new CopyTarget(target(session), targetTag)] }], default);
        Assert.Null(outcomes[0].Error);
        return outcomes[0].Images[0];
    }

    private async Task CopyFromAsync(string tag, IImageRepository target)
    {
        await using var session = new RegistrySession();
        var outcomes = await new ImageCopier().CopyAsync(
            [new CopyRequest { Source = session.Open(Address(), ""), Tag = tag, Targets = [new CopyTarget(target, tag)] }], default);
        Assert.Null(outcomes[0].Error);
    }
}
