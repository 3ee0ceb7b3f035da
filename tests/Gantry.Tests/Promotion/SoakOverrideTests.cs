using Gantry.Environments;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Tests.Fakes;

namespace Gantry.Tests.Promotion;

/// <summary>What an override of the soak time passes: what an environment without a soak time would pass, and nothing else.</summary>
public sealed class SoakOverrideTests
{
    private static readonly PromotionEnvironment Prod = new("prod") { After = new("dev"), Gates = [Gate.Soak(TimeSpan.FromHours(24))] };

    private readonly PromotionFixture _fixture = new();

    public static TheoryData<string, string, string?> Cases => new()
    {
        // name, error without an override, error with it
        { "there for an hour", "GAN5002", null },
        { "no record", "GAN4024", "GAN4024" },
        { "records of another place", "GAN4024", "GAN4024" },
        { "a record with a date of the future", "GAN4024", "GAN4024" },
        { "a record of one of two images", "GAN4024", "GAN4024" },
        { "withdrawn", "GAN5002", null },
        { "records cannot be read", "GAN2003", "GAN2003" },
        { "tags cannot be listed", "GAN5003", null },
        { "more versions than are read", "GAN5003", null },
        { "an empty registry", "GAN4024", "GAN4024" },
        { "only one of two images", "GAN4024", "GAN4024" },
        { "the tag is gone", "GAN4024", "GAN4024" },
        { "the tag points elsewhere", "GAN4024", "GAN4024" },
        { "the registry cannot be read", "GAN2003", "GAN2003" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task It_passes_the_soak_time_and_nothing_else(string name, string refused, string? overridden)
    {
        var release = await _fixture.PublishAsync("1.0.0", "app", "worker");
        await ArrangeAsync(name, release);
        var request = _fixture.Request(release, targets: PromotionFixture.TestAddress).To(Prod) with
        {
            Before = PromotionTarget.Of(Prod.After!, PromotionFixture.DevAddress),
        };

        Assert.Equal(refused, await PlanAsync(request));
        Assert.Equal(overridden, await PlanAsync(request with { OverrideSoakReason = "the shop is down" }));
        Assert.Equal(0, _fixture.Test.Count("Put"));

        // What passes without a soak time passes with an override of it.
        Assert.Equal(overridden, await PlanAsync(request.To(Prod with { Gates = [] })));
    }

    private async Task<string?> PlanAsync(PromotionRequest request)
    {
        try
        {
            var plan = await _fixture.PlanAsync(request);
            Assert.All(plan.Gates, gate => Assert.Equal(GateVerdict.Overridden, gate.Verdict));
            return null;
        }
        catch (GantryException error)
        {
            return error.Code;
        }
    }

    private async Task ArrangeAsync(string name, Release release)
    {
        if (name == "an empty registry")
            return;
        if (name == "withdrawn")
        {
            await _fixture.PromoteAsync(_fixture.Request(await _fixture.PublishAsync("0.9.0", "app", "worker")));
            _fixture.Time.Advance(TimeSpan.FromHours(1));
        }

        await _fixture.PromoteAsync(_fixture.Request(release));
        _fixture.Time.Advance(TimeSpan.FromHours(name == "there for an hour" ? 1 : 48));
        var app = _fixture.Dev["app"];
        switch (name)
        {
            case "no record":
                app.RemoveRecords();
                break;
            case "records of another place":
                app.RemoveRecords();
                await app.AddRecordAsync(release.Images[0].Descriptor, ElsewhereRecord(release.Images[0]));
                break;
            case "a record with a date of the future":
                app.RemoveRecords();
                var forged = ElsewhereRecord(release.Images[0]) with { To = "dev.test:5000/app" };
                await app.AddRecordAsync(release.Images[0].Descriptor, forged with { Promoted = DateTimeOffset.MaxValue });
                break;
            case "a record of one of two images":
                _fixture.Dev["worker"].RemoveRecords();
                break;
            case "withdrawn":
                await _fixture.PromoteAsync(
                    _fixture.Request(await _fixture.Base.FindAsync("0.9.0", "app", "worker")) with { GoBackReason = "it fails" });
                break;
            case "only one of two images":
                _fixture.Dev["worker"].Tags.Clear();
                break;
            case "the tag is gone":
                app.Tags.Clear();
                break;
            case "the tag points elsewhere":
                app.AddImage("pushed by hand", "1.0.0");
                break;
            case "records cannot be read":
                Deny("ListReferrers");
                break;
            case "tags cannot be listed":
                Deny("ListTags");
                break;
            case "more versions than are read":
                for (var patch = 1; patch <= 1000; patch++)
                    app.Tags[$"2.0.{patch}"] = release.Images[0].Digest;
                break;
            case "the registry cannot be read":
                Deny("");
                break;
        }
    }

    private void Deny(string calls) => _fixture.Dev.Before = (call, _) => call.StartsWith(calls, StringComparison.Ordinal)
        ? throw new GantryException("GAN2003", "dev.test:5000 denies access to app", "sign in")
        : Task.CompletedTask;

    private static PromotionRecord ElsewhereRecord(ReleaseImage image) => new()
    {
        Environment = "dev",
        Version = "1.0.0",
        Image = image.Name,
        Digest = image.Digest,
        Promoted = new DateTimeOffset(2026, 1, 2, 4, 0, 0, TimeSpan.Zero),
        By = new() { Name = "Mallory" },
        From = "base.test:5000/app",
        To = "elsewhere.test:5000/app",
        Gates = [],
    };
}
