using Gantry.Attestations;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Status;
using Gantry.Testing;
using Gantry.Tests.Promotion.Signed;
using Gantry.Verification;

namespace Gantry.Tests.Seeing;

/// <summary>What runs where, as the registries prove it: the cells, and the marks with the commands that mend them.</summary>
public sealed class StatusReaderTests : IDisposable
{
    private static readonly string[] s_images = ["app", "worker"];

    private readonly MemoryRegistries _registries = new();
    private readonly SignedHouse _house;

    public StatusReaderTests() => _house = new SignedHouse(_registries, RegistryAddress.Parse("registry.test:5000"));

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task A_cell_says_what_is_there_since_when_from_which_commit_and_who_let_it_through()
    {
        var release = await PromoteToTestAsync("1.0.0");

        var status = await ReadAsync(subjects: new KnownSubjects { [SignedHouse.Commit] = "basket: keep what was in it" });

        var cell = status.CellOf("app", await _house.TestTargetAsync());
        Assert.Equal(
            ("1.0.0", release.Images.Single(image => image.Name == "app").Digest, SignedHouse.Commit, "basket: keep what was in it"),
            (cell.Version!, cell.Digest!.Value, cell.Commit!, cell.Subject!));
        Assert.Equal((_house.Time.GetUtcNow(), SignatureState.Signed, 0), (cell.Since!.Value, cell.Signature, cell.Behind!.Value));
        Assert.Equal(("test", "app"), (cell.Promotion!.Environment, cell.Promotion.Image));
        Assert.Equal(4, status.Cells.Count);
        Assert.Empty(status.Marks);
        Assert.Equal(_house.Time.GetUtcNow(), status.AsOf);
    }

    [Fact]
    public async Task An_empty_environment_has_cells_without_a_release_and_no_marks()
    {
        await _house.PromotedToDevAsync();

        var status = await ReadAsync();

        var cell = status.CellOf("app", await _house.TestTargetAsync());
        Assert.Equal((null, null, null, SignatureState.None), (cell.Version, cell.Digest, cell.Since, cell.Signature));
        Assert.Empty(cell.Marks);
        Assert.Empty(status.Marks);
    }

    [Fact]
    public async Task An_environment_is_behind_by_the_releases_that_followed_in_the_one_before()
    {
        await PromoteToTestAsync("1.0.0");
        foreach (var version in (string[])["1.1.0", "1.2.0"])
        {
            _house.Time.Advance(TimeSpan.FromHours(1));
            await _house.PromotedToDevAsync(version);
        }

        var status = await ReadAsync();

        Assert.All(s_images, image => Assert.Equal(2, CellOf(status, image, "test").Behind));
        Assert.All(s_images, image => Assert.Null(CellOf(status, image, "dev").Behind));
        var mark = Assert.Single(status.Marks);
        Assert.Equal(
            (StatusMarkKind.Behind, "GAN4401", "test", "./build.sh PromoteTest --release 1.2.0"),
            (mark.Kind, mark.Code, mark.Place, mark.Command!));
        Assert.Equal("test has 1.0.0, and 2 releases followed in dev, the last of them 1.2.0", mark.Problem);
    }

    [Fact]
    public async Task After_a_return_of_the_environment_before_nothing_is_behind()
    {
        var first = await PromoteToTestAsync("1.0.0");
        _house.Time.Advance(TimeSpan.FromHours(1));
        await _house.PromotedToDevAsync("1.1.0");
        _house.Time.Advance(TimeSpan.FromHours(1));
        await _house.PromoteAsync(await _house.ToDevAsync(first) with { GoBackReason = "1.1.0 loses orders" });

        var status = await ReadAsync();

        Assert.Equal(0, CellOf(status, "app", "test").Behind);
        Assert.Empty(status.Marks);
    }

    [Fact]
    public async Task A_moved_tag_is_a_mark_of_that_image_with_the_command_that_mends_it()
    {
        await _house.PromotedToDevAsync();
        var foreign = SampleImage.Create(99, 64);
        await foreign.PushAsync(_house.Open("dev", "worker"));
        await _house.Open("dev", "worker").PutTagAsync("1.0.0", foreign.Root, default);

        var status = await ReadAsync();

        var mark = status.Marks[0];
        Assert.Equal(
            (StatusMarkKind.MovedTag, "GAN4056", "worker", "./build.sh PromoteDev --skip --move-tag \"reason\" --release 1.0.0"),
            (mark.Kind, mark.Code, mark.Image!, mark.Command!));
        var cell = CellOf(status, "worker", "dev");
        Assert.Equal((foreign.Root.Descriptor.Digest, null, null), (cell.Digest!.Value, cell.Commit, cell.Promotion));
        Assert.Contains(mark, cell.Marks);
        Assert.Empty(CellOf(status, "app", "dev").Marks);
    }

    [Fact]
    public async Task An_image_whose_only_attestation_has_another_key_is_unattested()
    {
        await _house.PromotedToDevAsync();
        var other = new TrustPolicy { Keys = [new(await _house.AttackerKey.GetPublicKeyAsync(default), "other")] };

        var status = await ReadAsync(dev => dev with { Trust = other });

        var cell = CellOf(status, "app", "dev");
        Assert.Equal((SignatureState.Invalid, null, "1.0.0"), (cell.Signature, cell.Since, cell.Version));
        Assert.Contains(cell.Marks, mark => mark is { Kind: StatusMarkKind.Unattested, Code: "GAN4204", Image: "app" });
        Assert.Contains(cell.Marks, mark =>
            mark is { Kind: StatusMarkKind.Unattested, Code: "GAN4057", Command: "./build.sh PromoteDev --skip --release 1.0.0" });
    }

    [Fact]
    public async Task A_missing_image_makes_the_environment_incomplete()
    {
        var release = await _house.PromotedToDevAsync();
        Assert.IsType<MemoryRepository>(_house.Open("dev", "worker")).RemoveTag(release.Tag);

        var status = await ReadAsync();

        var mark = Assert.Single(status.Marks);
        Assert.Equal((StatusMarkKind.Incomplete, "GAN4057", "worker"), (mark.Kind, mark.Code, mark.Image!));
        Assert.Null(CellOf(status, "worker", "dev").Version);
    }

    [Fact]
    public async Task A_release_that_skipped_an_environment_by_break_glass_is_an_open_bypass()
    {
        var release = await _house.PublishAsync();
        await _house.PromoteAsync(await _house.ToTestAsync(release) with { BreakGlassReason = "orders are lost" });

        var status = await ReadAsync();

        var mark = Assert.Single(status.Marks);
        Assert.Equal(
            (StatusMarkKind.OpenBypass, "GAN4214", "./build.sh PromoteTest --release 1.0.0"), (mark.Kind, mark.Code, mark.Command!));
        Assert.Contains("orders are lost", mark.Problem, StringComparison.Ordinal);
        Assert.Null(mark.Error);
        Assert.Null(CellOf(status, "app", "test").Behind);
    }

    [Fact]
    public async Task A_release_that_was_never_in_the_environment_before_breaks_the_order()
    {
        var release = await _house.PublishAsync();
        var first = (await _house.TestTargetAsync()) with { Environment = new("test") };
        await _house.PromoteAsync(await _house.ToTestAsync(release) with { Targets = [first], Before = [] });

        var status = await ReadAsync();

        var mark = Assert.Single(status.Marks);
        Assert.Equal(
            (StatusMarkKind.BrokenOrder, "GAN4213", "1.0.0 came to test out of order: dev has no promotion of 1.0.0",
                "./build.sh PromoteTest --release 1.0.0"),
            (mark.Kind, mark.Code, mark.Problem, mark.Command!));
    }

    [Fact]
    public async Task What_was_deleted_in_the_environment_before_since_the_promotion_breaks_no_order()
    {
        var release = await PromoteToTestAsync("1.0.0");
        foreach (var image in s_images)
            Assert.IsType<MemoryRepository>(_house.Open("dev", image)).RemoveTag(release.Tag);

        Assert.DoesNotContain((await ReadAsync()).Marks, mark => mark.Kind == StatusMarkKind.BrokenOrder);
    }

    [Fact]
    public async Task A_registry_that_cannot_be_read_is_a_mark_and_hides_nothing_else()
    {
        await PromoteToTestAsync("1.0.0");
        var dev = await _house.DevTargetAsync();

        var status = await new StatusReader(_registries, await PolicyAsync(), _house.Time)
        {
            ClientOf = environment => environment == dev.Environment ? new ClosedRegistries() : _registries,
        }.ReadAsync(version: null, default);

        Assert.All(s_images, image => Assert.Contains(
            CellOf(status, image, "dev").Marks, mark => mark is { Kind: StatusMarkKind.Unreadable, Code: "GAN2003" }));
        Assert.Equal("1.0.0", CellOf(status, "app", "test").Version);
        Assert.DoesNotContain(status.Marks, mark => mark.Kind != StatusMarkKind.Unreadable);
        Assert.Null(CellOf(status, "app", "test").Behind);
    }

    [Fact]
    public async Task One_release_is_shown_where_it_is_and_was()
    {
        await PromoteToTestAsync("1.0.0");
        _house.Time.Advance(TimeSpan.FromHours(1));
        await _house.PromotedToDevAsync("1.1.0");

        var status = await ReadAsync(version: "1.0.0");

        Assert.Equal("1.1.0", CellOf(status, "app", "dev").Superseded!.Version);
        Assert.Equal("1.0.0", CellOf(status, "app", "dev").Version);
        Assert.Null(CellOf(status, "app", "test").Superseded);
    }

    [Fact]
    public async Task Without_the_base_registry_the_commit_is_that_of_the_provenance()
    {
        var release = await PromoteToTestAsync("1.0.0");
        foreach (var image in s_images)
            Assert.IsType<MemoryRepository>(_house.Open("base", image)).RemoveTag(release.Tag);

        var cell = CellOf(await ReadAsync(), "app", "test");

        Assert.Equal((SignedHouse.Commit, PredicateTypes.LocalBuilder), (cell.Commit, cell.Build));
        Assert.Contains(cell.Marks.Concat((await ReadAsync()).Marks), mark => mark.Code == "GAN4014");
    }

    [Fact]
    public async Task Sources_add_marks_to_cells_and_holds()
    {
        await _house.PromotedToDevAsync();
        var mark = new StatusMark
        {
            Kind = StatusMarkKind.OtherOnHosts, Code = "GAN4500", Place = "dev", Image = "app", Problem = "a host runs 0.9.0",
        };
        var hold = new StatusHold("dev", _house.Time.GetUtcNow(), "Anna", "a freeze", null);

        var status = await new StatusReader(_registries, await PolicyAsync(), _house.Time)
        {
            Sources = [new FixedSource(new StatusAddition { Marks = [mark], Holds = [hold] })],
        }.ReadAsync(version: null, default);

        Assert.Equal([mark], status.Marks);
        Assert.Equal([mark], CellOf(status, "app", "dev").Marks);
        Assert.Empty(CellOf(status, "worker", "dev").Marks);
        Assert.Equal([hold], status.Holds);
    }

    private async Task<Release> PromoteToTestAsync(string version)
    {
        var release = await _house.PromotedToDevAsync(version);
        await _house.PromoteAsync(await _house.ToTestAsync(release));
        return release;
    }

    private async Task<VerificationPolicy> PolicyAsync(Func<PromotionTarget, PromotionTarget>? dev = null) => new()
    {
        Base = _house.AddressOf("base"),
        BaseTrust = await _house.TrustAsync(_house.BuildKey, "keys/base/1.pub"),
        Images = s_images,
        Targets = [(dev ?? (_ => _))(await _house.DevTargetAsync()), await _house.TestTargetAsync()],
    };

    private async Task<FleetStatus> ReadAsync(
        Func<PromotionTarget, PromotionTarget>? dev = null, string? version = null, ICommitSubjects? subjects = null) =>
        await new StatusReader(_registries, await PolicyAsync(dev), _house.Time) { Subjects = subjects }.ReadAsync(version, default);

    private static StatusCell CellOf(FleetStatus status, string image, string environment) =>
        status.Cells.Single(cell => cell.Image == image && cell.Target.Environment.Name == environment);

    private sealed class KnownSubjects : Dictionary<string, string>, ICommitSubjects
    {
        public Task<string?> FindAsync(string commit, CancellationToken cancellationToken) =>
            Task.FromResult(this.GetValueOrDefault(commit));
    }

    private sealed class FixedSource(StatusAddition addition) : IStatusSource
    {
        public Task<StatusAddition> ReadAsync(FleetStatus status, CancellationToken cancellationToken) => Task.FromResult(addition);
    }
}
