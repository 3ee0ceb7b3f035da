using Gantry.Attestations;
using Gantry.Environments;
using Gantry.Holds;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Pruning;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Signing;
using Gantry.Testing;

namespace Gantry.Tests.Pruning;

/// <summary>Each reason for which something is kept.</summary>
public sealed class PruningRuleTests : IDisposable
{
    private readonly PrunedHouse _house = new(new MemoryRegistries(), RegistryAddress.Parse("registry.test:5000"));

    public void Dispose() => _house.Dispose();

    [Theory]
    [InlineData("1.*", "1.4.2", true)]
    [InlineData("1.?.0", "1.4.0", true)]
    [InlineData("1.?.0", "1.14.0", false)]
    [InlineData("*-rc.*", "2.0.0-rc.1", true)]
    [InlineData("*", "x", true)]
    [InlineData("a*b*c", "aXbYbZc", true)]
    [InlineData("a*b*c", "aXbYbZ", false)]
    [InlineData("1.4", "1.4.2", false)]
    public void A_pattern_matches_the_whole_tag(string pattern, string tag, bool matches) =>
        Assert.Equal(matches, TagPattern.Matches(pattern, tag));

    [Theory]
    [InlineData(0, 0, "v*")]
    [InlineData(1, -1, "v*")]
    [InlineData(1, 0, "v(1|2)")]
    [InlineData(1, 0, "")]
    public void A_rule_that_cannot_be_used_is_refused(int keep, int days, string pattern) =>
        Assert.Equal("GAN4701", Assert.Throws<GantryException>(
            new PruningRules { Keep = keep, MinimumAge = TimeSpan.FromDays(days), KeepTags = [pattern] }.Validate).Code);

    [Fact]
    public async Task A_rule_by_tag_keeps_a_release_everywhere_before()
    {
        await _house.PromoteAsync(5);
        _house.Rules = _house.Rules with { KeepTags = ["1.1.*"] };

        var plan = await _house.PlanAsync();

        Assert.Equal(["1.0.0", "1.2.0"], plan.Items.SelectMany(item => item.Versions).Distinct());
        AssertKept(plan, "1.1.0", "dev", KeepReasonKind.Rule);
        AssertKept(plan, "1.1.0", "the base registry", KeepReasonKind.Rule);
    }

    [Theory]
    [InlineData("as it is", true)]
    [InlineData("signed by another key", false)]
    [InlineData("not signed", false)]
    [InlineData("about another place", false)]
    [InlineData("about another release", false)]
    [InlineData("about another tag", false)]
    [InlineData("about the tag only", false)]
    [InlineData("kept in the end", false)]
    [InlineData("with a part that is not listed", false)]
    [InlineData("before another list of referrers", false)]
    public async Task A_record_of_a_stopped_deletion_proves_of_which_release_an_image_was(string record, bool proves)
    {
        var releases = await _house.PromoteAsync(4);
        var image = releases[0].Images[0];
        var dev = _house.House.Open("dev", image.Name);
        var target = await _house.House.DevTargetAsync();
        var parts = await dev.ListReferrersAsync(image.Digest, default);
        foreach (var part in parts)
            await ((IDeletesImages)dev).DeleteManifestAsync(part.Digest, default);
        var other = await dev.ListReferrersAsync(releases[3].Images[0].Digest, default);
        var written = new PruningRecord
        {
            Environment = "dev",
            Place = record == "about another place" ? target.ResourceUriOf("other") : target.ResourceUriOf(image.Name),
            Image = image.Name,
            List = image.Digest,
            Pruned = DocumentArtifact.Now(_house.House.Time),
            By = new PromotionActor { Name = "anna" },
            Items =
            [
                new PrunedItem
                {
                    Digest = image.Digest,
                    Tags = [record == "about another tag" ? "1.0.1" : "1.0.0"],
                    Versions = [record == "about another release" ? "1.0.1" : "1.0.0"],
                    Parts = [.. (record == "with a part that is not listed" ? other : parts).Select(part => part.Digest)],
                    TagsOnly = record == "about the tag only",
                },
            ],
        };
        ISigner? signer = record switch
        {
            "signed by another key" => _house.House.AttackerKey,
            "not signed" => null,
            _ => _house.House.DevKey,
        };
        await PruningRecords.PutAsync(dev, written, signer, default);
        if (record == "kept in the end")
            await PruningRecords.PutAsync(dev, written with { Kept = [image.Digest] }, signer, default);
        if (record == "before another list of referrers")
            await dev.PutTagAsync(
                Referrer.FallbackTag(image.Digest),
                ManifestContent.Create(new ImageIndex { MediaType = MediaTypes.OciIndex, Manifests = [] }),
                default);
        _house.House.Time.Advance(TimeSpan.FromDays(1));

        var plan = await _house.PlanAsync();

        Assert.Equal(
            proves ? ["base", "dev"] : [],
            new[] { "base", "dev" }.Where(name => plan.Items.Any(
                item => item.Digest == image.Digest && item.Location == _house.House.Open(name, image.Name).Location)));
        if (!proves)
            Assert.Contains(
                plan.Kept, kept => kept.Digest == image.Digest && kept.Reasons.Any(reason => reason.Kind == KeepReasonKind.Tag));
    }

    [Fact]
    public async Task The_minimum_age_and_the_last_hour_keep_what_is_young()
    {
        await _house.PromoteAsync(5);
        _house.Rules = _house.Rules with { MinimumAge = TimeSpan.FromDays(3.5) };
        var young = await _house.PlanAsync();
        _house.Rules = _house.Rules with { MinimumAge = TimeSpan.Zero, InProgress = TimeSpan.FromDays(3.5) };
        var progressing = await _house.PlanAsync();

        Assert.Equal(["1.0.0", "1.1.0"], young.Items.SelectMany(item => item.Versions).Distinct());
        AssertKept(young, "1.2.0", "dev", KeepReasonKind.Age);
        Assert.Equal(["1.0.0", "1.1.0"], progressing.Items.SelectMany(item => item.Versions).Distinct());
        AssertKept(progressing, "1.2.0", "dev", KeepReasonKind.InProgress);
    }

    [Fact]
    public async Task A_hold_and_what_hosts_run_are_kept()
    {
        var releases = await _house.PromoteAsync(6);
        var target = await _house.House.DevTargetAsync();
        var app = releases[1].Images.Single(image => image.Name == "app").Digest;
        _house.Change = request => request with
        {
            Sources =
            [
                new Named(target, new NamedKeep(KeepReasonKind.Hold, "dev is held by anna") { Version = "1.0.0" }),
                new Named(target, new NamedKeep(KeepReasonKind.Host, "the host shop runs it") { Digest = app }),
            ],
        };

        var plan = await _house.PlanAsync();

        Assert.Equal(["1.2.0", "1.3.0"], plan.Items.SelectMany(item => item.Versions).Distinct());
        AssertKept(plan, "1.0.0", "dev", KeepReasonKind.Hold);
        AssertKept(plan, "1.1.0", "dev", KeepReasonKind.Host);
    }

    [Fact]
    public async Task A_source_that_cannot_be_read_means_that_there_is_no_list()
    {
        await _house.PromoteAsync(4);
        _house.Change = request => request with { Sources = [new Failing()] };

        var error = await Assert.ThrowsAsync<GantryException>(() => _house.PlanAsync());

        Assert.Equal("GAN4702", error.Code);
        Assert.Contains("the host does not answer", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Locked_images_are_kept()
    {
        await _house.PromoteAsync(4);
        _house.Change = request => request with { Locks = new LockedTags("1.0.0") };

        var plan = await _house.PlanAsync();

        Assert.Equal(["1.1.0"], plan.Items.SelectMany(item => item.Versions).Distinct());
        AssertKept(plan, "1.0.0", "dev", KeepReasonKind.Lock);
    }

    [Fact]
    public async Task Tags_of_no_release_and_images_of_other_environments_are_kept()
    {
        var releases = await _house.PromoteAsync(4);
        var repository = _house.House.Open("dev");
        var old = await repository.FindManifestAsync("1.0.0", default);
        await repository.PutTagAsync("latest", old!, default);
        var other = SampleImage.Create(5, 20);
        await other.PushAsync(repository);
        await repository.PutTagAsync("0.1.0", other.Root, default);

        var plan = await _house.PlanAsync();

        AssertKept(plan, "1.0.0", "dev", KeepReasonKind.Tag);
        Assert.Contains(plan.Kept, image => image.Digest == other.Root.Descriptor.Digest);
        Assert.Equal(["1.1.0"], plan.Items.SelectMany(item => item.Versions).Distinct());
        await _house.ApplyAsync(plan);
        await _house.AssertVerifiesAsync(releases[0], "base", "dev");
    }

    [Fact]
    public async Task A_promotion_counts_although_its_tags_are_gone()
    {
        var releases = await _house.PromoteAsync(5, toTest: [0, 1]);
        foreach (var image in releases[0].Images)
        {
            foreach (var registry in new[] { "test", "dev" })
                await ((IDeletesImages)_house.House.Open(registry, image.Name)).RemoveTagAsync("1.0.0", default);
        }

        var plan = await _house.PlanAsync();

        // Test would go back to it.
        Assert.Equal(["1.2.0"], plan.Items.SelectMany(item => item.Versions).Distinct());
        AssertKept(plan, "1.0.0", "test", KeepReasonKind.RollbackTarget);
        AssertKept(plan, "1.0.0", "the base registry", KeepReasonKind.Later);
    }

    [Fact]
    public async Task An_open_hold_of_the_environment_keeps_its_release()
    {
        var releases = await _house.PromoteAsync(5);
        var dev = await _house.House.DevTargetAsync();
        var decision = new HoldDecision { By = "anna", Reason = "1.4.0 loses orders", Version = "1.1.0" };
        var writer = new HoldWriter(_house.House.Client, _house.House.Time);
        await writer.SetAsync(dev, _house.House.Images, decision, _house.House.DevKey, default);

        var plan = await _house.PlanAsync();

        Assert.Equal(["1.0.0", "1.2.0"], plan.Items.SelectMany(item => item.Versions).Distinct());
        AssertKept(plan, "1.1.0", "dev", KeepReasonKind.Hold);
        AssertKept(plan, "1.1.0", "the base registry", KeepReasonKind.Later);
        await _house.ApplyAsync(plan);
        await _house.AssertVerifiesAsync(releases[1], "base", "dev");
        Assert.Equal("1.1.0", (await HoldAsync(dev)).Open!.Version);

        // The hold kept it, and nothing else did. What is said of holds stays.
        await writer.ReleaseAsync(dev, _house.House.Images, decision with { Reason = "it is mended" }, _house.House.DevKey, default);
        _house.House.Time.Advance(TimeSpan.FromHours(2));
        await _house.ApplyAsync();

        Assert.False(await _house.IsThereAsync(releases[1], "dev"));
        Assert.False(await _house.IsThereAsync(releases[1], "base"));
        Assert.Equal([false, true], (await HoldAsync(dev)).Statements.Select(statement => statement.Held));
    }

    [Fact]
    public async Task A_tag_that_shares_its_image_is_removed_alone()
    {
        // 1.0.0 and 1.3.0 are the same images. The last of dev is 1.3.0, and it would go back to 1.2.0.
        var releases = await _house.PromoteAsync(3);
        var shared = await _house.House.PublishAsync("1.3.0", imagesOf: "1.0.0");
        Assert.Equal(DigestOf(releases[0]), DigestOf(shared));
        await _house.House.PromoteAsync(await _house.House.ToDevAsync(shared));
        _house.House.Time.Advance(TimeSpan.FromDays(1));

        var before = await _house.FindingsAsync(shared);

        var plan = await _house.PlanAsync();

        var alone = plan.Items.Where(item => item.Kind == PruningItemKind.Tag).ToList();
        Assert.Equal(["app", "worker"], alone.Where(item => item.Place == "dev").Select(item => item.Image).Order());
        Assert.Equal(["app", "worker"], alone.Where(item => item.Place == "the base registry").Select(item => item.Image).Order());
        Assert.All(alone, item => Assert.Equal(["1.0.0"], item.Tags));
        Assert.All(alone, item => Assert.Empty(item.Manifests));
        Assert.Equal(["1.1.0"], plan.Items.Except(alone).SelectMany(item => item.Versions).Distinct());
        var outcome = await _house.ApplyAsync(plan);
        Assert.True(outcome.Succeeded);
        Assert.Empty(outcome.Kept);
        Assert.Equal(["1.2.0", "1.3.0", "gantry-pruned"], await _house.House.Open("dev").ListTagsAsync(default));
        Assert.Equal(["1.2.0", "1.3.0", "gantry-pruned"], await _house.House.Open("base").ListTagsAsync(default));
        await _house.AssertVerifiesAsync(releases[2], "base", "dev");
        await _house.AssertCompleteAsync(shared, "base", "dev");
        Assert.Equal(before, await _house.FindingsAsync(shared));
        Assert.Empty((await _house.PlanAsync()).Items);
    }

    [Fact]
    public async Task What_belongs_to_a_deleted_image_goes_with_it_and_what_belongs_to_a_kept_one_stays()
    {
        var releases = await _house.PromoteAsync(4);
        var repository = _house.House.Open("dev");
        var (gone, kept) = (DigestOf(releases[0]), DigestOf(releases[3]));
        var parts = new Dictionary<Digest, List<Digest>> { [gone] = [], [kept] = [] };
        foreach (var digest in new[] { gone, kept })
        {
            var image = (await repository.FindManifestAsync(digest, default))!.Descriptor;
            var sbom = SampleImage.CreateReferrer(image, $"sbom of {digest}");
            var signature = SampleImage.CreateReferrer(sbom.Root.Descriptor, $"signature of the sbom of {digest}");
            var cosign = SampleImage.Create(digest == gone ? 71 : 72, 5);
            await sbom.PushAsync(repository);
            await signature.PushAsync(repository);
            await cosign.PushAsync(repository);
            await repository.PutTagAsync($"sha256-{digest.Hex}.sig", cosign.Root, default);
            parts[digest].AddRange(new[] { sbom, signature, cosign }.Select(part => part.Root.Descriptor.Digest));
        }

        await _house.ApplyAsync();

        foreach (var part in parts[gone])
            Assert.False(await repository.HasManifestAsync(part, default));
        foreach (var part in parts[kept])
            Assert.True(await repository.HasManifestAsync(part, default));
        Assert.Equal(["1.2.0", "1.3.0", "gantry-pruned", $"sha256-{kept.Hex}.sig"], await repository.ListTagsAsync(default));
    }

    [Fact]
    public async Task Platforms_that_a_kept_index_shares_stay()
    {
        var releases = await _house.PromoteAsync(4);
        var repository = _house.House.Open("dev");
        var old = await repository.FindManifestAsync("1.0.0", default);
        var index = ManifestContent.Create(new ImageIndex
        {
            MediaType = MediaTypes.OciIndex,
            Manifests = [old!.Descriptor with { Platform = Platform.LinuxAmd64 }],
        });
        await repository.PutTagAsync("all", index, default);

        await _house.ApplyAsync();

        Assert.True(await repository.HasManifestAsync(DigestOf(releases[0]), default));
        Assert.False(await repository.HasManifestAsync(DigestOf(releases[1]), default));
    }

    private static Digest DigestOf(Release release) => release.Images.Single(image => image.Name == "app").Digest;

    private Task<HoldState> HoldAsync(PromotionTarget target) =>
        new HoldReader(_house.House.Client, _house.House.Time).ReadAsync(target, _house.House.Images, default);

    private static void AssertKept(PruningPlan plan, string version, string place, KeepReasonKind kind)
    {
        var images = plan.Kept.Where(image => image.Versions.Contains(version) && image.Place == place).ToList();
        Assert.NotEmpty(images);
        Assert.Contains(images, image => image.Reasons.Any(reason => reason.Kind == kind));
    }

    private sealed class Named(PromotionTarget at, NamedKeep keep) : IKeepSource
    {
        public Task<IReadOnlyList<NamedKeep>> FindAsync(
            PromotionTarget target, IReadOnlyList<string> images, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<NamedKeep>>(target.Address == at.Address ? [keep] : []);
    }

    private sealed class Failing : IKeepSource
    {
        public Task<IReadOnlyList<NamedKeep>> FindAsync(
            PromotionTarget target, IReadOnlyList<string> images, CancellationToken cancellationToken) =>
            throw new GantryException("GAN9999", "the host does not answer", "start it");
    }

    private sealed class LockedTags(string locked) : IImageLocks
    {
        public Task<LockState?> FindAsync(
            RegistryAddress at, string image, string tag, Digest digest, CancellationToken cancellationToken) =>
            Task.FromResult<LockState?>(new LockState(tag == locked, manifest: false));

        public Task LockAsync(
            RegistryAddress at, string image, string tag, Digest digest, ImageLock what, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task UnlockTagAsync(RegistryAddress at, string image, string tag, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
