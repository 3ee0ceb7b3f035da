using Gantry.Copying;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;

namespace Gantry.Cli.Tests;

/// <summary>
/// Kills a copy to a folder or an archive at every single write. After each kill the target is as it was before or complete, and the same
/// command completes it.
/// </summary>
/// <remarks>With GANTRY_KILLS the image is larger: several platforms and more signatures.</remarks>
public sealed class FileKillTests : IAsyncLifetime
{
    private static readonly bool IsThorough = Environment.GetEnvironmentVariable("GANTRY_KILLS") is { Length: > 0 } and not "0";

    private readonly TempFolder _folder = new();
    private readonly SampleImage _before = SampleImage.Create(77, 2_000);
    private ManifestContent _root = null!;
    private int _attachments;

    private string Source => $"oci:{_folder.Combine("source")}/app:v1";

    public async Task InitializeAsync()
    {
        await using var session = new RegistrySession();
        var repository = session.Open(RegistryAddress.Parse($"oci:{_folder.Combine("source")}"), "app");
        if (IsThorough)
        {
            var index = SignedSampleIndex.Create(platforms: 3, layerSize: 150_000);
            await index.PushAsync(repository, "v1");
            (_root, _attachments) = (index.Root, index.AttachmentCount);
        }
        else
        {
            // The layer takes more than one write.
            var image = SampleImage.Create(5, 150_000);
            await image.PushAsync(repository);
            await repository.PutTagAsync("v1", image.Root, default);
            await SampleImage.CreateReferrer(image.Root.Descriptor, "signature").PushAsync(repository);
            (_root, _attachments) = (image.Root, 1);
        }
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [StraceTheory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_copy_to_a_folder_can_be_killed_at_every_write(bool exists) =>
        KillAtEveryWriteAsync(folder => $"oci:{folder}", "app", exists);

    [StraceTheory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_copy_to_an_archive_can_be_killed_at_every_write(bool exists) =>
        KillAtEveryWriteAsync(folder => $"oci-archive:{folder}/app.tar", "", exists);

    private async Task KillAtEveryWriteAsync(Func<string, string> place, string name, bool exists)
    {
        var whole = await PrepareAsync("whole", place, name, exists);
        var calls = await SystemCallTrace.RecordAsync(whole, _folder, "copy", Source, TargetOf(place(whole), name));
        Assert.Contains(calls, call => call.Name.StartsWith("rename", StringComparison.Ordinal));
        await AssertIsCompleteAsync(place(whole), name, "a whole copy");

        var killed = 0;
        foreach (var (number, call) in calls.Index())
        {
            var folder = await PrepareAsync($"target-{number}", place, name, exists);
            var target = TargetOf(place(folder), name);
            killed += await SystemCallTrace.KillAsync(call, "copy", Source, target) ? 1 : 0;

            var where = $"killed at write {number + 1} of {calls.Count}: {call.Text}";
            await AssertIsAsBeforeOrCompleteAsync(place(folder), name, exists, where);
            var again = await CommandRunner.RunAsync("copy", Source, target);
            Assert.True(again.Code == 0, $"{where}: {again.Error}");
            await AssertIsCompleteAsync(place(folder), name, where);
            if (exists)
                await AssertHasBeforeAsync(place(folder), name, where);
            Directory.Delete(folder, recursive: true);
        }

        // Every call is reached again, unless the runtime itself has made others meanwhile.
        Assert.True(killed >= calls.Count * 3 / 4, $"only {killed} of {calls.Count} were killed before they were done");
    }

    private async Task<string> PrepareAsync(string folder, Func<string, string> place, string name, bool exists)
    {
        var path = Directory.CreateDirectory(_folder.Combine(folder)).FullName;
        if (!exists)
            return path;
        await using var session = new RegistrySession();
        var repository = session.Open(RegistryAddress.Parse(place(path)), name);
        await _before.PushAsync(repository);
        await repository.PutTagAsync("before", _before.Root, default);
        await repository.CompleteAsync(default);
        return path;
    }

    private async Task AssertIsAsBeforeOrCompleteAsync(string place, string name, bool exists, string where)
    {
        await using var session = new RegistrySession();
        var repository = session.Open(RegistryAddress.Parse(place), name);
        var tags = await repository.ListTagsAsync(default);
        Assert.True(!exists || tags.Contains("before"), $"{where}: the tag from before is lost");
        foreach (var tag in tags)
            Assert.True((await VerifyAsync(repository, tag)).Faults.Count == 0, $"{where}: {tag} is not complete");
        if (tags.Contains("v1"))
            await AssertIsCompleteAsync(place, name, where);
    }

    private async Task AssertIsCompleteAsync(string place, string name, string where)
    {
        await using var session = new RegistrySession();
        var report = await VerifyAsync(session.Open(RegistryAddress.Parse(place), name), "v1");
        Assert.True(
            report.Faults.Count == 0 && report.Root.Digest == _root.Descriptor.Digest && report.Attachments == _attachments,
            $"{where}: {report.Faults.Count} faults, {report.Attachments} of {_attachments} attachments");
    }

    private async Task AssertHasBeforeAsync(string place, string name, string where)
    {
        await using var session = new RegistrySession();
        var report = await VerifyAsync(session.Open(RegistryAddress.Parse(place), name), "before");
        Assert.True(report.Faults.Count == 0 && report.Root.Digest == _before.Root.Descriptor.Digest, where);
    }

    private static Task<VerificationReport> VerifyAsync(IImageRepository repository, string tag) =>
        new ImageVerifier(new CopyOptions(), new CopyProgress()).VerifyAsync(repository, tag, default);

    private static string TargetOf(string place, string name) => name.Length == 0 ? $"{place}:v1" : $"{place}/{name}:v1";
}
