using System.Text.Json.Nodes;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Testing;
using Gantry.Verification;

namespace Gantry.Cli.Tests;

/// <summary><c>gantry diff</c>: two images, or two environments and releases.</summary>
public sealed class DiffCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly RegistrySession _session = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_images_are_compared()
    {
        await PublishAsync("1.0.0", 1);
        await PublishAsync("1.1.0", 2);

        var text = (await CommandRunner.RunAsync("diff", Image("1.0.0"), Image("1.1.0"))).EnsureSuccess();
        var json = (await CommandRunner.RunAsync("diff", Image("1.0.0"), Image("1.1.0"), "--format", "json")).EnsureSuccess();
        var markdown = (await CommandRunner.RunAsync("diff", Image("1.0.0"), Image("1.1.0"), "--format", "markdown")).EnsureSuccess();

        Assert.Contains("1 image changed", text.Output, StringComparison.Ordinal);
        Assert.Contains("GAN4804", text.Output, StringComparison.Ordinal);
        var image = JsonNode.Parse(json.Output)!["images"]![0]!;
        Assert.Equal(("app", 2), ((string?)image["image"], image["layers"]!.AsArray().Count));
        Assert.StartsWith("## From oci:", markdown.Output, StringComparison.Ordinal);
        Assert.Empty(text.Error + json.Error + markdown.Error);
    }

    [Fact]
    public async Task The_exit_code_says_on_request_whether_something_differs()
    {
        await PublishAsync("1.0.0", 1);
        await PublishAsync("1.1.0", 2);

        Assert.Equal(3, (await CommandRunner.RunAsync("diff", Image("1.0.0"), Image("1.1.0"), "--exit-code")).Code);
        Assert.Equal(0, (await CommandRunner.RunAsync("diff", Image("1.0.0"), Image("1.0.0"), "--exit-code")).Code);
    }

    [Fact]
    public async Task Layers_that_are_none_leave_the_files_unknown()
    {
        await PublishAsync("1.0.0", 1);
        await PublishAsync("1.1.0", 2);

        var run = (await CommandRunner.RunAsync("diff", Image("1.0.0"), Image("1.1.0"), "--files")).EnsureSuccess();

        Assert.Contains("the files of app: ", run.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Environments_and_versions_are_compared_with_the_exported_declaration()
    {
        var dev = new PromotionTarget(new PromotionEnvironment("dev"), null, AddressOf("dev"));
        await PromoteAsync(await PublishAsync("1.0.0", 1), dev);
        await PublishAsync("1.1.0", 2);
        var policy = new VerificationPolicy { Base = AddressOf("base"), Images = ["app"], Targets = [dev] };
        var file = _folder.Write("environments.json", PolicyDocument.Of(policy).ToJson());

        var run = (await CommandRunner.RunAsync(
            "diff", "dev", "1.1.0", "--environments", file, "--format", "json", "--clone", _folder.Path)).EnsureSuccess();
        var unknown = await CommandRunner.RunAsync("diff", "prod", "1.1.0", "--environments", file);

        var document = JsonNode.Parse(run.Output)!;
        Assert.Equal(("1.0.0", "dev"), ((string?)document["from"]!["name"], (string?)document["from"]!["place"]));
        Assert.Equal("1.1.0", (string?)document["to"]!["name"]);
        Assert.Contains(document["unknown"]!.AsArray(), sentence => ((string)sentence!).Contains("GAN4801", StringComparison.Ordinal));
        unknown.AssertError("GAN4809");
    }

    [Theory]
    [InlineData("oci:{0}/app:9.9.9", "GAN4040")]
    [InlineData("oci:{0}/app", "GAN4040")]
    public async Task An_image_that_is_not_there_is_an_error(string image, string code)
    {
        await PublishAsync("1.0.0", 1);

        var run = await CommandRunner.RunAsync(
            "diff", Image("1.0.0"), string.Format(System.Globalization.CultureInfo.InvariantCulture, image, _folder.Combine("base")));

        run.AssertError(code);
    }

    private RegistryAddress AddressOf(string name) => RegistryAddress.Parse($"oci:{_folder.Combine(name)}");

    private string Image(string tag) => $"oci:{_folder.Combine("base")}/app:{tag}";

    private async Task<Release> PublishAsync(string version, int seed)
    {
        var image = SampleImage.Create(seed, 100);
        var workshop = _session.Open(AddressOf("workshop"), "app");
        await image.PushAsync(workshop);
        return (await new Publisher(_session, TimeProvider.System).PublishAsync(
            new PublishRequest
            {
                Version = version,
                Commit = new string((char)('0' + seed), 40),
                Base = AddressOf("base"),
                Images = [new ImageToPublish("app", workshop, new BuiltImage(image.Root, [Platform.LinuxAmd64], null, standIn: false))],
            },
            CancellationToken.None)).Release;
    }

    private async Task PromoteAsync(Release release, PromotionTarget target)
    {
        var plan = await new PromotionPlanner(_session).PlanAsync(
            new PromotionRequest { Release = release, Base = AddressOf("base"), Targets = [target] }, CancellationToken.None);
        (await new Promoter().ApplyAsync(plan, CancellationToken.None)).ThrowIfFailed();
    }
}
