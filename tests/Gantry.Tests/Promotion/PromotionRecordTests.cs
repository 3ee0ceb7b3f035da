using System.Text;
using Gantry.Copying;
using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Tests.Fakes;

namespace Gantry.Tests.Promotion;

public sealed class PromotionRecordTests
{
    private readonly PromotionFixture _fixture = new();

    private static PromotionRecord Sample => new()
    {
        Environment = "prod",
        Region = "west-europe",
        Version = "1.4.2+5",
        Image = "app",
        Digest = Digest.Of("image"u8),
        Promoted = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        By = new() { Name = "Anna Álvarez", RunId = "77", RunUrl = "https://dev.azure.com/contoso/shop/_build/results?buildId=77" },
        From = "contoso.azurecr.io/app",
        To = "contosoprod.azurecr.io/app",
        Gates =
        [
            new()
            {
                Gate = @"approval by [Contoso]\Release (2)",
                Verdict = GateVerdict.Service,
                Finding = "Azure Pipelines, environment prod",
            },
            new()
            {
                Gate = "soak time of 1 day",
                Verdict = GateVerdict.Overridden,
                Finding = "in test since 2026-01-02 03:04 UTC",
                Reason = "the shop is down",
            },
        ],
        MovedTag = new() { From = Digest.Of("other"u8), Reason = "pushed by mistake" },
        WentBack = new() { From = "1.5.0", Reason = "1.5.0 loses orders" },
    };

    [Fact]
    public void A_written_record_is_read_again()
    {
        var json = Sample.ToJson();

        Assert.Equal(json, PromotionRecord.Read(json, "a record").ToJson());
        Assert.Contains("\"verdict\": \"overridden\"", Encoding.UTF8.GetString(json), StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_of_the_first_schema_is_still_read()
    {
        var json = (Sample with { Schema = 1, WentBack = null }).ToJson();

        Assert.Equal(json, PromotionRecord.Read(json, "a record").ToJson());
    }

    public static TheoryData<string, string, string, string> Faults => new()
    {
        { "GAN4045", "not JSON", "{", "<html>{" },
        { "GAN4045", "a property that nobody knows", "\"version\"", "\"wersion\": 1, \"version\"" },
        { "GAN4045", "a property twice", "\"version\"", "\"from\": \"1\", \"version\"" },
        { "GAN4045", "no version", "\"version\": \"1.4.2+5\",", "" },
        { "GAN4045", "an empty environment", "\"prod\"", "\"\"" },
        { "GAN4045", "a region without a name", "\"west-europe\"", "\" \"" },
        { "GAN4045", "a malformed digest", "sha256:", "sha256:x" },
        { "GAN4045", "a version that is no tag", "1.4.2+5", "$(x)" },
        { "GAN4045", "no place", "contosoprod.azurecr.io/app", " " },
        { "GAN4045", "a place that moves the cursor", "contosoprod.azurecr.io/app", @"\u001b[1A" },
        { "GAN4045", "a place that is read from right to left", "contosoprod.azurecr.io/app", "\u202eppa" },
        { "GAN4045", "a date that is none", "2026-01-02T03:04:05+00:00", "9999-12-31T23:59:59-14:00" },
        { "GAN4045", "a name that is none", "\"image\": \"app\"", "\"image\": \"../app\"" },
        { "GAN4045", "nobody", "Anna Álvarez", " " },
        { "GAN4045", "a verdict that is none", "\"overridden\"", "\"perhaps\"" },
        { "GAN4045", "a verdict by its number", "\"overridden\"", "3" },
        { "GAN4045", "a gate without a name", "soak time of 1 day", "" },
        { "GAN4045", "a return from nothing", "\"1.5.0\"", "\"\"" },
        { "GAN4045", "a return without a reason", "1.5.0 loses orders", " " },
        { "GAN4045", "a return in a schema without returns", "\"schema\": 2", "\"schema\": 1" },
        { "GAN4045", "a wave in a schema without waves", "\"schema\": 2", "\"schema\": 4, \"wave\": { \"number\": 1, \"of\": 2 }" },
        { "GAN4045", "a wave after the last", "\"schema\": 2", "\"schema\": 5, \"wave\": { \"number\": 3, \"of\": 2 }" },
        { "GAN4045", "no wave", "\"schema\": 2", "\"schema\": 5, \"wave\": { \"number\": 0, \"of\": 2 }" },
        { "GAN4046", "a later schema", "\"schema\": 2", "\"schema\": 6, \"unknown\": true" },
        { "GAN4046", "no schema that there was", "\"schema\": 2", "\"schema\": 0" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void An_invalid_record_is_refused(string code, string fault, string part, string replacement)
    {
        var json = Encoding.UTF8.GetString(Sample.ToJson());
        Assert.Contains(part, json, StringComparison.Ordinal);

        var error = Assert.Throws<GantryException>(() =>
            PromotionRecord.Read(Encoding.UTF8.GetBytes(json.Replace(part, replacement, StringComparison.Ordinal)), "a record"));
        Assert.True(code == error.Code, $"{fault}: {error.Message}");
    }

    [Fact]
    public async Task A_promotion_is_recorded_beside_each_image_before_the_first_tag()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app", "worker");

        await _fixture.PromoteAsync(_fixture.Request(release).To(new("dev") { Gates = [new TicketGate("CHG-7")] }) with { By = Sample.By });

        foreach (var image in release.Images)
        {
            var record = Assert.Single(await FindAsync("dev", image));
            Assert.Equal(
                (image.Name, image.Digest, "1.0.0", _fixture.Time.GetUtcNow()),
                (record.Image, record.Digest, record.Version, record.Promoted));
            Assert.Equal((Sample.By, $"base.test:5000/{image.Name}", $"dev.test:5000/{image.Name}"), (record.By, record.From, record.To));
            Assert.Equal(
                new RecordedGate { Gate = "ticket CHG-7", Verdict = GateVerdict.Approved, Reason = "asked for by a test" },
                Assert.Single(record.Gates));
        }

        var writes = _fixture.Dev.Calls.Where(call => call.StartsWith("Put", StringComparison.Ordinal)).ToList();
        Assert.All(writes[^2..], call => Assert.StartsWith("PutTag", call, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_repeated_promotion_records_nothing_and_needs_no_approval()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app");
        var request = _fixture.Request(release).To(new("dev") { Gates = [Gate.Approval("QA")] });
        await _fixture.PromoteAsync(request);
        _fixture.Time.Advance(TimeSpan.FromHours(1));
        _fixture.Dev.Calls.Clear();

        var plan = await _fixture.PlanAsync(request);

        Assert.True(plan.NothingMoves);
        Assert.False(plan.AwaitsDecision);
        Assert.True((await new Promoter().ApplyAsync(plan, CancellationToken.None)).Targets[0].Images.All(image => image.NothingMoved));
        Assert.Equal(0, _fixture.Dev.Count("Put"));
    }

    [Fact]
    public async Task A_missing_record_is_added_and_nothing_else_moves()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app");
        await _fixture.PromoteAsync(_fixture.Request(release));
        var record = _fixture.Dev["app"].Manifests.Values.Single(manifest =>
            !manifest.IsIndex && manifest.ReadManifest().ArtifactType == PromotionReferrer.ArtifactType);
        _fixture.Dev["app"].Manifests.Remove(record.Descriptor.Digest, out _);

        var plan = await _fixture.PlanAsync(_fixture.Request(release));
        Assert.False(plan.NothingMoves);
        Assert.Contains("    tag is there; image is there, record to add", PromotionFormatter.Describe(plan));

        var outcome = await _fixture.PromoteAsync(_fixture.Request(release));
        Assert.Single(await FindAsync("dev", release.Images[0]));
        Assert.EndsWith(
            ": recorded; 1 attachment there", PromotionFormatter.Describe(outcome.Targets[0].Images[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_moved_tag_is_recorded_with_its_previous_digest_and_the_reason()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app");
        var other = _fixture.Dev["app"].AddImage("pushed by hand", "1.0.0");

        await _fixture.PromoteAsync(_fixture.Request(release, reason: "pushed by mistake"));

        Assert.Equal(
            new MovedTag { From = other.Descriptor.Digest, Reason = "pushed by mistake" },
            Assert.Single(await FindAsync("dev", release.Images[0])).MovedTag);
    }

    [Fact]
    public async Task Records_in_the_base_registry_are_not_copied_to_other_environments()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app");

        // dev is the registry that images are pushed to: its records are beside the images that all others are promoted from.
        await _fixture.PromoteAsync(_fixture.Request(release, targets: PromotionFixture.BaseAddress));
        Assert.Single(await PromotionReferrer.FindAsync(
            _fixture.Base["app"], release.Images[0].Digest, "dev", null, "1.0.0", CancellationToken.None));

        await _fixture.PromoteAsync(_fixture.Request(release, targets: PromotionFixture.TestAddress).To(new("test")));

        var record = Assert.Single(
            _fixture.Test["app"].Manifests.Values,
            manifest => !manifest.IsIndex && manifest.ReadManifest().ArtifactType == PromotionReferrer.ArtifactType);
        Assert.Equal("test", record.ReadManifest().Annotations!["vnd.gantry.promotion.environment"]);
    }

    [Fact]
    public async Task Environments_that_share_one_registry_have_their_own_records()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app");
        await _fixture.PromoteAsync(_fixture.Request(release));

        var plan = await _fixture.PlanAsync(_fixture.Request(release).To(new("test")));
        Assert.Equal((false, TagChange.None, true), (plan.NothingMoves, plan.ImagePlans[0].Tag, plan.ImagePlans[0].WritesRecord));
        await _fixture.PromoteAsync(plan.Request);

        Assert.Single(await FindAsync("dev", release.Images[0]));
        Assert.Single(await FindAsync("test", release.Images[0]));
    }

    [Fact]
    public async Task Regions_have_their_own_records()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app");
        var request = _fixture.Request(release, targets: [PromotionFixture.DevAddress, PromotionFixture.TestAddress]).To(
            new("prod") { Regions = ["west", "east"] });

        await _fixture.PromoteAsync(request);

        Assert.Single(
            await PromotionReferrer.FindAsync(_fixture.Dev["app"], release.Images[0].Digest, "prod", "west", null, CancellationToken.None));
        Assert.Single(await PromotionReferrer.FindAsync(
            _fixture.Test["app"], release.Images[0].Digest, "prod", "east", null, CancellationToken.None));
        Assert.Empty(await PromotionReferrer.FindAsync(
            _fixture.Test["app"], release.Images[0].Digest, "prod", "west", null, CancellationToken.None));

        // A region promoted alone has the same records.
        Assert.True((await _fixture.PlanAsync(request with { Targets = [request.Targets[1]] })).NothingMoves);
    }

    [Fact]
    public async Task A_record_without_its_tag_is_written_again()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app");
        _fixture.Dev.Before = (call, _) => call.StartsWith("PutTag", StringComparison.Ordinal)
            ? throw new GantryException("GAN2001", "killed", "run it again")
            : Task.CompletedTask;
        await Assert.ThrowsAsync<GantryException>(() => _fixture.PromoteAsync(_fixture.Request(release)));
        _fixture.Dev.Before = (_, _) => Task.CompletedTask;
        _fixture.Time.Advance(TimeSpan.FromHours(20));

        await _fixture.PromoteAsync(_fixture.Request(release));

        var records = await FindAsync("dev", release.Images[0]);
        Assert.Equal((2, _fixture.Time.GetUtcNow()), (records.Count, records[0].Promoted));
    }

    [Fact]
    public async Task A_plain_copy_brings_promotion_records_to_a_place_where_they_do_not_count()
    {
        var release = await _fixture.PublishAsync("1.0.0", "app");
        await _fixture.PromoteAsync(_fixture.Request(release));

        await new ImageCopier(new CopyOptions(), new CopyProgress()).CopyAsync(
            [new() { Source = _fixture.Dev["app"], Tag = "1.0.0", Targets = [new CopyTarget(_fixture.Test["app"], "1.0.0")] }],
            CancellationToken.None);

        Assert.Contains(
            _fixture.Test["app"].Manifests.Values,
            manifest => !manifest.IsIndex && manifest.ReadManifest().ArtifactType == PromotionReferrer.ArtifactType);
        Assert.Empty(
            await PromotionReferrer.FindAsync(_fixture.Test["app"], release.Images[0].Digest, "dev", null, null, CancellationToken.None));
    }

    private Task<IReadOnlyList<PromotionRecord>> FindAsync(string environment, ReleaseImage image) =>
        PromotionReferrer.FindAsync(_fixture.Dev[image.Name], image.Digest, environment, null, "1.0.0", CancellationToken.None);
}
