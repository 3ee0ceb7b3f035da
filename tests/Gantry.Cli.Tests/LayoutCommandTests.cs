using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;

namespace Gantry.Cli.Tests;

public sealed class LayoutCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Place(string registry, string image) => $"oci:{_folder.Combine(registry)}/{image}";

    [Fact]
    public async Task An_image_is_copied_verified_and_shown()
    {
        var image = await PushAsync("base", "app", "v1", 1);

        var copied = (await CommandRunner.RunAsync("copy", Place("base", "app:v1"), Place("dev", "app"))).EnsureSuccess();
        Assert.Contains($"{image.Root.Descriptor.Digest}: 3 blobs", copied.Output, StringComparison.Ordinal);

        var again = (await CommandRunner.RunAsync("copy", Place("base", "app:v1"), Place("dev", "app"))).EnsureSuccess();
        Assert.Contains("nothing moved", again.Output, StringComparison.Ordinal);

        var verified = (await CommandRunner.RunAsync("verify", Place("dev", $"app@{image.Root.Descriptor.Digest}"))).EnsureSuccess();
        Assert.Contains("1 manifest, 3 blobs", verified.Output, StringComparison.Ordinal);

        var shown = (await CommandRunner.RunAsync("inspect", Place("dev", "app:v1"))).EnsureSuccess();
        Assert.Contains(image.Root.Descriptor.Digest.ToString(), shown.Output, StringComparison.Ordinal);

        var raw = (await CommandRunner.RunAsync("inspect", "--raw", Place("dev", "app:v1"))).EnsureSuccess();
        Assert.Equal(System.Text.Encoding.UTF8.GetString(image.Root.Bytes.Span), raw.Output);
    }

    [Fact]
    public async Task All_tags_of_a_repository_are_copied_to_several_targets()
    {
        foreach (var number in Enumerable.Range(1, 5))
            await PushAsync("base", "app", $"v{number}", number);

        (await CommandRunner.RunAsync("copy", "--all-tags", Place("base", "app"), Place("eu", "app"), Place("us", "app"))).EnsureSuccess();

        foreach (var region in new[] { "eu", "us" })
            (await CommandRunner.RunAsync("verify", Place(region, "app:v5"))).EnsureSuccess();
    }

    [Fact]
    public async Task A_damaged_image_is_reported_with_its_faults()
    {
        var image = await PushAsync("base", "app", "v1", 1);
        var layer = image.Root.ReadManifest().Layers[0];
        var blob = Directory.GetFiles(_folder.Combine("base"), layer.Digest.Hex, SearchOption.AllDirectories).Single();
        var bytes = await File.ReadAllBytesAsync(blob);
        bytes[0] ^= 1;
        File.SetAttributes(blob, FileAttributes.Normal);
        await File.WriteAllBytesAsync(blob, bytes);

        var answer = await CommandRunner.RunAsync("verify", Place("base", "app:v1"));

        Assert.Equal(1, answer.Code);
        Assert.Contains($"blob {layer.Digest}: GAN", answer.Error, StringComparison.Ordinal);
        Assert.Contains("1 fault", answer.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GAN4030", "copy", "{base}/app:v2", "{dev}/app")]
    [InlineData("GAN4035", "copy", "{base}/app:v1", "{base}/app:other")]
    [InlineData("GAN4036", "copy", "--platform", "windows/amd64", "{base}/index:v1", "{dev}/app")]
    [InlineData("GAN4036", "copy", "--platform", "linux/arm64", "{base}/app:v1", "{dev}/app")]
    [InlineData("GAN4040", "copy", "{base}/app", "{dev}/app")]
    [InlineData("GAN4041", "copy", "--all-tags", "{base}/app:v1", "{dev}/app")]
    [InlineData("GAN4041", "copy", "--all-tags", "{base}/app", "{dev}/app:v1")]
    [InlineData("GAN4042", "copy", "{base}/app:v1", "{dev}/app@sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a")]
    [InlineData("GAN4038", "copy", "--all-tags", "{base}/none", "{dev}/app")]
    [InlineData("GAN4040", "verify", "{base}/app")]
    [InlineData("GAN4030", "inspect", "{base}/app:none")]
    [InlineData("GAN1001", "copy", "Not/A/Reference:v1", "{dev}/app")]
    [InlineData("GAN1002", "verify", "{base}/app@sha256:12")]
    [InlineData("GAN1004", "copy", "--platform", "windows", "{base}/app:v1", "{dev}/app")]
    [InlineData("GAN1008", "copy", "{base}/App:v1", "{dev}/app")]
    public async Task A_failed_command_prints_one_sentence(string code, params string[] arguments)
    {
        var image = await PushAsync("base", "app", "v1", 1);
        await PushAsync("base", "app", "other", 2);
        await using (var session = new RegistrySession())
        {
            var repository = session.Open(RegistryAddress.Parse($"oci:{_folder.Combine("base")}"), "index");
            await image.PushAsync(repository);
            var index = ManifestContent.Create(new ImageIndex
            {
                MediaType = MediaTypes.OciIndex,
                Manifests = [image.Root.Descriptor with { Platform = Platform.LinuxAmd64 }],
            });
            await repository.PutTagAsync("v1", index, default);
        }

        var answer = await CommandRunner.RunAsync([.. arguments.Select(argument =>
            argument.Replace("{base}", $"oci:{_folder.Combine("base")}", StringComparison.Ordinal).Replace(
                "{dev}", $"oci:{_folder.Combine("dev")}", StringComparison.Ordinal))]);

        answer.AssertError(code);
        Assert.Equal(code == "GAN4035", answer.Error.EndsWith(" (--move-tag \"reason\").\n", StringComparison.Ordinal));
        Assert.False(Directory.Exists(_folder.Combine("dev")));
    }

    [Theory]
    [InlineData("copy")]
    [InlineData("copy", "--unknown", "a/b:c", "d/e")]
    [InlineData("copy", "--concurrency", "0", "a/b:c", "d/e")]
    [InlineData("copy", "--concurrency", "many", "a/b:c", "d/e")]
    [InlineData("copy", "--timeout", "0", "a/b:c", "d/e")]
    [InlineData("verify", "--timeout", "soon", "a/b:c")]
    [InlineData("copy", "--progress", "sometimes", "a/b:c", "d/e")]
    [InlineData("fly")]
    public async Task An_invalid_command_line_does_nothing_and_returns_two(params string[] arguments)
    {
        var answer = await CommandRunner.RunAsync(arguments);

        Assert.Equal(2, answer.Code);
        Assert.NotEmpty(answer.Error);
    }

    private async Task<SampleImage> PushAsync(string registry, string name, string tag, int seed)
    {
        var image = SampleImage.Create(seed, 1000, 2000);
        await using var session = new RegistrySession();
        var repository = session.Open(RegistryAddress.Parse($"oci:{_folder.Combine(registry)}"), name);
        await image.PushAsync(repository);
        await repository.PutTagAsync(tag, image.Root, default);
        return image;
    }
}
