using Gantry.Copying;
using Gantry.Oci;
using Gantry.Tests.Fakes;

namespace Gantry.Tests.Copying;

public sealed class AttachmentTests
{
    private readonly FakeRegistry _from = new("from.test");
    private readonly FakeRegistry _to = new("to.test");

    private FakeRepository From => _from["app"];

    private FakeRepository To => _to["app"];

    [Fact]
    public async Task Referrers_are_copied_with_their_own_referrers()
    {
        var image = From.AddImage("one", "v1");
        var sbom = From.AddArtifact(image, "sbom");
        var signature = From.AddArtifact(sbom, "signature of the sbom");

        var outcome = await CopyAsync();

        Assert.Equal(2, outcome.Attachments);
        Assert.Equal(
            [sbom.Descriptor.Digest],
            (await To.ListReferrersAsync(image.Descriptor.Digest, null, default)).Select(referrer => referrer.Digest));
        Assert.Equal(
            [signature.Descriptor.Digest],
            (await To.ListReferrersAsync(sbom.Descriptor.Digest, null, default)).Select(referrer => referrer.Digest));
    }

    [Fact]
    public async Task Referrers_of_each_platform_are_copied()
    {
        var arm = From.AddImage("arm");
        From.AddIndex("v1", (Platform.LinuxAmd64, From.AddImage("amd")), (Platform.LinuxArm64, arm));
        var signature = From.AddArtifact(arm, "signature of arm");

        await CopyAsync();

        Assert.Contains(signature.Descriptor.Digest, To.Manifests.Keys);
    }

    [Fact]
    public async Task All_attachments_are_written_before_the_tag()
    {
        var image = From.AddImage("one", "v1");
        From.AddArtifact(image, "signature");
        From.AddCosignTag(image, ".sig", "cosign's signature");

        await CopyAsync();

        Assert.Equal("PutTag app:v1", _to.Calls.Last(call => call.StartsWith("Put", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_later_signature_is_copied_by_a_later_copy()
    {
        var image = From.AddImage("one", "v1");
        await CopyAsync();
        var signature = From.AddArtifact(image, "signature");
        var attestation = From.AddCosignTag(image, ".att", "attestation");

        var outcome = await CopyAsync();

        Assert.False(outcome.TagWritten);
        Assert.Contains(signature.Descriptor.Digest, To.Manifests.Keys);
        Assert.Equal(attestation.Descriptor.Digest, To.Tags[TestImages.CosignTag(image, ".att")]);
        Assert.True((await CopyAsync()).NothingMoved);
    }

    [Theory]
    [InlineData(".sig")]
    [InlineData(".att")]
    [InlineData(".sbom")]
    public async Task Cosign_tags_are_copied_even_from_repositories_with_many_tags(string suffix)
    {
        var from = new FakeRegistry("many.test") { HasManyTags = true }["app"];
        var image = from.AddImage("one", "v1");
        var signature = from.AddCosignTag(image, suffix, "a");

        await CopyAsync(from);

        Assert.Equal(signature.Descriptor.Digest, To.Tags[TestImages.CosignTag(image, suffix)]);
    }

    public static TheoryData<string, string[], string[], string[]?> Signatures => new()
    {
        { "the source has more", ["a", "b"], ["a"], ["a", "b"] },
        { "the target has more", ["a"], ["a", "b"], ["a", "b"] },
        { "each has its own", ["a", "b"], ["a", "c"], null },
        { "each has one of its own", ["a"], ["c"], null },
    };

    [Theory]
    [MemberData(nameof(Signatures))]
    public async Task No_cosign_signature_is_lost_at_the_target(string which, string[] source, string[] target, string[]? after)
    {
        var image = From.AddImage("one", "v1");
        From.AddCosignTag(image, ".sig", source);
        To.AddCosignTag(image, ".sig", target);

        if (after is null)
        {
            Assert.Equal("GAN4035", (await Assert.ThrowsAsync<GantryException>(() => CopyAsync())).Code);
            after = target;
        }
        else
        {
            await CopyAsync();
        }

        var there = To.Manifests[To.Tags[TestImages.CosignTag(image, ".sig")]].ReadManifest().Layers.Select(layer =>
            layer.Annotations![TestImages.SignatureAnnotation]);
        Assert.True(after.SequenceEqual(there), which);
    }

    [Fact]
    public async Task No_entry_of_a_cosign_index_is_lost_at_the_target()
    {
        var image = From.AddImage("one", "v1");
        var (arm, amd) = (From.AddImage("sbom of arm"), From.AddImage("sbom of amd"));
        var tag = TestImages.CosignTag(image, ".sbom");
        var whole = From.AddIndex(tag, (Platform.LinuxAmd64, amd), (Platform.LinuxArm64, arm));
        To.AddIndex(tag, (Platform.LinuxAmd64, To.AddImage("sbom of amd")));

        await CopyAsync();
        Assert.Equal(whole.Descriptor.Digest, To.Tags[tag]);

        To.AddIndex(tag, (Platform.LinuxAmd64, To.AddImage("another sbom of amd")));
        Assert.Equal("GAN4035", (await Assert.ThrowsAsync<GantryException>(() => CopyAsync())).Code);
    }

    [Fact]
    public async Task Referrers_and_cosign_tags_can_be_left_out()
    {
        var image = From.AddImage("one", "v1");
        From.AddArtifact(image, "signature");
        From.AddCosignTag(image, ".sig", "a");

        await CopyAsync(options: new CopyOptions { Referrers = false });
        Assert.Equal((2, 2), (To.Manifests.Count, To.Tags.Count));

        To.Manifests.Clear();
        To.Tags.Clear();
        await CopyAsync(options: new CopyOptions { CosignTags = false });
        Assert.Equal((2, 1), (To.Manifests.Count, To.Tags.Count));

        _from.Calls.Clear();
        await CopyAsync(options: new CopyOptions { Referrers = false, CosignTags = false });
        Assert.Equal(["GetTag app:v1"], _from.Calls);
    }

    [Fact]
    public async Task A_circle_of_referrers_does_not_block_a_copy()
    {
        var image = From.AddImage("one", "v1");
        var signature = From.AddArtifact(image, "signature");
        From.FalseReferrers[signature.Descriptor.Digest] = [image.Descriptor, signature.Descriptor];

        var outcome = await CopyAsync();

        Assert.Equal(1, outcome.Attachments);
    }

    [Fact]
    public async Task An_artifact_without_its_link_is_linked()
    {
        var image = From.AddImage("one", "v1");
        await CopyAsync();
        var signature = From.AddArtifact(image, "signature");
        _to.Calls.Clear();

        await CopyAsync();

        Assert.Contains($"PutManifest app@{signature.Descriptor.Digest}", _to.Calls);
        Assert.Contains($"ListReferrers app@{image.Descriptor.Digest}", _to.Calls);
    }

    private async Task<ImageOutcome> CopyAsync(FakeRepository? from = null, CopyOptions? options = null)
    {
        var outcomes = await new ImageCopier(options ?? new CopyOptions(), new CopyProgress())
            .CopyAsync(
                [new CopyRequest { Source = from ?? From, Tag = "v1", Targets = [new CopyTarget(To, "v1")] }], CancellationToken.None);
        return outcomes[0].Error is { } error ? throw error : outcomes[0].Images[0];
    }
}
