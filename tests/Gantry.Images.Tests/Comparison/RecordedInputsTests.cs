using Gantry.Images.Comparison;
using Gantry.Images.Tests.Fixtures;
using Gantry.Oci;

namespace Gantry.Images.Tests.Comparison;

/// <summary>What an image records of its own build, and base images whose digests are fixed.</summary>
public sealed class RecordedInputsTests : IAsyncLifetime
{
    private const string Base = "registry.example.com/base:1";

    private readonly BuildFixture _build = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _build.DisposeAsync();

    [Fact]
    public async Task An_image_of_the_builder_records_its_inputs()
    {
        var pushed = await new BaseImageFactory().Layer(BaseImageFactory.File("etc/os")).PushAsync(_build.Registries, Base);
        _build.Write("x").Dockerfile($"FROM {Base}\nCOPY x /x\n");

        var inputs = await BuildAndReadAsync();

        Assert.True(inputs.IsBuiltInProcess);
        Assert.False(inputs.IsOnStandIn);
        Assert.Equal([ImageReference.Parse($"{Base}@{pushed.Descriptor.Digest}")], inputs.BaseImages);
        Assert.Equal(BuildFixture.Date, inputs.Created);
        Assert.Equal("https://example.com/shop", inputs.Source);
    }

    [Fact]
    public async Task An_image_without_base_image_records_none()
    {
        _build.Write("x").Dockerfile("FROM scratch\nCOPY x /x\n");

        var inputs = await BuildAndReadAsync();

        Assert.True(inputs.IsBuiltInProcess);
        Assert.Empty(inputs.BaseImages);
    }

    [Fact]
    public async Task An_image_whose_configuration_is_written_in_another_way_was_built_elsewhere()
    {
        // As Docker engines write it: with the names in alphabetical order.
        await new BaseImageFactory().PushRawAsync(
            _build.Registries,
            Base,
            """{"architecture":"amd64","config":{},"created":"2026-01-01","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}""");
        var repository = _build.Registries.Open(RegistryAddress.Parse("registry.example.com"), "base");
        var pushed = await repository.FindManifestAsync("1", CancellationToken.None);

        var inputs = await RecordedInputs.ReadAsync(new(repository, pushed!.Descriptor.Digest), CancellationToken.None);

        Assert.False(inputs.IsBuiltInProcess);
    }

    [Fact]
    public async Task A_pinned_base_image_gives_the_same_digest_after_its_tag_has_moved()
    {
        var first = await new BaseImageFactory().Layer(BaseImageFactory.File("a", "1")).PushAsync(_build.Registries, Base);
        _build.Write("x").Dockerfile($"FROM {Base}\nCOPY x /x\n");
        var before = (await _build.BuildAsync()).Root.Descriptor.Digest;
        await new BaseImageFactory().Layer(BaseImageFactory.File("a", "2")).PushAsync(_build.Registries, Base);
        Assert.NotEqual(before, (await _build.BuildAsync()).Root.Descriptor.Digest);

        _build.Options = new() { PinnedBaseImages = [ImageReference.Parse(Base).At(first.Descriptor.Digest)] };
        var pinned = await _build.BuildAsync();

        Assert.Equal(before, pinned.Root.Descriptor.Digest);
        Assert.Equal(first.Descriptor.Digest, pinned.BaseImage!.Digest);
    }

    [Fact]
    public async Task A_digest_in_the_Dockerfile_and_other_tags_are_not_replaced()
    {
        var first = await new BaseImageFactory().Layer(BaseImageFactory.File("a", "1")).PushAsync(_build.Registries, Base);
        var second = await new BaseImageFactory().Layer(BaseImageFactory.File("a", "2")).PushAsync(_build.Registries, Base);
        _build.Options = new()
        {
            PinnedBaseImages =
            [
                ImageReference.Parse(Base).At(first.Descriptor.Digest),
                ImageReference.Parse("registry.example.com/base:2").At(first.Descriptor.Digest),
            ],
        };
        _build.Write("x").Dockerfile($"FROM {Base}@{second.Descriptor.Digest}\nCOPY x /x\n");

        Assert.Equal(second.Descriptor.Digest, (await _build.BuildAsync()).BaseImage!.Digest);
    }

    [Fact]
    public async Task A_pinned_base_image_is_not_replaced_by_a_stand_in()
    {
        _build.Registries.Failure = new GantryException("GAN2001", "unreachable", "connect") { Kind = ErrorKind.Unreachable };
        _build.Options = new()
        {
            AllowStandIn = true,
            PinnedBaseImages = [ImageReference.Parse(Base).At(Digest.Of([1]))],
        };
        _build.Write("x").Dockerfile($"FROM {Base}\nCOPY x /x\n");

        Assert.Equal("GAN2001", (await _build.FailAsync()).Code);
    }

    private async Task<RecordedInputs> BuildAndReadAsync()
    {
        var built = await _build.BuildAsync(request => request with
        {
            Labels = new Dictionary<string, string> { ["org.opencontainers.image.source"] = "https://example.com/shop" },
        });
        return await RecordedInputs.ReadAsync(new(_build.Target, built.Root.Descriptor.Digest), CancellationToken.None);
    }
}
