using System.Text.Json.Nodes;
using Gantry;
using Gantry.Attestations;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Signing;
using Gantry.Testing;
using Pipeline.Tests.Fixtures;

namespace Pipeline.Tests;

/// <summary>The build on environments that are not as they were promoted.</summary>
[Collection(nameof(RepositoryClone))]
public sealed class ShowEnvironmentsTests(RepositoryClone clone) : IAsyncLifetime
{
    // Each test has its own registries, because the others promote, too.
    private readonly string _test = $"oci:artifacts/shown/{Guid.NewGuid():n}/test";
    private readonly string _prod = $"oci:artifacts/shown/{Guid.NewGuid():n}/prod";
    private RegistrySession _session = null!;

    public async Task InitializeAsync()
    {
        await clone.PromoteDevAsync();
        _session = new RegistrySession(new RegistrySessionOptions { RootFolder = clone.Root });
        var run = await BuildAsync("PromoteTest", "--skip", "--approve", "tested");
        Assert.True(run.ExitCode == 0, run.Output);
    }

    public async Task DisposeAsync() => await _session.DisposeAsync();

    [Fact]
    public async Task An_overwritten_image_fails_the_target()
    {
        var before = await BuildAsync("ShowEnvironments");
        Assert.True(before.ExitCode == 0, before.Output);
        var released = (await App.FindTagAsync("1.2.0", CancellationToken.None))!.Digest;
        var foreign = SampleImage.Create(1, 1000);
        await foreign.PushAsync(App);
        await App.PutTagAsync("1.2.0", foreign.Root, CancellationToken.None);

        var shown = await BuildAsync("ShowEnvironments");

        Assert.NotEqual(0, shown.ExitCode);
        Assert.Contains("1.2.0 (see below)", shown.Output, StringComparison.Ordinal);
        Assert.Contains(
            $"GAN4056: the tag {_test}/app:1.2.0 points to {foreign.Root.Descriptor.Digest} instead of the released {released}; ",
            shown.Output,
            StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_of_the_year_9999_is_reported_and_neither_crashes_nor_blocks_a_promotion()
    {
        var image = (await App.FindTagAsync("1.2.0", CancellationToken.None))!;
        await PutAsync(image, DateTimeOffset.MaxValue);
        string[] toProd = ["PromoteProd", "--skip", "--approve", "tested"];

        var refused = await BuildAsync(toProd);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains(
            "GAN5002: the release '1.2.0' cannot go to prod yet: it has been in test since", refused.Output, StringComparison.Ordinal);

        var emergency = await BuildAsync([.. toProd, "--override-soak", "the shop is down"]);
        Assert.True(emergency.ExitCode == 0, emergency.Output);

        var shown = await BuildAsync("ShowEnvironments");
        Assert.NotEqual(0, shown.ExitCode);
        Assert.Matches("GAN4059: the promotion record sha256:[0-9a-f]{64} in .* does not count, because its date 9999-12-31", shown.Output);
        Assert.DoesNotContain("   at ", refused.Output + emergency.Output + shown.Output, StringComparison.Ordinal);
    }

    private IImageRepository App => _session.Open(RegistryAddress.Parse(_test), "app");

    private Task<Gantry.Testing.Builds.BuildRun> BuildAsync(params string[] arguments) =>
        clone.BuildAsync([.. arguments, "--test-registry", _test, "--prod-registry", _prod]);

    // As someone could who has the key of this machine.
    private async Task PutAsync(Descriptor image, DateTimeOffset promoted)
    {
        var found = await AttestationReferrer.FindAsync(
            App, image.Digest, PredicateTypes.VerificationSummary, CancellationToken.None);
        var genuine = Assert.Single(found.Attestations);
        var predicate = JsonNode.Parse(genuine.Statement.Predicate.GetRawText())!;
        predicate[PredicateTypes.Promotion]!["promoted"] = Format.Rfc3339(promoted);
        using var key = DevelopmentKey.Open(DevelopmentKey.DefaultFolder);
        var bundle = await SigstoreBundle.SignAsync(
            Statement.Write(
                genuine.Statement.Subjects[0],
                PredicateTypes.VerificationSummary,
                System.Text.Encoding.UTF8.GetBytes(predicate.ToJsonString())),
            key,
            CancellationToken.None);
        var manifest = AttestationReferrer.Create(
            bundle, image, PredicateTypes.VerificationSummary, promoted, genuine.Referrer.Annotations);
        await AttestationReferrer.PutAsync(App, manifest, bundle, CancellationToken.None);
    }
}
