using System.Text;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;

namespace Gantry.Tests.Registries;

/// <summary>A kind of repository under test. Every name gives a new repository.</summary>
public sealed record RepositoryUnderTest(Func<string, IImageRepository> Open, string Prefix)
{
    public IImageRepository App => Open($"{Prefix}/app");

    public IImageRepository Sibling => Open($"{Prefix}/sibling");
}

/// <summary>The requirements for every implementation of <see cref="IImageRepository"/>, as a table of named cases.</summary>
public static class RepositoryContract
{
    private static readonly Dictionary<string, Func<RepositoryUnderTest, Task>> s_cases = new(StringComparer.Ordinal)
    {
        ["a repository that does not exist has nothing"] = HasNothing,
        ["a blob is read as it was written"] = BlobRoundTrip,
        ["a blob of no bytes is a blob"] = EmptyBlob,
        ["a blob is written once"] = BlobWrittenOnce,
        ["a blob of the wrong digest is refused and leaves nothing"] = WrongDigest,
        ["a blob that is too short is refused and leaves nothing"] = TooShort,
        ["a blob that is too long is refused and leaves nothing"] = TooLong,
        ["a source that fails is told as it is and leaves nothing"] = FailingSource,
        ["a blob that is missing says so"] = MissingBlob,
        ["a blob is mounted from a sibling without being read"] = Mount,
        ["a mount from a repository without the blob becomes an upload"] = RefusedMount,
        ["a manifest is read as it was written, by digest and by tag"] = ManifestRoundTrip,
        ["a manifest without a tag is there and not listed"] = UntaggedManifest,
        ["a tag moves"] = TagMoves,
        ["tags are listed in ordinal order"] = TagsInOrder,
        ["several tags point to one manifest"] = SeveralTags,
        ["an index with its manifests is read as it was written"] = IndexRoundTrip,
        ["referrers are listed with type and annotations"] = Referrers,
        ["referrers of a subject that is not there are listed"] = ReferrersWithoutSubject,
        ["many referrers written at once are all listed"] = ManyReferrersAtOnce,
        ["many tags written at once are all there"] = ManyTagsAtOnce,
        ["the same blob written by many at once is there once"] = SameBlobAtOnce,
        ["a deleted manifest is gone with its tags, and others stay"] = DeletedManifest,
        ["a deleted manifest can be written again"] = DeletedAndWritten,
        ["a deleted referrer is not listed any more"] = DeletedReferrer,
        ["a removed tag leaves its image"] = RemovedTag,
        ["a tag that is none is refused"] = MalformedTag,
        ["what a person cancels stops and leaves nothing"] = Cancelled,
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    public static Task RunAsync(string name, Func<string, IImageRepository> open) =>
        s_cases[name](new RepositoryUnderTest(open, $"case-{Guid.NewGuid():N}"));

    private static async Task HasNothing(RepositoryUnderTest place)
    {
        var blob = Describe("nothing"u8.ToArray());

        Assert.Null(await place.App.FindTagAsync("v1", default));
        Assert.Null(await place.App.FindManifestAsync("v1", default));
        Assert.Null(await place.App.FindManifestAsync(blob.Digest, default));
        Assert.False(await place.App.HasManifestAsync(blob.Digest, default));
        Assert.False(await place.App.HasBlobAsync(blob, default));
        Assert.Empty(await place.App.ListTagsAsync(default));
        Assert.Empty((await place.App.TryListTagsInOnePageAsync(default))!);
        Assert.Empty(await place.App.ListReferrersAsync(blob.Digest, default));
    }

    private static async Task BlobRoundTrip(RepositoryUnderTest place)
    {
        var content = Bytes(3 * 1024 * 1024 + 17);
        var blob = Describe(content);

        Assert.Equal(BlobPlacement.Uploaded, await place.App.PutBlobAsync(blob, Give(content), default));

        Assert.True(await place.App.HasBlobAsync(blob, default));
        Assert.Equal(content, await ReadAsync(place.App, blob));
    }

    private static async Task EmptyBlob(RepositoryUnderTest place)
    {
        var blob = Describe([]);
        await place.App.PutBlobAsync(blob, Give([]), default);
        Assert.True(await place.App.HasBlobAsync(blob, default));
        Assert.Empty(await ReadAsync(place.App, blob));
    }

    private static async Task BlobWrittenOnce(RepositoryUnderTest place)
    {
        var content = Bytes(1000);
        var blob = Describe(content);
        await place.App.PutBlobAsync(blob, Give(content), default);

        var again = await place.App.PutBlobAsync(blob, _ => throw new InvalidOperationException("read although it is there"), default);

        Assert.Equal(BlobPlacement.AlreadyThere, again);
    }

    private static Task WrongDigest(RepositoryUnderTest place) =>
        RefusedAsync(place.App, Describe(Bytes(200_000)), Bytes(200_000, seed: 2), "GAN2005");

    private static Task TooShort(RepositoryUnderTest place) =>
        RefusedAsync(place.App, Describe(Bytes(200_000)), Bytes(200_000)[..^1], "GAN2006");

    private static Task TooLong(RepositoryUnderTest place) =>
        RefusedAsync(place.App, Describe(Bytes(200_000)), [.. Bytes(200_000), 0], "GAN2006");

    private static async Task FailingSource(RepositoryUnderTest place)
    {
        var blob = Describe(Bytes(1000));
        var failure = new GantryException("GAN2001", "the source is gone", "bring it back");

        var thrown = await Assert.ThrowsAsync<GantryException>(() => place.App.PutBlobAsync(blob, _ => throw failure, default));

        Assert.Same(failure, thrown);
        Assert.False(await place.App.HasBlobAsync(blob, default));
    }

    private static async Task MissingBlob(RepositoryUnderTest place)
    {
        await SampleImage.Create(1, 10).PushAsync(place.App);
        var blob = Describe(Bytes(5));

        var thrown = await Assert.ThrowsAsync<GantryException>(() => place.App.OpenBlobAsync(blob, default));

        Assert.Equal("GAN2004", thrown.Code);
        Assert.Contains(place.App.Location, thrown.Message, StringComparison.Ordinal);
    }

    private static async Task Mount(RepositoryUnderTest place)
    {
        var content = Bytes(100_000);
        var blob = Describe(content);
        await place.Sibling.PutBlobAsync(blob, Give(content), default);

        var placed = await place.App.PutBlobAsync(
            blob, _ => throw new InvalidOperationException("read although it can be mounted"), place.Sibling, default);

        // In an archive repositories share their blobs.
        Assert.NotEqual(BlobPlacement.Uploaded, placed);
        Assert.Equal(content, await ReadAsync(place.App, blob));
    }

    private static async Task RefusedMount(RepositoryUnderTest place)
    {
        var content = Bytes(100_000);
        var blob = Describe(content);

        Assert.Equal(BlobPlacement.Uploaded, await place.App.PutBlobAsync(blob, Give(content), place.Sibling, default));

        Assert.Equal(content, await ReadAsync(place.App, blob));
    }

    private static async Task ManifestRoundTrip(RepositoryUnderTest place)
    {
        var image = SampleImage.Create(1, 1000, 2000);
        await image.PushAsync(place.App);
        await place.App.PutTagAsync("v1", image.Root, default);

        var byDigest = await place.App.FindManifestAsync(image.Root.Descriptor.Digest, default);
        var byTag = await place.App.FindManifestAsync("v1", default);

        Assert.Equal(image.Root.Bytes.ToArray(), byDigest!.Bytes.ToArray());
        Assert.Equal(image.Root.Bytes.ToArray(), byTag!.Bytes.ToArray());
        Assert.Equal(image.Root.Descriptor, byTag.Descriptor);
        Assert.Equal(image.Root.Descriptor, await place.App.FindTagAsync("v1", default));
        Assert.True(await place.App.HasManifestAsync(image.Root.Descriptor.Digest, default));
    }

    private static async Task UntaggedManifest(RepositoryUnderTest place)
    {
        var image = SampleImage.Create(1, 1000);
        await image.PushAsync(place.App);

        Assert.True(await place.App.HasManifestAsync(image.Root.Descriptor.Digest, default));
        Assert.Empty(await place.App.ListTagsAsync(default));
    }

    private static async Task TagMoves(RepositoryUnderTest place)
    {
        var (first, second) = (SampleImage.Create(1, 1000), SampleImage.Create(2, 1000));
        await first.PushAsync(place.App);
        await second.PushAsync(place.App);

        await place.App.PutTagAsync("v1", first.Root, default);
        await place.App.PutTagAsync("v1", second.Root, default);

        Assert.Equal(second.Root.Descriptor, await place.App.FindTagAsync("v1", default));
        Assert.Equal(["v1"], await place.App.ListTagsAsync(default));
        Assert.True(await place.App.HasManifestAsync(first.Root.Descriptor.Digest, default));
    }

    private static async Task TagsInOrder(RepositoryUnderTest place)
    {
        var image = SampleImage.Create(1, 10);
        await image.PushAsync(place.App);
        foreach (var tag in new[] { "v2", "V10", "_x", "v10", "1.0" })
            await place.App.PutTagAsync(tag, image.Root, default);

        Assert.Equal(["1.0", "V10", "_x", "v10", "v2"], await place.App.ListTagsAsync(default));
        Assert.Equal(["1.0", "V10", "_x", "v10", "v2"], await place.App.TryListTagsInOnePageAsync(default));
    }

    private static async Task SeveralTags(RepositoryUnderTest place)
    {
        var image = SampleImage.Create(1, 10);
        await image.PushAsync(place.App);
        await place.App.PutTagAsync("a", image.Root, default);
        await place.App.PutTagAsync("b", image.Root, default);
        await place.App.PutTagAsync("b", image.Root, default);

        Assert.Equal(image.Root.Descriptor, await place.App.FindTagAsync("a", default));
        Assert.Equal(image.Root.Descriptor, await place.App.FindTagAsync("b", default));
    }

    private static async Task IndexRoundTrip(RepositoryUnderTest place)
    {
        var (amd64, arm64) = (SampleImage.Create(1, 1000), SampleImage.Create(2, 1000));
        await amd64.PushAsync(place.App);
        await arm64.PushAsync(place.App);
        var index = ManifestContent.Create(new ImageIndex
        {
            MediaType = MediaTypes.OciIndex,
            Manifests =
            [
                amd64.Root.Descriptor with { Platform = Platform.LinuxAmd64 },
                arm64.Root.Descriptor with { Platform = Platform.LinuxArm64 },
            ],
        });
        await place.App.PutTagAsync("v1", index, default);

        var read = await place.App.FindManifestAsync("v1", default);

        Assert.True(read!.IsIndex);
        Assert.Equal(index.Bytes.ToArray(), read.Bytes.ToArray());
        Assert.Equal(["v1"], await place.App.ListTagsAsync(default));
    }

    private static async Task Referrers(RepositoryUnderTest place)
    {
        var image = SampleImage.Create(1, 1000);
        var signature = SampleImage.CreateReferrer(image.Root.Descriptor, "signed");
        await image.PushAsync(place.App);
        await signature.PushAsync(place.App);
        await signature.PushAsync(place.App);

        var referrers = await place.App.ListReferrersAsync(image.Root.Descriptor.Digest, default);

        var referrer = Assert.Single(referrers);
        Assert.Equal(signature.Root.Descriptor.Digest, referrer.Digest);
        Assert.Equal(signature.Root.Descriptor.Size, referrer.Size);
        Assert.Equal("application/vnd.example.signature", referrer.ArtifactType);
        Assert.Equal("signed", referrer.Annotations!["com.example.content"]);
        Assert.Empty(await place.App.ListReferrersAsync(signature.Root.Descriptor.Digest, default));
    }

    private static async Task ReferrersWithoutSubject(RepositoryUnderTest place)
    {
        var image = SampleImage.Create(1, 1000);
        var signature = SampleImage.CreateReferrer(image.Root.Descriptor, "signed");
        await signature.PushAsync(place.App);

        Assert.Single(await place.App.ListReferrersAsync(image.Root.Descriptor.Digest, default));
    }

    private static async Task ManyReferrersAtOnce(RepositoryUnderTest place)
    {
        var image = SampleImage.Create(1, 1000);
        await image.PushAsync(place.App);
        await Task.WhenAll(Enumerable.Range(0, 12)
            .Select(number => SampleImage.CreateReferrer(image.Root.Descriptor, $"number {number}").PushAsync(place.App)));

        Assert.Equal(12, (await place.App.ListReferrersAsync(image.Root.Descriptor.Digest, default)).Count);
    }

    private static async Task ManyTagsAtOnce(RepositoryUnderTest place)
    {
        var image = SampleImage.Create(1, 10);
        await image.PushAsync(place.App);
        await Task.WhenAll(Enumerable.Range(10, 20).Select(number => place.App.PutTagAsync($"v{number}", image.Root, default)));

        Assert.Equal(Enumerable.Range(10, 20).Select(number => $"v{number}"), await place.App.ListTagsAsync(default));
    }

    private static async Task SameBlobAtOnce(RepositoryUnderTest place)
    {
        var content = Bytes(500_000);
        var blob = Describe(content);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => place.App.PutBlobAsync(blob, Give(content), default)));
        Assert.Equal(content, await ReadAsync(place.App, blob));
    }

    private static async Task DeletedManifest(RepositoryUnderTest place)
    {
        if (place.App is not IDeletesImages deletes)
            return; // Archives offer no deletion.
        var (image, other) = (SampleImage.Create(1, 1000), SampleImage.Create(2, 1000));
        await image.PushAsync(place.App);
        await other.PushAsync(place.App);
        await place.App.PutTagAsync("a", image.Root, default);
        await place.App.PutTagAsync("b", image.Root, default);
        await place.App.PutTagAsync("c", other.Root, default);

        Assert.True(await deletes.DeleteManifestAsync(image.Root.Descriptor.Digest, default));

        Assert.False(await deletes.DeleteManifestAsync(image.Root.Descriptor.Digest, default));
        Assert.False(await place.App.HasManifestAsync(image.Root.Descriptor.Digest, default));
        Assert.Null(await place.App.FindManifestAsync(image.Root.Descriptor.Digest, default));
        Assert.Null(await place.App.FindTagAsync("a", default));
        Assert.Equal(["c"], await place.App.ListTagsAsync(default));
        Assert.Equal(other.Root.Descriptor, await place.App.FindTagAsync("c", default));
    }

    private static async Task DeletedAndWritten(RepositoryUnderTest place)
    {
        if (place.App is not IDeletesImages deletes)
            return;
        var image = SampleImage.Create(1, 1000);
        await image.PushAsync(place.App);
        await place.App.PutTagAsync("a", image.Root, default);
        await deletes.DeleteManifestAsync(image.Root.Descriptor.Digest, default);

        // Its blobs are still there.
        await place.App.PutTagAsync("b", image.Root, default);

        Assert.Equal(["b"], await place.App.ListTagsAsync(default));
        Assert.Equal(image.Root.Descriptor, await place.App.FindTagAsync("b", default));
        foreach (var blob in image.BlobDescriptors)
            Assert.Equal(image.Blobs[blob.Digest], await ReadAsync(place.App, blob));
    }

    private static async Task DeletedReferrer(RepositoryUnderTest place)
    {
        if (place.App is not IDeletesImages deletes)
            return;
        var image = SampleImage.Create(1, 1000);
        var (first, second) = (
            SampleImage.CreateReferrer(image.Root.Descriptor, "first"), SampleImage.CreateReferrer(image.Root.Descriptor, "second"));
        await image.PushAsync(place.App);
        await first.PushAsync(place.App);
        await second.PushAsync(place.App);
        var (subject, gone) = (image.Root.Descriptor.Digest, first.Root.Descriptor.Digest);

        await deletes.DeleteManifestAsync(gone, default);
        await deletes.RemoveFromReferrersAsync(subject, new HashSet<Digest> { gone }, default);

        var listed = Assert.Single(await place.App.ListReferrersAsync(subject, default));
        Assert.Equal(second.Root.Descriptor.Digest, listed.Digest);
        await first.PushAsync(place.App);
        Assert.Equal(2, (await place.App.ListReferrersAsync(subject, default)).Count);
    }

    private static async Task RemovedTag(RepositoryUnderTest place)
    {
        if (place.App is not IDeletesImages deletes)
            return;
        var image = SampleImage.Create(1, 1000);
        await image.PushAsync(place.App);
        await place.App.PutTagAsync("a", image.Root, default);
        await place.App.PutTagAsync("b", image.Root, default);
        if (!deletes.RemovesTags)
        {
            await Assert.ThrowsAsync<NotSupportedException>(() => deletes.RemoveTagAsync("a", default));
            return;
        }

        await deletes.RemoveTagAsync("a", default);
        Assert.Equal(["b"], await place.App.ListTagsAsync(default));
        await deletes.RemoveTagAsync("b", default);
        Assert.Empty(await place.App.ListTagsAsync(default));
        Assert.True(await place.App.HasManifestAsync(image.Root.Descriptor.Digest, default));
    }

    private static async Task MalformedTag(RepositoryUnderTest place)
    {
        var image = SampleImage.Create(1, 10);
        await image.PushAsync(place.App);
        foreach (var tag in new[] { "", ".x", "a/b", "a:b", "../x", new string('x', 129) })
        {
            Assert.Equal(
                "GAN1007", (await Assert.ThrowsAsync<GantryException>(() => place.App.PutTagAsync(tag, image.Root, default))).Code);
            Assert.Equal("GAN1007", (await Assert.ThrowsAsync<GantryException>(() => place.App.FindTagAsync(tag, default))).Code);
        }
    }

    private static async Task Cancelled(RepositoryUnderTest place)
    {
        var content = Bytes(300_000);
        var blob = Describe(content);
        using var person = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => place.App.PutBlobAsync(
            blob, _ => Task.FromResult<Stream>(new CancellingStream(content, person)), person.Token));

        Assert.False(await place.App.HasBlobAsync(blob, default));
    }

    private static async Task RefusedAsync(IImageRepository repository, Descriptor blob, byte[] content, string code)
    {
        var thrown = await Assert.ThrowsAsync<GantryException>(() => repository.PutBlobAsync(blob, Give(content), default));

        Assert.Equal(code, thrown.Code);
        Assert.False(await repository.HasBlobAsync(blob, default));
    }

    private static byte[] Bytes(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static Descriptor Describe(byte[] content) =>
        new() { MediaType = MediaTypes.OciLayerGzip, Digest = Digest.Of(content), Size = content.Length };

    private static Func<CancellationToken, Task<Stream>> Give(byte[] content) =>
        _ => Task.FromResult<Stream>(new MemoryStream(content, writable: false));

    private static async Task<byte[]> ReadAsync(IImageRepository repository, Descriptor blob)
    {
        await using var stream = await repository.OpenBlobAsync(blob, default);
        using var content = new MemoryStream();
        await stream.CopyToAsync(content);
        return content.ToArray();
    }

    /// <summary>Content during whose reading the operation is cancelled, at its half.</summary>
    private sealed class CancellingStream(byte[] content, CancellationTokenSource person) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position >= Length / 2)
                await person.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
            return Read(buffer.Span[..Math.Min(buffer.Length, 4096)]);
        }
    }
}
