using Gantry.Registries;
using Gantry.Testing;

namespace Gantry.Cli.Tests;

/// <summary>What is no regular file is refused: opening a pipe would block for ever, and a device may never end.</summary>
public sealed class SpecialFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [UnixTheory]
    [InlineData("index.json")]
    [InlineData("oci-layout")]
    [InlineData("blobs/sha256/{manifest}")]
    [InlineData("blobs/sha256/{layer}")]
    public async Task A_pipe_in_a_layout_is_refused(string file)
    {
        var image = await PushAsync();
        var path = _folder.Combine("base/app/" + file
            .Replace("{manifest}", image.Root.Descriptor.Digest.Hex, StringComparison.Ordinal)
            .Replace("{layer}", image.Root.ReadManifest().Layers[0].Digest.Hex, StringComparison.Ordinal));
        File.Delete(path);
        await MakePipeAsync(path);

        (await CommandRunner.RunAsync("copy", Layout, $"oci:{_folder.Combine("dev")}/app")).AssertError("GAN3035");
    }

    [UnixFact]
    public async Task A_link_to_a_pipe_is_refused()
    {
        await MakePipeAsync(_folder.Combine("pipe"));
        File.CreateSymbolicLink(_folder.Combine("app.tar"), _folder.Combine("pipe"));

        (await CommandRunner.RunAsync("inspect", $"oci-archive:{_folder.Combine("app.tar")}")).AssertError("GAN3035");
    }

    [UnixTheory]
    [InlineData("oci-archive:/dev/zero")]
    [InlineData("docker-archive:/dev/null")]
    [InlineData("oci-archive:/")]
    public async Task Devices_and_folders_are_no_archives(string archive)
    {
        (await CommandRunner.RunAsync("inspect", archive)).AssertError("GAN3035");
    }

    [UnixFact]
    public async Task A_pipe_is_not_replaced_by_what_is_written()
    {
        await PushAsync();
        await MakePipeAsync(_folder.Combine("app.tar"));

        (await CommandRunner.RunAsync("copy", Layout, $"oci-archive:{_folder.Combine("app.tar")}")).AssertError("GAN3035");

        Assert.True(Gantry.IO.RegularFile.IsSpecial(_folder.Combine("app.tar")));
    }

    [UnixFact]
    public async Task A_credential_file_that_is_a_pipe_is_refused()
    {
        await MakePipeAsync(_folder.Combine("config.json"));

        var credentials = new DockerConfigCredentials(_folder.Combine("config.json"));
        var error = await Assert.ThrowsAsync<GantryException>(async () => await credentials.FindAsync("example.com", default));

        Assert.Equal("GAN3035", error.Code);
    }

    [UnixTheory]
    [InlineData(true, "GAN2020")]
    [InlineData(false, "GAN3035")]
    public async Task A_lock_that_is_no_file_is_refused_and_nothing_appears_elsewhere(bool isLink, string code)
    {
        await PushAsync();
        File.Delete(_folder.Combine("base/app/.lock"));
        if (isLink)
            File.CreateSymbolicLink(_folder.Combine("base/app/.lock"), _folder.Combine("elsewhere"));
        else
            await MakePipeAsync(_folder.Combine("base/app/.lock"));

        (await CommandRunner.RunAsync("copy", Layout, $"oci:{_folder.Combine("base")}/app:v2")).AssertError(code);

        Assert.False(File.Exists(_folder.Combine("elsewhere")));
    }

    [UnixTheory]
    [InlineData("index.json")]
    [InlineData("oci-layout")]
    [InlineData("blobs")]
    [InlineData("blobs/sha256")]
    public async Task Links_in_a_layout_are_not_written_through(string link)
    {
        await PushAsync();
        var target = _folder.Combine("elsewhere");
        if (Directory.Exists(_folder.Combine($"base/app/{link}")))
            Directory.Move(_folder.Combine($"base/app/{link}"), target);
        else
            File.Move(_folder.Combine($"base/app/{link}"), target);
        File.CreateSymbolicLink(_folder.Combine($"base/app/{link}"), target);

        (await CommandRunner.RunAsync("copy", Layout, $"oci:{_folder.Combine("base")}/app:v2")).AssertError("GAN2020");
    }

    private string Layout => $"oci:{_folder.Combine("base")}/app:v1";

    private static async Task MakePipeAsync(string path) => (await ChildProcess.RunAsync("mkfifo", [path])).EnsureSuccess();

    private async Task<SampleImage> PushAsync()
    {
        var image = SampleImage.Create(1, 1000);
        await using var session = new RegistrySession();
        var repository = session.Open(Gantry.Oci.RegistryAddress.Parse($"oci:{_folder.Combine("base")}"), "app");
        await image.PushAsync(repository);
        await repository.PutTagAsync("v1", image.Root, default);
        return image;
    }
}
