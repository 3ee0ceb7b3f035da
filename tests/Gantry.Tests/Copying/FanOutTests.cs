using Gantry.Copying;
using Gantry.Oci;
using Gantry.Testing;
using Gantry.Tests.Fakes;

namespace Gantry.Tests.Copying;

public sealed class FanOutTests : IDisposable
{
    private readonly DirectoryInfo _spool = Directory.CreateTempSubdirectory("gantry-spool");
    private readonly FakeRegistry _from = new("from.test");
    private readonly FakeRegistry[] _to = [new("eu.test"), new("us.test"), new("asia.test")];

    public void Dispose() => _spool.Delete(recursive: true);

    [Fact]
    public async Task Every_blob_is_read_once_and_arrives_at_every_target()
    {
        var image = _from["app"].AddImage("one", "v1", layers: 12);
        _from["app"].AddArtifact(image, "signature");

        var outcomes = await CopyAsync();

        Assert.All(outcomes, outcome => Assert.True(outcome.Succeeded));
        Assert.All(_to, registry => Assert.Equal(image.Descriptor.Digest, registry["app"].Tags["v1"]));
        Assert.All(_to, registry => registry["app"].AssertComplete());
        Assert.Equal(14, _from.Count("GetBlob"));
        Assert.Empty(_spool.GetFiles());
    }

    [Fact]
    public async Task Manifests_are_read_once_for_all_targets()
    {
        _from["app"].AddIndex(
            "v1", (Platform.LinuxAmd64, _from["app"].AddImage("amd")), (Platform.LinuxArm64, _from["app"].AddImage("arm")));

        await CopyAsync();

        Assert.Equal((1, 2, 3), (_from.Count("GetTag app:v1"), _from.Count("GetManifest"), _from.Count("ListReferrers")));
    }

    [Fact]
    public async Task A_slow_target_does_not_delay_the_others_and_completes_later()
    {
        var image = _from["app"].AddImage("one", "v1", layers: 12);
        var slow = new TaskCompletionSource();
        _to[1].Before = (call, token) =>
            call.StartsWith("StoreBlob", StringComparison.Ordinal) ? slow.Task.WaitAsync(token) : Task.CompletedTask;
        var others = new TaskCompletionSource();
        _to[2].Before = (call, _) =>
        {
            // The first request to a target asks for its tag, and so does the last.
            if (call == "GetTag app:v1" && _to[2].Count(call) == 2)
                others.TrySetResult();
            return Task.CompletedTask;
        };

        var copying = CopyAsync();
        await others.Task;
        Assert.Equal(image.Descriptor.Digest, _to[2]["app"].Tags["v1"]);
        Assert.Empty(_to[1]["app"].Tags);

        slow.SetResult();
        Assert.All(await copying, outcome => Assert.True(outcome.Succeeded));
        _to[1]["app"].AssertComplete();
        Assert.Equal(13, _from.Count("GetBlob"));
    }

    [Fact]
    public async Task A_failed_target_is_reported_and_does_not_affect_the_others()
    {
        var image = _from["app"].AddImage("one", "v1", layers: 12);
        _to[0].Before = (call, _) => call.StartsWith("StoreBlob", StringComparison.Ordinal)
            ? throw new GantryException("GAN2001", "the disk is full", "clean up")
            : Task.CompletedTask;

        var outcomes = await CopyAsync();

        Assert.Equal([false, true, true], outcomes.Select(outcome => outcome.Succeeded));
        Assert.Equal("GAN2001", Assert.IsType<GantryException>(outcomes[0].Error).Code);
        Assert.Empty(_to[0]["app"].Tags);
        Assert.All(_to[1..], registry => Assert.Equal(image.Descriptor.Digest, registry["app"].Tags["v1"]));
        Assert.Equal(13, _from.Count("GetBlob"));
    }

    [Fact]
    public async Task A_failed_source_fails_all_targets()
    {
        var image = _from["app"].AddImage("one", "v1");
        _from["app"].Blobs.TryRemove(image.ReadManifest().Layers[0].Digest, out _);

        var outcomes = await CopyAsync();

        Assert.All(outcomes, outcome => Assert.Equal("GAN2004", Assert.IsType<GantryException>(outcome.Error).Code));
        Assert.All(_to, registry => Assert.Empty(registry["app"].Tags));
        Assert.Empty(_spool.GetFiles());
    }

    [Fact]
    public async Task A_blob_that_goes_to_two_repositories_is_kept_until_both_have_read_it()
    {
        FakeRegistry[] to = [new("eu.test") { RefusesMounts = true }, new("us.test") { RefusesMounts = true }];
        var shared = _from["all"].AddBlob(MediaTypes.OciLayerGzip, "shared layer");
        foreach (var name in new[] { "app", "web" })
            AddImage(name);
        var (read, released) = (Source(), Source());

        // The second target has written the blob to its first repository while the first target reads it for its second.
        to[0].BeforeRead = call => call == $"ReadBlob web@{shared.Digest}" ? Wait(read, released) : Task.CompletedTask;
        var begun = to.Select(_ => Source()).ToList();
        to[0].Before = (call, _) => AfterTheFirst(0, call);
        to[1].Before = (call, _) => call == $"StoreBlob app@{shared.Digest}" ? read.Task : AfterTheFirst(1, call);
        to[1].BeforeRead = call =>
        {
            if (call == $"ReadBlob web@{shared.Digest}")
                released.TrySetResult();
            return Task.CompletedTask;
        };

        var outcomes = await new ImageCopier(new CopyOptions { MaximumConcurrentImages = 2 }, new CopyProgress())
        {
            SpoolFolder = _spool.FullName,
        }.CopyAsync(
            [.. new[] { "app", "web" }.Select(name => new CopyRequest
            {
                Source = _from["all"],
                Tag = name,
                Targets = [.. to.Select(registry => new CopyTarget(registry[name], "v1"))],
            })],
            default);

        Assert.All(outcomes, outcome => Assert.Null(outcome.Error));
        Assert.Equal(1, _from.Count($"GetBlob all@{shared.Digest}"));
        Assert.Empty(_spool.GetFiles());

        void AddImage(string name) => _from["all"].Add(
            ManifestContent.Create(new Manifest
            {
                MediaType = MediaTypes.OciManifest,
                Config = _from["all"].AddBlob(
                    MediaTypes.OciConfig,
                    $$"""{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]},"author":"{{name}}"}"""),
                Layers = [shared],
            }),
            name);

        // The first one to arrive is the source of the mount for the other one.
        Task AfterTheFirst(int number, string call)
        {
            if (call == $"PutBlob app@{shared.Digest}")
                begun[number].TrySetResult();
            return call == "GetTag web:v1" ? begun[number].Task : Task.CompletedTask;
        }

        // Continuations do not run inside the call of another target.
        static TaskCompletionSource Source() => new(TaskCreationOptions.RunContinuationsAsynchronously);

        static Task Wait(TaskCompletionSource reached, TaskCompletionSource until)
        {
            reached.TrySetResult();
            return until.Task;
        }
    }

    [LinuxRootFact]
    public async Task A_full_disk_for_spooled_blobs_is_reported_and_nothing_is_tagged()
    {
        using var disk = await SmallDisk.MountAsync("256k");
        var image = SampleImage.Create(1, 2_000_000);
        var source = new MemoryRepository("source.test", "source.test/app");
        await image.PushAsync(source);
        await source.PutTagAsync("v1", image.Root, default);

        var outcomes = await new ImageCopier { SpoolFolder = disk.Path }.CopyAsync(
            [new CopyRequest { Source = source, Tag = "v1", Targets = [.. _to.Select(registry => new CopyTarget(registry["app"], "v1"))] }],
            default);

        Assert.All(outcomes, outcome => Assert.Equal("GAN2028", Assert.IsType<GantryException>(outcome.Error).Code));
        Assert.All(_to, registry => Assert.Empty(registry["app"].Tags));
        Assert.Empty(Directory.GetFiles(disk.Path));
    }

    [Fact]
    public async Task A_missing_folder_for_spooled_blobs_is_named()
    {
        _from["app"].AddImage("one", "v1");
        var missing = Path.Combine(_spool.FullName, "missing");

        var outcomes = await new ImageCopier { SpoolFolder = missing }.CopyAsync(
            [
                new CopyRequest
                {
                    Source = _from["app"],
                    Tag = "v1",
                    Targets = [.. _to.Select(registry => new CopyTarget(registry["app"], "v1"))],
                },
            ],
            default);

        Assert.All(outcomes, outcome => Assert.Equal("GAN3019", Assert.IsType<GantryException>(outcome.Error).Code));
        Assert.All(outcomes, outcome => Assert.Contains(missing, outcome.Error!.Message, StringComparison.Ordinal));
        Assert.All(_to, registry => Assert.Empty(registry["app"].Tags));
    }

    [Fact]
    public async Task A_target_that_has_the_image_reads_no_blob()
    {
        _from["app"].AddImage("one", "v1");
        _to[0]["app"].AddImage("one", "v1");

        var outcomes = await CopyAsync();

        Assert.Equal([true, false, false], outcomes.Select(outcome => outcome.Images[0].NothingMoved));
        Assert.Equal(0, _to[0].Count("Put"));
    }

    [Fact]
    public async Task A_cancelled_copy_stops_at_every_target_without_a_tag()
    {
        _from["app"].AddImage("one", "v1", layers: 12);
        using var stop = new CancellationTokenSource();
        _to[1].Before = (call, _) => call.StartsWith("StoreBlob", StringComparison.Ordinal) ? stop.CancelAsync() : Task.CompletedTask;
        _to[0].Before = (call, token) =>
            call.StartsWith("StoreBlob", StringComparison.Ordinal) ? Task.Delay(Timeout.Infinite, token) : Task.CompletedTask;
        _to[2].Before = _to[0].Before;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CopyAsync(stop.Token));

        Assert.All(_to, registry => Assert.Empty(registry["app"].Tags));
        Assert.Empty(_spool.GetFiles());
    }

    private Task<IReadOnlyList<CopyOutcome>> CopyAsync(CancellationToken cancellationToken = default) =>
        new ImageCopier { SpoolFolder = _spool.FullName }.CopyAsync(
            [
                new CopyRequest
                {
                    Source = _from["app"],
                    Tag = "v1",
                    Targets = [.. _to.Select(registry => new CopyTarget(registry["app"], "v1"))],
                },
            ],
            cancellationToken);
}
