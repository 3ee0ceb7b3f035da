using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;

namespace Gantry.Cli.Tests;

public sealed class ArchiveCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Archive => $"oci-archive:{_folder.Combine("app.tar")}";

    private string Layout => $"oci:{_folder.Combine("base")}/app";

    [Fact]
    public async Task An_image_is_copied_into_an_archive_and_out_without_its_name()
    {
        var image = await PushAsync("1.4.2", 1);

        (await CommandRunner.RunAsync("copy", $"{Layout}:1.4.2", Archive)).EnsureSuccess();
        Assert.Contains(
            "nothing moved",
            (await CommandRunner.RunAsync("copy", $"{Layout}:1.4.2", Archive)).EnsureSuccess().Output,
            StringComparison.Ordinal);
        Assert.Contains("no faults", (await CommandRunner.RunAsync("verify", Archive)).EnsureSuccess().Output, StringComparison.Ordinal);
        Assert.Contains(
            image.Root.Descriptor.Digest.ToString(),
            (await CommandRunner.RunAsync("inspect", Archive)).EnsureSuccess().Output,
            StringComparison.Ordinal);

        // The tag is copied, too.
        (await CommandRunner.RunAsync("copy", Archive, $"oci:{_folder.Combine("dev")}/app")).EnsureSuccess();
        (await CommandRunner.RunAsync("verify", $"oci:{_folder.Combine("dev")}/app:1.4.2")).EnsureSuccess();
    }

    [Fact]
    public async Task All_tags_are_copied_into_one_archive_and_out_again()
    {
        foreach (var number in Enumerable.Range(1, 3))
            await PushAsync($"v{number}", number);

        (await CommandRunner.RunAsync("copy", "--all-tags", Layout, Archive)).EnsureSuccess();
        (await CommandRunner.RunAsync("copy", "--all-tags", Archive, $"oci:{_folder.Combine("dev")}/app")).EnsureSuccess();

        (await CommandRunner.RunAsync("verify", $"oci:{_folder.Combine("dev")}/app:v3")).EnsureSuccess();
        (await CommandRunner.RunAsync("verify", $"{Archive}:v2")).EnsureSuccess();
        (await CommandRunner.RunAsync("verify", Archive)).AssertError("GAN2033");
    }

    [Theory]
    [InlineData("GAN2033", "copy", "{none}", "{dev}/app")]
    [InlineData("GAN4030", "copy", "{none}:v1", "{dev}/app")]
    [InlineData("GAN2030", "copy", "docker-{none}", "{dev}/app")]
    [InlineData("GAN4043", "copy", "{base}:v1", "docker-archive:x.tar")]
    [InlineData("GAN4044", "copy", "{base}:v1", "{none}:a", "{none}:b")]
    [InlineData("GAN4041", "copy", "--all-tags", "{base}", "{none}:a")]
    [InlineData("GAN1006", "copy", "oci-archive:", "{dev}/app")]
    [InlineData("GAN1007", "copy", "oci-archive:x.tar:-", "{dev}/app")]
    [InlineData("GAN1002", "verify", "oci-archive:x.tar@sha256:1")]
    public async Task A_failed_command_prints_one_sentence(string code, params string[] arguments)
    {
        await PushAsync("v1", 1);

        var answer = await CommandRunner.RunAsync([.. arguments.Select(argument => argument
            .Replace("docker-{none}", $"docker-archive:{_folder.Combine("none.tar")}", StringComparison.Ordinal)
            .Replace("{none}", $"oci-archive:{_folder.Combine("none.tar")}", StringComparison.Ordinal)
            .Replace("{base}", Layout, StringComparison.Ordinal)
            .Replace("{dev}", $"oci:{_folder.Combine("dev")}", StringComparison.Ordinal))]);

        answer.AssertError(code);
        Assert.Empty(Directory.GetFiles(_folder.Path));
        Assert.False(Directory.Exists(_folder.Combine("dev")));
    }

    private async Task<SampleImage> PushAsync(string tag, int seed)
    {
        var image = SampleImage.Create(seed, 1000, 2000);
        await using var session = new RegistrySession();
        var repository = session.Open(RegistryAddress.Parse($"oci:{_folder.Combine("base")}"), "app");
        await image.PushAsync(repository);
        await repository.PutTagAsync(tag, image.Root, default);
        return image;
    }
}
