using Gantry.Oci;
using Gantry.Releases;
using Gantry.Tests.Fakes;
using Gantry.Tests.Promotion;

namespace Gantry.Tests.Releases;

public sealed class PublisherTests
{
    private readonly PromotionFixture _fixture = new();

    [Fact]
    public async Task A_published_release_is_found_by_its_version()
    {
        var published = await _fixture.PublishAsync("1.4.2+5", "app", "worker");

        var found = await _fixture.Base.FindAsync("1.4.2+5", "app", "worker");
        Assert.Equal(ReleaseRecord.Write(published), ReleaseRecord.Write(found));
        foreach (var image in new[] { "app", "worker" })
            Assert.Equal(["1.4.2_5"], _fixture.Base[image].Tags.Keys);
    }

    [Fact]
    public async Task Every_image_and_record_is_in_place_before_the_first_tag()
    {
        await _fixture.PublishAsync("1.0.0", "app", "worker", "tool");

        var writes = _fixture.Base.Calls.Where(call => call.StartsWith("Put", StringComparison.Ordinal)).ToList();
        Assert.All(writes[^3..], call => Assert.StartsWith("PutTag", call, StringComparison.Ordinal));
        Assert.DoesNotContain(writes[..^3], call => call.StartsWith("PutTag", StringComparison.Ordinal));
        Assert.Equal(6, writes.Count(call => call.StartsWith("PutManifest", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_repeated_build_writes_nothing_and_keeps_the_first_record()
    {
        var first = await _fixture.PublishAsync("1.0.0", "app");
        _fixture.Base.Calls.Clear();
        _fixture.Time.Advance(TimeSpan.FromDays(1));

        var second = await _fixture.PublishAsync("1.0.0", "app");

        Assert.Equal(first.Created, second.Created);
        Assert.Equal(0, _fixture.Base.Count("Put"));
    }

    [Fact]
    public async Task A_tag_of_another_image_is_refused_before_anything_is_written()
    {
        await _fixture.PublishAsync("1.0.0", "app");
        _fixture.Base.Calls.Clear();
        var other = _fixture.Build("1.0.0") with
        {
            Images = [_fixture.BuildImage("new", "new"), _fixture.BuildImage("app", "another build")],
        };

        Assert.Equal("GAN4035", (await Assert.ThrowsAsync<GantryException>(() => _fixture.PublishAsync(other))).Code);
        Assert.Equal(0, _fixture.Base.Count("Put"));

        var moved = await _fixture.PublishAsync(other with { MoveTagReason = "the first was built from a dirty tree" });
        Assert.Equal(moved.Images[1].Digest, _fixture.Base["app"].Tags["1.0.0"]);
        Assert.Equal(
            moved.Images[1].Digest,
            (await _fixture.Base.FindAsync("1.0.0", "new", "app")).Images[1].Digest);
    }

    [Fact]
    public async Task A_version_that_was_recorded_with_another_content_is_refused_before_anything_is_written()
    {
        var build = _fixture.Build("1.0.0", "app", "worker");
        var release = await _fixture.PublishAsync(build);
        _fixture.Base.Calls.Clear();
        var other = build with { Images = [build.Images[0], _fixture.BuildImage("worker", "another build")], MoveTagReason = "a mistake" };

        var error = await Assert.ThrowsAsync<GantryException>(() => _fixture.PublishAsync(other));

        Assert.Equal("GAN4054", error.Code);
        Assert.EndsWith("differs from what would be published: in images", error.Problem, StringComparison.Ordinal);
        Assert.Equal("GAN4054", (await Assert.ThrowsAsync<GantryException>(() => _fixture.PublishAsync(build with { Commit = "a" }))).Code);
        Assert.Equal(0, _fixture.Base.Count("Put"));
        Assert.True((await _fixture.Base.FindAsync("1.0.0", "app", "worker")).HasSameContent(release));
    }

    [Fact]
    public async Task A_record_that_another_run_wrote_during_the_copy_is_not_contradicted()
    {
        var request = _fixture.Build("1.0.0", "app");
        var others = ReleaseImage.Of("app", "base.test:5000/app", request.Images[0].Image);
        _fixture.Base.Before = async (call, _) =>
        {
            if (!call.StartsWith("PutBlob", StringComparison.Ordinal) || !_fixture.Base["app"].FalseReferrers.IsEmpty)
                return;
            _fixture.Base["app"].FalseReferrers[others.Digest] = [];
            await _fixture.Base["app"].AddRecordAsync(
                others.Descriptor,
                new Release { Version = "1.0.0", Commit = "a", Created = _fixture.Time.GetUtcNow(), Images = [others] });
        };

        Assert.Equal("GAN4054", (await Assert.ThrowsAsync<GantryException>(() => _fixture.PublishAsync(request))).Code);
        Assert.Empty(_fixture.Base["app"].Tags);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("for a tag that was there before")]
    public async Task A_tag_written_by_others_during_the_copy_is_not_overwritten(string? reason)
    {
        _fixture.Base.Before = (call, _) =>
        {
            if (call.StartsWith("PutBlob", StringComparison.Ordinal) && !_fixture.Base["worker"].Tags.ContainsKey("1.0.0"))
                _fixture.Base["worker"].AddImage("of the other build", "1.0.0");
            return Task.CompletedTask;
        };

        var error = await Assert.ThrowsAsync<GantryException>(() =>
            _fixture.PublishAsync(_fixture.Build("1.0.0", "app", "worker") with { MoveTagReason = reason }));

        Assert.Equal("GAN4035", error.Code);
        Assert.Empty(_fixture.Base["app"].Tags);
    }

    [Theory]
    [InlineData("contoso.azurecr.io", true)]
    [InlineData("localhost:5000", false)]
    [InlineData("127.0.0.1:5000", false)]
    [InlineData("oci:folder", false)]
    public async Task A_stand_in_is_published_only_on_its_machine(string address, bool refused)
    {
        var registry = new FakeRegistry("any");
        var request = _fixture.Build("1.0.0") with
        {
            Base = RegistryAddress.Parse(address),
            Images = [_fixture.BuildImage("app", "app", standIn: true)],
        };
        var publishing = new Publisher(registry, _fixture.Time).PublishAsync(request, CancellationToken.None);

        if (refused)
        {
            Assert.Equal("GAN4023", (await Assert.ThrowsAsync<GantryException>(() => publishing)).Code);
            Assert.Empty(registry.Calls);
        }
        else
        {
            Assert.True(Assert.Single((await publishing).Release.Images).StandIn);
        }
    }

    [Fact]
    public async Task An_unknown_release_and_an_image_without_a_record_are_different_errors()
    {
        await _fixture.PublishAsync("1.0.0", "app");
        _fixture.Base["app"].AddImage("pushed by hand", "2.0.0");

        Assert.Equal(
            "GAN4014",
            (await Assert.ThrowsAsync<GantryException>(() => _fixture.Base.FindAsync("3.0.0"))).Code);
        Assert.Equal(
            "GAN4015",
            (await Assert.ThrowsAsync<GantryException>(() => _fixture.Base.FindAsync("2.0.0"))).Code);
    }

    [Fact]
    public async Task Publishing_stopped_at_any_call_writes_no_tag_and_the_next_run_completes_it()
    {
        var request = _fixture.Build("1.0.0", "app", "worker");
        await _fixture.PublishAsync(request);
        var calls = _fixture.Base.Calls.Count;

        for (var stopAt = 0; stopAt < calls; stopAt++)
        {
            var fixture = new PromotionFixture();
            request = fixture.Build("1.0.0", "app", "worker");
            using var stop = new CancellationTokenSource();
            var left = stopAt;
            fixture.Base.Before = (_, _) => Interlocked.Decrement(ref left) < 0 ? stop.CancelAsync() : Task.CompletedTask;

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fixture.PublishAsync(request, stop.Token));
            foreach (var repository in fixture.Base.Repositories)
                repository.AssertComplete();

            fixture.Base.Before = (_, _) => Task.CompletedTask;
            var release = await fixture.PublishAsync(request);
            Assert.All(release.Images, image => Assert.Equal(image.Digest, fixture.Base[image.Name].Tags["1.0.0"]));
            await fixture.Base.FindAsync("1.0.0", "app", "worker");
        }
    }
}
