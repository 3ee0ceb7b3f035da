using System.Text.Json.Nodes;
using Gantry.Attestations;
using Gantry.Environments;
using Gantry.Holds;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Pruning;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Testing;
using Gantry.Verification;

namespace Gantry.Cli.Tests;

/// <summary>Named images are deleted with what belongs to them, unless something needs them.</summary>
public sealed class DeleteCommandTests : IAsyncLifetime
{
    private static readonly PromotionEnvironment s_dev = new("dev");

    private readonly TempFolder _folder = new();
    private readonly RegistrySession _session = new();

    private string Declaration => _folder.Combine("environments.json");

    public async Task InitializeAsync()
    {
        var policy = new VerificationPolicy
        {
            Base = AddressOf("base"), Images = ["app"], Targets = PromotionTarget.Of(s_dev, AddressOf("dev")),
        };
        await File.WriteAllBytesAsync(Declaration, PolicyDocument.Of(policy).ToJson());
        for (var number = 0; number < 4; number++)
        {
            var time = new StoppedClock(DateTimeOffset.UtcNow - TimeSpan.FromDays(9 - number));
            var image = SampleImage.Create(number + 1, 100, 50);
            var workshop = _session.Open(AddressOf("workshop"), "app");
            await image.PushAsync(workshop);
            var release = (await new Publisher(_session, time).PublishAsync(
                new PublishRequest
                {
                    Version = $"1.{number}.0",
                    Commit = "0123456789abcdef0123456789abcdef01234567",
                    Base = policy.Base,
                    Images =
                    [
                        new ImageToPublish(
                            "app", workshop, new BuiltImage(image.Root, [Platform.LinuxAmd64], baseImage: null, standIn: false)),
                    ],
                },
                default)).Release;
            var plan = await new PromotionPlanner(_session, time).PlanAsync(
                new PromotionRequest { Release = release, Base = policy.Base, Targets = policy.Targets }, default);
            (await new Promoter { Time = time }.ApplyAsync(plan, default)).ThrowIfFailed();
        }

        Age();
    }

    public async Task DisposeAsync()
    {
        await _session.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_image_is_listed_first_and_deleted_with_the_digest_of_the_list()
    {
        var listed = await DeleteAsync(["dev:1.0.0"], "--format", "json");
        var shown = await DeleteAsync(["dev:1.0.0"]);
        Assert.Equal((3, 3), (listed.Code, shown.Code));
        Assert.Contains("tag: 1.0.0", shown.Output, StringComparison.Ordinal);
        Assert.Matches(@"\d referrers?: sha256:[0-9a-f]{12}", shown.Output);
        Assert.Contains("1.0.0", await TagsAsync("dev"));

        var list = (string)JsonNode.Parse(listed.Output)!["list"]!;
        (await DeleteAsync(["dev:1.1.0"], "--apply", list)).AssertError("GAN4704");
        (await DeleteAsync(["dev:1.0.0"], "--apply", list)).EnsureSuccess();

        Assert.Equal(["1.1.0", "1.2.0", "1.3.0", "gantry-pruned"], await TagsAsync("dev"));
        Assert.Contains("1.0.0", await TagsAsync("base"));
        var record = Assert.Single(await PruningRecords.FindAsync(
            _session.Open(AddressOf("dev"), "app"), ResourceUri.For(AddressOf("dev"), "app", "dev"), trust: null, default));
        Assert.Equal("1.0.0", Assert.Single(Assert.Single(record.Items).Versions));
    }

    [Fact]
    public async Task A_person_at_the_terminal_is_asked()
    {
        var no = await CommandRunner.RunAsync(() => "no", Arguments(["dev:1.0.0"]));
        Assert.Equal(3, no.Code);
        Assert.Contains("1.0.0", await TagsAsync("dev"));

        (await CommandRunner.RunAsync(() => "yes", Arguments(["dev:1.0.0"]))).EnsureSuccess();
        Assert.DoesNotContain("1.0.0", await TagsAsync("dev"));
    }

    [Theory]
    [InlineData("dev:1.3.0", "it is the release of dev")]
    [InlineData("dev:1.2.0", "dev would go back to it")]
    [InlineData("base:1.3.0", "dev keeps it")]
    public async Task What_an_environment_needs_is_refused_with_the_reason(string image, string reason)
    {
        var result = await DeleteAsync([image]);

        result.AssertError("GAN4141");
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_hold_needs_is_refused()
    {
        var target = new PromotionTarget(s_dev, null, AddressOf("dev"));
        await new HoldWriter(_session, TimeProvider.System).SetAsync(
            target, ["app"], new HoldDecision { By = "Ben", Reason = "a sale", Version = "1.0.0" }, signer: null, default);
        Age();

        (await DeleteAsync(["dev:1.0.0"])).AssertError("GAN4141");
        Assert.Equal(3, (await DeleteAsync(["dev:1.1.0"])).Code);
    }

    [Fact]
    public async Task What_was_written_a_moment_ago_is_refused()
    {
        foreach (var file in Files())
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow);

        (await DeleteAsync(["dev:1.0.0"])).AssertError("GAN4141");
    }

    [Fact]
    public async Task A_tag_beside_others_goes_alone_and_an_image_goes_with_all_its_tags()
    {
        var repository = _session.Open(AddressOf("dev"), "app");
        await repository.PutTagAsync("old", (await repository.FindManifestAsync("1.0.0", default))!, default);
        Age();

        (await CommandRunner.RunAsync(() => "yes", Arguments(["dev:old"]))).EnsureSuccess();
        Assert.Equal(["1.0.0", "1.1.0", "1.2.0", "1.3.0", "gantry-pruned"], await TagsAsync("dev"));

        await repository.PutTagAsync("old", (await repository.FindManifestAsync("1.0.0", default))!, default);
        Age();
        var digest = (await repository.FindTagAsync("old", default))!.Digest;
        (await CommandRunner.RunAsync(() => "yes", Arguments([$"dev@{digest}"]))).EnsureSuccess();
        Assert.Equal(["1.1.0", "1.2.0", "1.3.0", "gantry-pruned"], await TagsAsync("dev"));
    }

    [Fact]
    public async Task What_is_not_there_or_not_an_image_of_its_own_or_not_declared_is_refused()
    {
        var repository = _session.Open(AddressOf("dev"), "app");
        var root = (await repository.FindTagAsync("1.0.0", default))!.Digest;
        var referrer = (await repository.ListReferrersAsync(root, default))[0].Digest;

        (await DeleteAsync(["dev:9.9.9"])).AssertError("GAN4140");
        (await DeleteAsync([$"dev@sha256:{new string('0', 64)}"])).AssertError("GAN4140");
        (await DeleteAsync([$"dev@{referrer}"])).AssertError("GAN4143");
        (await CommandRunner.RunAsync("delete", $"oci:{_folder.Combine("workshop")}/app:1", "--environments", Declaration))
            .AssertError("GAN4142");
        (await CommandRunner.RunAsync("delete", $"oci:{_folder.Combine("dev")}/app", "--environments", Declaration))
            .AssertError("GAN4040");
    }

    [Fact]
    public async Task Without_environments_any_image_goes_but_none_that_a_promotion_records()
    {
        var other = _session.Open(AddressOf("other"), "tools");
        var image = SampleImage.Create(9, 100);
        await image.PushAsync(other);
        await other.PutTagAsync("1", image.Root, default);
        Age();
        string[] delete = ["delete", $"oci:{_folder.Combine("other")}/tools:1", "--without-environments"];

        (await CommandRunner.RunAsync(() => "yes", delete)).EnsureSuccess();
        (await CommandRunner.RunAsync(() => "yes", "delete", $"oci:{_folder.Combine("dev")}/app:1.0.0", "--without-environments"))
            .AssertError("GAN4141");
    }

    private string[] Files() => Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories);

    private void Age()
    {
        foreach (var file in Files())
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow - TimeSpan.FromDays(1));
    }

    private RegistryAddress AddressOf(string name) => RegistryAddress.Parse($"oci:{_folder.Combine(name)}");

    private string[] Arguments(string[] images, params string[] more)
    {
        var named = images.Select(image =>
        {
            var at = image.IndexOfAny([':', '@']);
            return $"oci:{_folder.Combine(image[..at])}/app{image[at..]}";
        });
        return ["delete", .. named, "--environments", Declaration, .. more];
    }

    private Task<CommandRunner.CommandResult> DeleteAsync(string[] images, params string[] more) =>
        CommandRunner.RunAsync(Arguments(images, more));

    private async Task<IReadOnlyList<string>> TagsAsync(string registry) =>
        [.. (await _session.Open(AddressOf(registry), "app").ListTagsAsync(default)).Where(tag => !DigestTags.IsDigestTag(tag))];

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
