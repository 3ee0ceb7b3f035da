using System.Globalization;
using CsCheck;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Status;
using Gantry.Tests.Fakes;

namespace Gantry.Tests.Promotion.Generated;

/// <summary>
/// Any sequence of promotions, returns, bypasses, moved tags and deletions gives the status that a simple model of it gives, after each of
/// its steps.
/// </summary>
public sealed class GeneratedHistoryTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void Any_history_gives_the_status_of_its_model(bool isSigned, bool isShared) =>
        Step.Histories.Sample(steps => FollowAsync(steps, isSigned, isShared).GetAwaiter().GetResult(), iter: 20, print: Print);

    [Fact]
    public async Task A_bypass_that_is_open_in_one_region_is_caught_up_there_alone()
    {
        var house = await GeneratedHouse.CreateAsync(isSigned: true, isShared: false);
        var (dev, west, east) = (house.Targets[0], house.Targets[1], house.Targets[2]);
        await house.PromoteAsync("1.0.0", [west, east], breakGlass: "the shop is down");
        await house.PromoteAsync("1.0.0", [dev]);
        house.Time.Advance(TimeSpan.FromMinutes(1));
        await house.PromoteAsync("1.0.0", [west]);
        var before = await house.ReadAsync(west);

        house.Time.Advance(TimeSpan.FromMinutes(1));
        await house.PromoteAsync("1.0.0", [west, east]);

        Assert.Equal(before.History, (await house.ReadAsync(west)).History);
        var eastern = await house.ReadAsync(east);
        Assert.Equal((2, null), (eastern.History.Count, eastern.Release!.OpenBypass));
    }

    [Fact]
    public async Task A_signed_promotion_proves_its_order_although_records_before_it_were_deleted()
    {
        var house = await GeneratedHouse.CreateAsync(isSigned: true, isShared: false);
        var (dev, west, east) = (house.Targets[0], house.Targets[1], house.Targets[2]);
        await house.PromoteAsync("1.0.0", [dev]);
        await house.PromoteAsync("1.0.0", [west, east]);
        house.Open(dev, "app").DeleteReferrers(house.DigestOf("1.0.0", "app"));
        house.Time.Advance(TimeSpan.FromHours(1));
        await house.PromoteAsync("1.0.0", [dev]);

        Assert.Empty((await house.ReadFleetAsync()).Marks);
    }

    private static async Task FollowAsync(Step[] steps, bool isSigned, bool isShared)
    {
        var house = await GeneratedHouse.CreateAsync(isSigned, isShared);
        var model = new HistoryModel(house.Targets, isSigned);
        for (var number = 1; number <= steps.Length; number++)
        {
            house.Time.Advance(TimeSpan.FromMinutes(2));
            await DoAsync(steps[number - 1], number, house, model);
            var expected = model.Read();
            var read = new List<EnvironmentStatus>();
            foreach (var target in house.Targets)
                read.Add(await house.ReadAsync(target));
            var shown = RegionComparison.Compare(read);
            var fleet = await house.ReadFleetAsync();
            for (var target = 0; target < shown.Count; target++)
            {
                var place = $"after step {number}, in {house.Targets[target].DisplayName}: ";
                var found = Describe(house, shown[target]) with
                {
                    Cells = [.. fleet.Cells.Where(cell => cell.Target == shown[target].Target).Select(Describe)],
                };
                Assert.True(expected[target].ToString() == found.ToString(), $"{place}\nexpected {expected[target]}\nfound    {found}");
            }
        }
    }

    private static async Task DoAsync(Step step, int number, GeneratedHouse house, HistoryModel model)
    {
        switch (step)
        {
            case Step.Promote promote:
                await PromoteAsync(promote, house, model);
                break;
            case Step.MoveTag(var target, var version, var image):
                var repository = Open(target, image);
                repository.AddImage($"by hand {number}", GeneratedHouse.Versions[version]);
                model.Tag(target, version, image, -number);
                break;
            case Step.Mistag(var target, var version, var image, var other) when model.HasImage(target, other, image):
                Open(target, image).Tags[GeneratedHouse.Versions[version]] = DigestOf(other, image);
                model.Tag(target, version, image, other);
                break;
            case Step.DeleteTag(var target, var version, var image):
                Open(target, image).Tags.TryRemove(GeneratedHouse.Versions[version], out _);
                model.DeleteTag(target, version, image);
                break;
            case Step.DeleteImage(var target, var version, var image):
                Open(target, image).DeleteImage(DigestOf(version, image));
                model.DeleteImage(target, version, image);
                break;
            case Step.DeleteRecords(var target, var version, var image):
                Open(target, image).DeleteReferrers(DigestOf(version, image));
                model.DeleteRecords(target, version, image);
                break;
        }

        FakeRepository Open(int target, int image) => house.Open(house.Targets[target], GeneratedHouse.Images[image]);

        Digest DigestOf(int version, int image) => house.DigestOf(GeneratedHouse.Versions[version], GeneratedHouse.Images[image]);
    }

    private static async Task PromoteAsync(Step.Promote step, GeneratedHouse house, HistoryModel model)
    {
        var refusals = model.FindRefusals(step);
        try
        {
            await house.PromoteAsync(
                GeneratedHouse.Versions[step.Version],
                [.. step.Targets.Select(target => house.Targets[target])],
                step.GoesBack ? "the newer one loses orders" : null,
                step.MovesTags ? "pushed by hand" : null,
                step.BreaksGlass ? "the shop is down" : null);
        }
        catch (GantryException refused)
        {
            Assert.Contains(refused.Code, refusals);
            return;
        }

        Assert.Empty(refusals);
        model.Promote(step, house.Time.GetUtcNow());
    }

    private static ExpectedStatus Describe(GeneratedHouse house, EnvironmentStatus status) => new()
    {
        Version = status.Release is { } release ? IndexOf(release.Version) : null,
        Since = status.Release?.Since,
        Recorded = status.Release?.Record?.Promoted,
        HasOpenBypass = status.Release?.OpenBypass is not null,
        Images =
        [
            .. (status.Release?.Images ?? []).Select(image =>
                (GeneratedHouse.Images.ToList().IndexOf(image.Name), PointsTo(house, status, image))),
        ],
        History = [.. status.History.Select(promotion => (IndexOf(promotion.Version), promotion.Promoted))],
        Unrecorded = [.. status.UnrecordedVersions.Select(IndexOf)],
        Problems = [.. status.Problems.Select(problem => problem.Code).Order(StringComparer.Ordinal)],
    };

    private static ExpectedCell Describe(StatusCell cell) => new()
    {
        Version = cell.Version is { } version ? IndexOf(version) : null,
        Since = cell.Since,
        Behind = cell.Behind,
        Signature = cell.Signature,
        Marks = [.. cell.Marks.Select(mark => mark.Kind)],
    };

    // The release whose image it is, or the number of the step that has pushed it by hand.
    private static int PointsTo(GeneratedHouse house, EnvironmentStatus status, PromotedImage image)
    {
        var ofRelease = GeneratedHouse.Versions.ToList().FindIndex(version => house.DigestOf(version, image.Name) == image.Digest);
        if (ofRelease >= 0)
            return ofRelease;
        var repository = house.Open(status.Target, image.Name);
        var config = repository.Blobs[repository.Manifests[image.Digest].ReadManifest().Config.Digest];
        var author = System.Text.Json.JsonDocument.Parse(config).RootElement.GetProperty("author").GetString()!;
        return -int.Parse(author["by hand ".Length..], CultureInfo.InvariantCulture);
    }

    private static int IndexOf(string version) => GeneratedHouse.Versions.ToList().IndexOf(version);

    private static string Print(Step[] steps) => string.Join('\n', steps.Select(step => step.ToString()));
}
