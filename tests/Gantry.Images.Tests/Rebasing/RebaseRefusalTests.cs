using System.Text.Json.Nodes;
using Gantry.Images.Rebasing;
using Gantry.Images.Tests.Fixtures;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Images.Tests.Rebasing;

/// <summary>What cannot be rebased says why.</summary>
public sealed class RebaseRefusalTests : IAsyncLifetime
{
    private readonly RebaseFixture _rebase = new();

    private FakeBaseRegistries Registries => _rebase.Build.Registries;

    public Task InitializeAsync()
    {
        _rebase.Build.Write("motd", "hello").Write("app/run", "run").Dockerfile($"FROM {RebaseFixture.Base}\nCOPY motd /srv/motd\n");
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _rebase.DisposeAsync();

    [Fact]
    public async Task An_image_whose_configuration_another_tool_has_written()
    {
        var image = await RebaseFixture.OldBase().PushAsync(Registries, "registry.test/foreign:1", config =>
        {
            config["docker_version"] = "28.0";
            return config;
        });
        var repository = Registries.Open(RegistryAddress.Parse("registry.test"), "foreign");

        var error = await Assert.ThrowsAsync<GantryException>(() => new ImageRebaser(Registries).PlanAsync(
            new RebaseRequest("app", repository, image.Descriptor.Digest), CancellationToken.None));

        Assert.Equal("GAN4840", error.Code);
        Assert.Contains("was not built in process", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_from_scratch_has_no_base_layers()
    {
        _rebase.Build.Dockerfile("FROM scratch\nCOPY motd /motd\n");
        var built = await _rebase.BuildAsync();

        var error = await Assert.ThrowsAsync<GantryException>(() => _rebase.PlanAsync(built));

        Assert.Equal("GAN4842", error.Code);
    }

    [Fact]
    public async Task An_image_on_a_digest_names_no_tag_that_could_move()
    {
        var image = await RebaseFixture.OldBase().PushAsync(Registries, RebaseFixture.Base);
        _rebase.Build.Dockerfile($"FROM registry.test/base@{image.Descriptor.Digest}\nCOPY motd /motd\n");
        var built = await _rebase.BuildAsync();

        var error = await Assert.ThrowsAsync<GantryException>(() => _rebase.PlanAsync(built));

        Assert.Equal("GAN4842", error.Code);
        Assert.Contains("names no tag", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_major_version_of_the_runtime()
    {
        var after = RebaseFixture.OldBase(version: "2.0.0");

        var error = await _rebase.FailAsync(RebaseFixture.OldBase(), after);

        Assert.Equal("GAN4843", error.Code);
        Assert.Contains("RUNTIME_VERSION", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_major_version_of_the_operating_system()
    {
        var after = RebaseFixture.OldBase().Layer(BaseImageFactory.File("etc/os-release", "ID=debian\nVERSION_ID=\"13\"\n"));

        var error = await _rebase.FailAsync(RebaseFixture.OldBase(), after);

        Assert.Equal("GAN4843", error.Code);
        Assert.Contains("the operating system is of debian 12 there, and of debian 13", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_major_version_that_nothing_names()
    {
        _rebase.Build.Dockerfile("FROM registry.test/base:stable\nCOPY motd /motd\n");
        await Plain("1").PushAsync(Registries, "registry.test/base:stable");
        var built = await _rebase.BuildAsync();
        await Plain("2").PushAsync(Registries, "registry.test/base:stable");

        var error = await Assert.ThrowsAsync<GantryException>(() => _rebase.PlanAsync(built));

        Assert.Equal("GAN4843", error.Code);
        Assert.Contains("nothing in the two says", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_platform_that_the_new_base_image_does_not_have()
    {
        var error = await _rebase.FailAsync(RebaseFixture.OldBase(), RebaseFixture.NewBase(Platform.LinuxArm64));

        Assert.Equal("GAN4844", error.Code);
        Assert.Contains("does not run on linux/amd64", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Layers_that_do_not_begin_with_those_of_the_recorded_base_image()
    {
        await RebaseFixture.OldBase().PushAsync(Registries, RebaseFixture.Base);
        var other = await RebaseFixture.OldBase(version: "1.0.9").PushAsync(Registries, "registry.test/base:other");
        var built = await _rebase.Build.BuildAsync(request => request with
        {
            Labels = new Dictionary<string, string> { ["org.opencontainers.image.base.digest"] = other.Descriptor.Digest.ToString() },
        });

        var error = await Assert.ThrowsAsync<GantryException>(() => _rebase.PlanAsync(built));

        Assert.Equal("GAN4845", error.Code);
    }

    [Fact]
    public async Task A_base_image_that_its_registry_no_longer_has()
    {
        await RebaseFixture.OldBase().PushAsync(Registries, RebaseFixture.Base);
        var built = await _rebase.Build.BuildAsync(request => request with
        {
            Labels = new Dictionary<string, string> { ["org.opencontainers.image.base.digest"] = Digest.Of([1]).ToString() },
        });

        var error = await Assert.ThrowsAsync<GantryException>(() => _rebase.PlanAsync(built));

        Assert.Equal("GAN4847", error.Code);
    }

    [Fact]
    public async Task A_new_base_image_with_instructions_for_builds_on_it()
    {
        var after = RebaseFixture.NewBase(container: new JsonObject { ["OnBuild"] = new JsonArray("RUN true") });

        var error = await _rebase.FailAsync(RebaseFixture.OldBase(), after);

        Assert.Equal("GAN4846", error.Code);
        Assert.Contains("ONBUILD", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("COPY motd /opt-$RUNTIME_VERSION/", "the variable RUNTIME_VERSION")]
    [InlineData("ENV HOME_OF=/opt/$RUNTIME_VERSION", "the variable RUNTIME_VERSION")]
    public async Task An_instruction_that_uses_a_variable_whose_value_has_changed(string instruction, string expected)
    {
        _rebase.Build.Dockerfile($"FROM {RebaseFixture.Base}\n{instruction}\n");

        var error = await _rebase.FailAsync(RebaseFixture.OldBase(), RebaseFixture.NewBase());

        Assert.Equal("GAN4849", error.Code);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Env", "ENV LANG=C", "LANG=C", "LANG=C.UTF-8")]
    public async Task A_variable_that_the_Dockerfile_may_have_set_to_the_value_of_its_base_image(
        string key, string instruction, string before, string after)
    {
        _rebase.Build.Dockerfile($"FROM {RebaseFixture.Base}\n{instruction}\n");

        var error = await _rebase.FailAsync(
            RebaseFixture.OldBase(container: new JsonObject { [key] = new JsonArray("V_VERSION=1", before) }),
            RebaseFixture.NewBase(container: new JsonObject { [key] = new JsonArray("V_VERSION=1", after) }));

        Assert.Equal("GAN4849", error.Code);
    }

    [Fact]
    public async Task Another_working_directory_that_paths_may_be_relative_to()
    {
        var error = await _rebase.FailAsync(
            RebaseFixture.OldBase(container: new JsonObject { ["WorkingDir"] = "/one" }),
            RebaseFixture.NewBase(container: new JsonObject { ["WorkingDir"] = "/two" }));

        Assert.Equal("GAN4849", error.Code);
        Assert.Contains("working directory", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_shell_that_the_command_may_need()
    {
        _rebase.Build.Dockerfile($"FROM {RebaseFixture.Base}\nCMD run\n");

        var error = await _rebase.FailAsync(
            RebaseFixture.OldBase(),
            RebaseFixture.NewBase(container: new JsonObject { ["Shell"] = new JsonArray("/bin/bash", "-c") }));

        Assert.Equal("GAN4849", error.Code);
        Assert.Contains("shell", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_above_its_files_that_has_other_rights()
    {
        var after = RebaseFixture.NewBase().Layer(BaseImageFactory.Directory("srv", "700", 7));

        var error = await _rebase.FailAsync(RebaseFixture.OldBase(), after);

        Assert.Equal("GAN4850", error.Code);
        Assert.Contains("/srv is a directory with other rights", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_above_its_files_that_is_gone()
    {
        var after = RebaseFixture.NewBase().Layer(BaseImageFactory.File(".wh.srv"));

        var error = await _rebase.FailAsync(RebaseFixture.OldBase(), after);

        Assert.Equal("GAN4850", error.Code);
    }

    [Fact]
    public async Task A_link_that_leads_elsewhere()
    {
        _rebase.Build.Dockerfile($"FROM {RebaseFixture.Base}\nCOPY motd /lnk/motd\n");
        var after = RebaseFixture.NewBase().Layer(BaseImageFactory.Directory("other"), BaseImageFactory.Link("lnk", "other"));

        var error = await _rebase.FailAsync(RebaseFixture.OldBase(), after);

        Assert.Equal("GAN4850", error.Code);
        Assert.Contains("by a link", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_where_the_new_base_image_has_a_directory()
    {
        _rebase.Build.Dockerfile($"FROM {RebaseFixture.Base}\nCOPY motd /tool\n");
        var after = RebaseFixture.NewBase().Layer(BaseImageFactory.Directory("tool"));

        var error = await _rebase.FailAsync(RebaseFixture.OldBase(), after);

        Assert.Equal("GAN4850", error.Code);
    }

    [Theory]
    [InlineData("COPY --chown=app motd /motd")]
    [InlineData("USER app")]
    [InlineData("USER app\\nWORKDIR /home/app")]
    public async Task A_user_that_has_another_number(string instructions)
    {
        _rebase.Build.Dockerfile($"FROM {RebaseFixture.Base}\n{instructions.Replace("\\n", "\n", StringComparison.Ordinal)}\n");
        var after = RebaseFixture.NewBase().Layer(BaseImageFactory.File("etc/passwd", "root:x:0:0::/:\napp:x:999:999::/home/app:\n"));

        var error = await _rebase.FailAsync(RebaseFixture.OldBase(), after);

        Assert.Equal("GAN4850", error.Code);
        Assert.Contains("app is a user or group that has another number", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_working_directory_that_the_base_image_no_longer_has()
    {
        _rebase.Build.Dockerfile($"FROM {RebaseFixture.Base}\nWORKDIR /srv\n");
        var after = RebaseFixture.NewBase().Layer(BaseImageFactory.File(".wh.srv"));

        var error = await _rebase.FailAsync(RebaseFixture.OldBase(), after);

        Assert.Equal("GAN4850", error.Code);
        Assert.Contains("working directory", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{version}")]
    [InlineData("{version}+{unknown}")]
    [InlineData("{version} {date}")]
    public async Task A_declared_format_that_gives_no_other_version(string format)
    {
        await RebaseFixture.OldBase().PushAsync(Registries, RebaseFixture.Base);
        var built = await _rebase.BuildAsync();
        await RebaseFixture.NewBase().PushAsync(Registries, RebaseFixture.Base);
        var plan = await _rebase.PlanAsync(built);

        var error = Assert.Throws<GantryException>(() => new RebasedVersion(format).Create("1.4.2", [plan]));

        Assert.Equal("GAN4851", error.Code);
    }

    [Theory]
    [InlineData("{version}+base.{digest}", "1.4.2", @"^1\.4\.2\+base\.[0-9a-f]{8}$")]
    [InlineData("{version}+base.{digest}", "1.4.2+base.20261101", @"^1\.4\.2\+base\.[0-9a-f]{8}$")]
    [InlineData("{version}+base.{date}", "1.4.2+7.abc", @"^1\.4\.2\+7\.abc\.base\.[0-9a-f]{8}$")]
    [InlineData("{version}-r1", "1.4.2", @"^1\.4\.2-r1$")]
    public async Task Versions_follow_the_declared_format(string format, string version, string expected)
    {
        await RebaseFixture.OldBase().PushAsync(Registries, RebaseFixture.Base);
        var built = await _rebase.BuildAsync();
        await RebaseFixture.NewBase().PushAsync(Registries, RebaseFixture.Base);

        var plan = await _rebase.PlanAsync(built);

        Assert.Matches(expected, new RebasedVersion(format).Create(version, [plan]));
    }

    private static BaseImageFactory Plain(string content) =>
        RebaseFixture.CreateBase(null, "1", new JsonObject { ["Env"] = new JsonArray("PATH=/bin") })
            .Layer(BaseImageFactory.File("file", content));
}
