using System.Text.Json.Nodes;
using Gantry.Differences;
using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Images.Checking;
using Gantry.Images.Tests.Fixtures;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Status;
using Gantry.Testing;

namespace Gantry.Images.Tests.Checking;

public sealed class BaseImageCheckerTests : IAsyncLifetime
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 29, 3, 0, 0, TimeSpan.Zero);

    private readonly RebaseFixture _rebase = new();

    private FakeBaseRegistries Registries => _rebase.Build.Registries;

    public Task InitializeAsync()
    {
        _rebase.Build.Write("motd", "hello").Dockerfile($"FROM {RebaseFixture.Base}\nCOPY motd /motd\n");
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _rebase.DisposeAsync();

    [Fact]
    public async Task A_base_image_whose_tag_points_to_it_is_current()
    {
        await PushAsync(1);
        var report = await CheckAsync(await _rebase.BuildAsync());

        Assert.Equal(BaseImageState.Current, Assert.Single(Assert.Single(report.Images).Bases).State);
        Assert.Empty(report.Moved);
        Assert.Empty(report.Problems);
        Assert.Empty(report.Marks);
        Assert.Equal("0 of 1 image in environments use a base image that has moved on", BaseImageReportFormatter.Summary(report));
    }

    [Fact]
    public async Task A_tag_that_has_moved_says_since_when_and_which_packages_changed()
    {
        await PushAsync(1, "libc6 2.36-9", "zlib1g 1.2", "gone 1");
        var built = await _rebase.BuildAsync();
        await PushAsync(22, "libc6 2.36-10", "zlib1g 1.2", "added 3");

        var report = await CheckAsync(built);

        var moved = Assert.Single(report.Moved);
        Assert.Equal(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero), moved.BeforeCreated);
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero), moved.AfterCreated);
        Assert.Equal(
            [
                new ChangedPackage("added", "deb", null, "3"), new ChangedPackage("gone", "deb", "1", null),
                new ChangedPackage("libc6", "deb", "2.36-9", "2.36-10"),
            ],
            moved.Packages);
        var mark = Assert.Single(report.Marks);
        Assert.Equal((StatusMarkKind.OldBaseImage, "GAN4835", "app"), (mark.Kind, mark.Code, mark.Image));
        Assert.Equal("./build.sh RebaseRelease --release 1.4.2", mark.Command);
        var digests = $"{moved.Before.Digest!.Value.Short} is now {moved.After.Digest!.Value.Short}";
        Assert.Equal(
            $"""
            ## Base images

            | Environment | Image | Release | Base image | Built | State |
            | --- | --- | --- | --- | --- | --- |
            | prod | app | 1.4.2 | registry.test/base:1.0 | 2026-03-01 12:30 UTC | moved on 2026-11-22 00:00 UTC |

            - registry.test/base:1.0: {digests}, newer by 21 days, 3 packages changed
              - added 3 (deb) was added
              - gone 1 (deb) was removed
              - libc6 2.36-9 -\> 2.36-10 (deb)

            - 1 of 1 image in environments uses a base image that has moved on
            """.ReplaceLineEndings("\n"),
            TextOf(report).Trim());
    }

    [Fact]
    public async Task The_document_has_everything_for_programs()
    {
        await PushAsync(1, "libc6 2.36-9");
        var built = await _rebase.BuildAsync();
        await PushAsync(22, "libc6 2.36-10");

        var document = BaseImageReportDocument.Of(await CheckAsync(built));

        Assert.Equal(1, (int)document["schema"]!);
        Assert.Equal("moved", (string?)document["images"]![0]!["baseImages"]![0]!["state"]);
        Assert.Equal("2026-11-22T00:00:00Z", (string?)document["moved"]![0]!["createdNow"]);
        Assert.True(JsonNode.DeepEquals(
            new JsonArray(new JsonObject { ["name"] = "libc6", ["type"] = "deb", ["before"] = "2.36-9", ["after"] = "2.36-10" }),
            document["moved"]![0]!["packages"]));
    }

    [Fact]
    public async Task An_index_that_changes_for_other_platforms_only_has_not_moved()
    {
        var amd64 = Base(1);
        await BaseImageFactory.PushIndexAsync(Registries, RebaseFixture.Base, amd64, Base(1, Platform.LinuxArm64));
        var built = await _rebase.BuildAsync();
        await BaseImageFactory.PushIndexAsync(Registries, RebaseFixture.Base, amd64, Base(22, Platform.LinuxArm64));

        var report = await CheckAsync(built);

        Assert.Equal(BaseImageState.Current, Assert.Single(Assert.Single(report.Images).Bases).State);
    }

    [Fact]
    public async Task All_platforms_are_checked_and_their_packages_compared()
    {
        Platform[] platforms = [Platform.LinuxAmd64, Platform.LinuxArm64];
        await BaseImageFactory.PushIndexAsync(Registries, RebaseFixture.Base, Base(1, platforms[0], "a 1"), Base(1, platforms[1], "b 1"));
        var built = await _rebase.BuildAsync("1.4.2", platforms);
        await BaseImageFactory.PushIndexAsync(Registries, RebaseFixture.Base, Base(9, platforms[0], "a 2"), Base(9, platforms[1], "b 2"));

        var report = await CheckAsync(built);

        Assert.Equal(platforms, Assert.Single(report.Images[0].Bases).Platforms);
        Assert.Equal(["a", "b"], Assert.Single(report.Moved).Packages.Select(package => package.Name));
    }

    [Fact]
    public async Task A_registry_that_cannot_be_reached_is_reported_and_hides_nothing_else()
    {
        await PushAsync(1);
        await Base(1).PushAsync(Registries, "other.test/base:1.0");
        var built = await _rebase.BuildAsync();
        _rebase.Build.Dockerfile("FROM other.test/base:1.0\nCOPY motd /motd\n");
        var other = await _rebase.BuildAsync();
        await PushAsync(22);
        var failing = new FailingRegistry(Registries, "other.test");

        var report = await CheckAsync(failing, new CheckOptions(), built, other);

        Assert.Equal([BaseImageState.Moved, BaseImageState.Unknown], report.Images.Select(image => image.Bases[0].State));
        var problem = Assert.Single(report.Problems);
        Assert.Equal(("GAN4834", ErrorKind.Unreachable), (problem.Code, problem.Kind));
        Assert.Equal([StatusMarkKind.OldBaseImage, StatusMarkKind.Unreadable], report.Marks.Select(mark => mark.Kind));
    }

    [Fact]
    public async Task A_registry_that_the_declaration_does_not_name_is_not_asked()
    {
        await PushAsync(1);
        var built = await _rebase.BuildAsync();
        var failing = new FailingRegistry(Registries, "registry.test");

        var report = await CheckAsync(failing, new CheckOptions { Registries = ["mcr.microsoft.com"] }, built);

        Assert.Equal("GAN4832", Assert.Single(report.Problems).Code);
        Assert.Equal(0, failing.Opened);
    }

    [Fact]
    public async Task A_tag_that_no_longer_exists()
    {
        await PushAsync(1);
        var built = await _rebase.BuildAsync();

        var report = await CheckAsync(new MemoryRegistries(), new CheckOptions(), built);

        Assert.Equal("GAN4833", Assert.Single(report.Problems).Code);
        Assert.Equal(StatusMarkKind.OldBaseImage, Assert.Single(report.Marks).Kind);
    }

    [Fact]
    public async Task An_old_base_image_that_is_gone_is_named_as_the_reason_why_packages_are_not_compared()
    {
        await PushAsync(1);
        var built = await _rebase.BuildAsync();
        var elsewhere = new FakeBaseRegistries();
        await Base(22).PushAsync(elsewhere, RebaseFixture.Base);

        var moved = Assert.Single((await CheckAsync(elsewhere, new CheckOptions(), built)).Moved);

        Assert.Null(moved.BeforeCreated);
        Assert.Contains("no longer has the old base image", Assert.Single(moved.Unknown), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Images_without_a_tag_or_a_base_image_have_nothing_that_could_move()
    {
        var image = await PushAsync(1);
        _rebase.Build.Dockerfile($"FROM registry.test/base@{image.Descriptor.Digest}\nCOPY motd /motd\n");
        var pinned = await _rebase.BuildAsync();
        _rebase.Build.Dockerfile("FROM scratch\nCOPY motd /motd\n");
        var scratch = await _rebase.BuildAsync();

        var report = await CheckAsync(Registries, new CheckOptions(), pinned, scratch);

        Assert.Equal([BaseImageState.Fixed, BaseImageState.Fixed], report.Images.Select(found => found.Bases[0].State));
        Assert.Empty(report.Problems);
    }

    [Fact]
    public async Task An_image_that_records_no_base_image_says_so()
    {
        var foreign = await PushAsync(1);
        var repository = Registries.Open(RegistryAddress.Parse("registry.test"), "base");

        var report = await new BaseImageChecker(Registries) { Open = (_, _) => repository }.CheckAsync(
            StatusOf(foreign.Descriptor.Digest), CancellationToken.None);

        Assert.Equal("GAN4830", Assert.Single(report.Problems).Code);
        Assert.Empty(report.Marks);
    }

    [Fact]
    public async Task A_stand_in_says_so()
    {
        await PushAsync(1);
        var built = await _rebase.Build.BuildAsync(request => request with
        {
            Labels = new Dictionary<string, string> { [StandInLabel.Name] = StandInLabel.Value },
        });

        Assert.Equal("GAN4831", Assert.Single((await CheckAsync(built)).Problems).Code);
    }

    [Fact]
    public async Task An_image_that_cannot_be_read_is_a_problem_and_no_exception()
    {
        var report = await new BaseImageChecker(Registries) { Open = (_, _) => _rebase.Build.Target }.CheckAsync(
            StatusOf(Digest.Of([1])), CancellationToken.None);

        Assert.Equal("GAN3040", Assert.Single(report.Problems).Code);
        Assert.Contains("| not known |", TextOf(report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_of_packages_cannot_act_on_a_terminal()
    {
        await PushAsync(1, "a 1");
        var built = await _rebase.BuildAsync();
        await PushAsync(22, "a 1\u001b[2J");

        var report = await CheckAsync(built);

        Assert.Contains("1\\\\x1b", TextOf(report), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', TextOf(report));
    }

    private static string TextOf(BaseImageReport report) => ReportMarkdown.Write(BaseImageReportFormatter.Describe(report));

    private static BaseImageFactory Base(int day, Platform? platform = null, params string[] packages) =>
        RebaseFixture.CreateBase(platform, $"1.0.{day}", new JsonObject()).Layer(
            BaseImageFactory.File("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n"),
            BaseImageFactory.File("var/lib/dpkg/status", string.Concat(packages.Select(package => package.Split(' ')).Select(words =>
                $"Package: {words[0]}\nStatus: install ok installed\nArchitecture: amd64\nVersion: {words[1]}\n\n"))),
            BaseImageFactory.File("day", $"{day}"));

    private Task<ManifestContent> PushAsync(int day, params string[] packages) =>
        Base(day, null, packages).PushAsync(Registries, RebaseFixture.Base, config =>
        {
            config["created"] = $"2026-11-{day:00}T00:00:00Z";
            return config;
        });

    private Task<BaseImageReport> CheckAsync(BuiltImage built) => CheckAsync(Registries, new CheckOptions(), built);

    private Task<BaseImageReport> CheckAsync(IRegistryClient registries, CheckOptions options, params BuiltImage[] built) =>
        new BaseImageChecker(registries, options) { Open = (_, _) => _rebase.Build.Target }.CheckAsync(
            StatusOf([.. built.Select(image => image.Root.Descriptor.Digest)]), CancellationToken.None);

    private static FleetStatus StatusOf(params Digest[] images)
    {
        var target = new PromotionTarget(new PromotionEnvironment("prod"), null, RegistryAddress.Parse("prod.test"));
        var names = images.Select((_, index) => index == 0 ? "app" : $"app{index}").ToList();
        return new FleetStatus
        {
            AsOf = s_now,
            Images = names,
            Targets = [target],
            Cells =
            [
                .. images.Zip(names, (digest, name) => new StatusCell
                {
                    Image = name,
                    Target = target,
                    Version = "1.4.2",
                    Digest = digest,
                }),
            ],
        };
    }

    private sealed class FailingRegistry(IRegistryClient others, string host) : IRegistryClient
    {
        public int Opened { get; private set; }

        public IImageRepository Open(RegistryAddress address, string repository)
        {
            if (address is not HostAddress there || there.Host != host)
                return others.Open(address, repository);
            Opened++;
            throw new GantryException("GAN2001", $"{host} cannot be reached", "check the network") { Kind = ErrorKind.Unreachable };
        }
    }
}
