using System.Text.Json.Nodes;
using CsCheck;
using Gantry.Drift;
using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Status;
using Gantry.Testing;
using Gantry.Tests.Promotion.Signed;
using Gantry.Verification;

namespace Gantry.Tests.Seeing;

/// <summary>Drift of every kind, as registries prove it, and the report of it.</summary>
public sealed class DriftReportTests : IDisposable
{
    private readonly MemoryRegistries _registries = new();
    private readonly SignedHouse _house;

    public DriftReportTests() => _house = new SignedHouse(_registries, RegistryAddress.Parse("registry.test:5000"));

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task What_was_promoted_and_not_touched_has_not_drifted()
    {
        await PromoteToTestAsync("1.0.0");

        var report = await ReadAsync();

        Assert.Equal((DriftState.Settled, 0, ""), (report.State, DriftExitCodes.Of(report), report.Fingerprint));
        Assert.Equal(
            "No drift: 2 registries are as promoted; hosts were not read, which only the build declares", DriftFormatter.Headline(report));
        Assert.Equal([("dev", "1.0.0"), ("test", "1.0.0")], report.Places.Select(place => (place.Place, place.Version!)));
    }

    [Fact]
    public async Task A_registry_without_a_release_was_compared_with_nothing()
    {
        var nowhere = DriftFormatter.Headline(await ReadAsync());
        await _house.PromotedToDevAsync("1.0.0");
        var inDev = DriftFormatter.Headline(await ReadAsync());

        Assert.StartsWith("Nothing was compared: 2 registries without a release; ", nowhere, StringComparison.Ordinal);
        Assert.StartsWith("No drift: 1 registry is as promoted; no release in test; ", inDev, StringComparison.Ordinal);
    }

    /// <summary>Any sequence of promotions and returns, and of releases that wait, is no drift.</summary>
    [Fact]
    public void No_sequence_of_promotions_drifts() => Gen.Int[0, 3].Array[1, 6].Sample(
        steps =>
        {
            using var house = new SignedHouse(_registries, RegistryAddress.Parse("registry.test:5000"));
            var releases = new List<Release>();
            foreach (var step in steps)
            {
                house.Time.Advance(TimeSpan.FromHours(1));
                TakeAsync(house, releases, step).GetAwaiter().GetResult();
            }

            var report = ReadAsync(house).GetAwaiter().GetResult();
            Assert.True(report.State == DriftState.Settled, ReportMarkdown.Write(DriftFormatter.Describe(report)));
        },
        iter: 12);

    [Fact]
    public async Task A_moved_tag_is_drift()
    {
        await PromoteToTestAsync("1.0.0");
        await MoveTagAsync("test", "1.0.0");

        var report = await ReadAsync();

        Assert.Equal((DriftState.Drifted, 21), (report.State, DriftExitCodes.Of(report)));
        Assert.Equal(
            ("GAN4056", "test", "app", "./build.sh PromoteTest --skip --move-tag \"reason\" --release 1.0.0"),
            (report.Findings[0].Code, report.Findings[0].Place, report.Findings[0].Image!, report.Findings[0].Command!));
    }

    [Fact]
    public async Task An_image_whose_attestation_does_not_count_is_drift()
    {
        await _house.PromotedToDevAsync();
        var other = new Gantry.Attestations.TrustPolicy { Keys = [new(await _house.AttackerKey.GetPublicKeyAsync(default), "other")] };

        var report = await ReadAsync(dev: target => target with { Trust = other });

        Assert.Equal((DriftState.Drifted, 22), (report.State, DriftExitCodes.Of(report)));
    }

    [Fact]
    public async Task A_release_that_was_never_in_the_environment_before_is_drift()
    {
        var release = await _house.PublishAsync();
        var first = (await _house.TestTargetAsync()) with { Environment = new("test") };
        await _house.PromoteAsync(await _house.ToTestAsync(release) with { Targets = [first], Before = [] });

        Assert.Equal(23, DriftExitCodes.Of(await ReadAsync()));
    }

    [Fact]
    public async Task A_missing_image_is_drift()
    {
        var release = await _house.PromotedToDevAsync();
        Assert.IsType<MemoryRepository>(_house.Open("dev", "worker")).RemoveTag(release.Tag);

        var report = await ReadAsync();

        Assert.Equal((25, "incomplete"), (DriftExitCodes.Of(report), DriftFormatter.NameOf(Assert.Single(report.Findings).Kind)));
    }

    [Fact]
    public async Task A_break_glass_and_a_release_that_waits_are_no_drift()
    {
        var release = await _house.PublishAsync();
        await _house.PromoteAsync(await _house.ToTestAsync(release) with { BreakGlassReason = "orders are lost" });

        Assert.Equal(DriftState.Settled, (await ReadAsync()).State);
    }

    [Fact]
    public async Task A_registry_that_cannot_be_read_is_unknown_and_no_drift()
    {
        await PromoteToTestAsync("1.0.0");
        var mark = new StatusMark { Kind = StatusMarkKind.Unreadable, Code = "GAN2003", Place = "dev", Problem = "dev denies access" };
        var status = await StatusAsync(_house);

        var report = DriftReport.Of(status with { Marks = [mark] }, hosts: null);

        Assert.Equal((DriftState.Unknown, 20, ""), (report.State, DriftExitCodes.Of(report), report.Fingerprint));
        Assert.Equal(
            "No drift in what could be read; 1 place could not be read; hosts were not read, which only the build declares",
            DriftFormatter.Headline(report));
    }

    [Fact]
    public async Task The_fingerprint_is_that_of_the_drift_and_not_of_the_time_or_the_order()
    {
        await PromoteToTestAsync("1.0.0");
        await MoveTagAsync("test", "1.0.0");
        var first = await ReadAsync();
        _house.Time.Advance(TimeSpan.FromHours(1));
        var later = await ReadAsync();
        var unread = later with
        {
            Findings =
            [
                .. later.Findings.Reverse(),
                new DriftFinding { Kind = StatusMarkKind.Unreadable, Code = "GAN2003", Place = "dev", Problem = "dev denies access" },
            ],
        };
        await MoveTagAsync("dev", "1.0.0");
        var more = await ReadAsync();

        Assert.Matches("^[0-9a-f]{16}$", first.Fingerprint);
        Assert.Equal(first.Fingerprint, later.Fingerprint);
        Assert.Equal(first.Fingerprint, unread.Fingerprint);
        Assert.NotEqual(first.Fingerprint, more.Fingerprint);
        Assert.Equal(20, DriftExitCodes.Of(unread));
    }

    [Fact]
    public async Task The_document_has_everything_that_its_schema_names()
    {
        await PromoteToTestAsync("1.0.0");
        await MoveTagAsync("test", "1.0.0");
        var host = new HostComparison
        {
            Place = "test", Host = "host web", Image = "app", Agreement = HostAgreement.Different, Expected = "one", Found = ["two"],
            Since = _house.Time.GetUtcNow(), Note = "a note",
        };
        var finding = new DriftFinding
        {
            Kind = StatusMarkKind.OtherOnHosts, Code = "GAN4500", Place = "test", Image = "app", Host = "host web", Expected = "one",
            Found = "two", Problem = "host web runs two instead of one", Remedy = "promote it again", Command = "./build.sh PromoteTest",
        };

        var report = DriftReport.Of(await StatusAsync(_house), new HostVerification([host], [finding]));
        var document = JsonNode.Parse(DriftDocument.Of(report).ToJsonString())!.AsObject();

        var file = Path.Combine(RepositoryFiles.Root, "docs", "schemas", "drift.schema.json");
        var schema = JsonNode.Parse(await File.ReadAllTextAsync(file))!.AsObject();
        AssertNames(schema["properties"]!.AsObject(), schema["required"]!.AsArray(), document);
        foreach (var list in new[] { "findings", "places", "hosts" })
        {
            var item = schema["properties"]![list]!["items"]!.AsObject();
            foreach (var each in document[list]!.AsArray())
                AssertNames(item["properties"]!.AsObject(), item["required"]!.AsArray(), each!.AsObject());
        }

        Assert.True((bool)document["hostsRead"]!);
        Assert.Equal(DriftDocument.CurrentSchema, (int)schema["properties"]!["schema"]!["const"]!);
        var kinds = schema["properties"]!["findings"]!["items"]!["properties"]!["kind"]!["enum"]!.AsArray().Select(kind => (string?)kind);
        Assert.Equal(
            Enum.GetValues<StatusMarkKind>().Where(DriftFinding.IsReported)
                .Select(kind => char.ToLowerInvariant(kind.ToString()[0]) + kind.ToString()[1..]),
            kinds);
        Assert.Equal("drifted", (string?)document["state"]);
        Assert.Equal(["movedTag", "otherOnHosts"], document["findings"]!.AsArray().Select(each => (string)each!["kind"]!).Distinct());
    }

    [Fact]
    public void Lines_for_people_name_place_problem_code_and_command()
    {
        var report = new DriftReport
        {
            AsOf = _house.Time.GetUtcNow(),
            Places = [new DriftPlace("prod", "prod", null, "prod.azurecr.io", "1.4.2")],
            Hosts =
            [
                new()
                {
                    Place = "prod", Host = "webhook https://hooks.test/…", Agreement = HostAgreement.NotRead, Note = "it cannot be asked",
                },
            ],
            Findings =
            [
                new()
                {
                    Kind = StatusMarkKind.OtherOnHosts, Code = "GAN4500", Place = "prod", Problem = "host web runs two instead of one",
                    Command = "./build.sh PromoteProd --skip --release 1.4.2",
                },
                new()
                {
                    Kind = StatusMarkKind.Unreadable, Code = "GAN4090", Place = "prod", Problem = "kubectl failed", Remedy = "check it",
                },
            ],
        };

        Assert.Equal(
            """
            ## Drift

            - 1 finding of drift in prod; 1 place could not be read

            - prod: other on host: host web runs two instead of one (GAN4500)
              - `./build.sh PromoteProd --skip --release 1.4.2`
            - prod: not readable: kubectl failed (GAN4090)
              - check it

            | Place | Host | Image | State | Runs |
            | --- | --- | --- | --- | --- |
            | prod | webhook https://hooks.test/… |  | not read | it cannot be asked |
            """.ReplaceLineEndings("\n"),
            ReportMarkdown.Write(DriftFormatter.Describe(report)).Trim());
    }

    private static void AssertNames(JsonObject properties, JsonArray required, JsonObject document)
    {
        Assert.Equal(properties.Select(property => property.Key).Order(), document.Select(property => property.Key).Order());
        Assert.Equal(required.Select(name => (string)name!).Order(), document.Select(property => property.Key).Order());
    }

    private static async Task TakeAsync(SignedHouse house, List<Release> releases, int step)
    {
        switch (step)
        {
            case 0 or 1:
                releases.Add(await house.PromotedToDevAsync($"1.{releases.Count}.0"));
                break;
            case 2 when releases.Count > 0:
                await house.PromoteAsync(await house.ToTestAsync(releases[^1]));
                break;
            case 3 when releases.Count > 1:
                await house.PromoteAsync(await house.ToDevAsync(releases[^2]) with { GoBackReason = "it loses orders" });
                break;
        }
    }

    private async Task<Release> PromoteToTestAsync(string version)
    {
        var release = await _house.PromotedToDevAsync(version);
        await _house.PromoteAsync(await _house.ToTestAsync(release));
        return release;
    }

    private async Task MoveTagAsync(string registry, string tag)
    {
        var foreign = SampleImage.Create(99, 64);
        await foreign.PushAsync(_house.Open(registry));
        await _house.Open(registry).PutTagAsync(tag, foreign.Root, default);
    }

    private Task<DriftReport> ReadAsync(Func<PromotionTarget, PromotionTarget>? dev = null) => ReadAsync(_house, dev);

    private async Task<DriftReport> ReadAsync(SignedHouse house, Func<PromotionTarget, PromotionTarget>? dev = null) =>
        DriftReport.Of(await StatusAsync(house, dev), hosts: null);

    private async Task<FleetStatus> StatusAsync(SignedHouse house, Func<PromotionTarget, PromotionTarget>? dev = null)
    {
        var policy = new VerificationPolicy
        {
            Base = house.AddressOf("base"),
            BaseTrust = await house.TrustAsync(house.BuildKey, "keys/base/1.pub"),
            Images = house.Images,
            Targets = [(dev ?? (_ => _))(await house.DevTargetAsync()), await house.TestTargetAsync()],
        };
        return await new StatusReader(_registries, policy, house.Time).ReadAsync(version: null, default);
    }
}
