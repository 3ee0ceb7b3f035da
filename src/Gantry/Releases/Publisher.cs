using System.Collections.Frozen;
using Gantry.Attestations;
using Gantry.Copying;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Releases;

/// <summary>The properties of a release before its images are published.</summary>
public sealed record PublishRequest
{
    /// <summary>The semantic version, which becomes the tag.</summary>
    public required string Version { get; init; }

    /// <summary>The commit that was built, in full.</summary>
    public required string Commit { get; init; }

    /// <summary>The branch that was built.</summary>
    public string? Branch { get; init; }

    /// <summary>The build's id in the system that ran it.</summary>
    public string? BuildId { get; init; }

    /// <summary>The URL of the build.</summary>
    public string? BuildUrl { get; init; }

    /// <summary>The images, in their order.</summary>
    public required IReadOnlyList<ImageToPublish> Images { get; init; }

    /// <summary>The base registry.</summary>
    public required RegistryAddress Base { get; init; }

    /// <summary>The reason for moving tags that exist with another digest; null refuses to move them.</summary>
    public string? MoveTagReason { get; init; }

    /// <summary>Signs how the images were built; null when the release is not signed.</summary>
    public ReleaseSigning? Signing { get; init; }
}

/// <summary>An image that was built and is stored in a repository, usually a local OCI layout.</summary>
/// <param name="name">The name that it is published under.</param>
/// <param name="source">The repository that it is stored in.</param>
/// <param name="image">The image that was built.</param>
public sealed class ImageToPublish(string name, IImageRepository source, BuiltImage image)
{
    /// <summary>The name that it is published under.</summary>
    public string Name => name;

    /// <summary>The repository that it is stored in.</summary>
    public IImageRepository Source => source;

    /// <summary>The image that was built.</summary>
    public BuiltImage Image => image;

    /// <summary>The declaration of the image and what it was made of; null when it is not known.</summary>
    public ImageDefinition? Definition { get; init; }

    /// <summary>The documents that are published beside the image: SBOMs.</summary>
    public IReadOnlyList<PublishedDocument> Documents { get; init; } = [];
}

/// <summary>The result of publishing.</summary>
/// <param name="release">The release; when the same one was published before, its earlier record.</param>
/// <param name="images">The result of each image.</param>
public sealed class PublishedRelease(Release release, IReadOnlyList<ImageOutcome> images)
{
    /// <summary>The release; when the same one was published before, its earlier record.</summary>
    public Release Release => release;

    /// <summary>The result of each image.</summary>
    public IReadOnlyList<ImageOutcome> Images => images;
}

/// <summary>Publishes the images of a build to the base registry, the only source of promotions.</summary>
/// <remarks>
/// All blobs and manifests of all images, and the release record beside each, are in place before the first tag is written. If publishing
/// stops at any point, running it again completes it; when everything is published already, it writes nothing.
/// </remarks>
public sealed class Publisher(IRegistryClient repositories, TimeProvider time)
{
    private static readonly CopyOptions Options = new();

    /// <summary>The progress of publishing.</summary>
    public CopyProgress Progress { get; init; } = new();

    /// <summary>
    /// Publishes the images. Throws, before anything is written, <c>GAN4010</c> when the version cannot be a tag, <c>GAN4023</c> for a
    /// stand-in base image and a real registry, <c>GAN4035</c> for a tag that exists with another digest, <c>GAN4228</c> when the base
    /// registry does not trust the signing key, <c>GAN4054</c> for a version that
    /// was recorded with another content; the last two also before the first tag is written, when another run wrote meanwhile.
    /// </summary>
    public async Task<PublishedRelease> PublishAsync(PublishRequest request, CancellationToken cancellationToken)
    {
        var tag = ReleaseTag.Of(request.Version);
        foreach (var image in request.Images.Where(image => image.Image.StandIn))
            StandInGuard.EnsureNotStandIn(image.Name, request.Base);

        var attestor = new ReleaseAttestor(request, DocumentArtifact.Now(time));
        await attestor.EnsureSignableAsync(cancellationToken);
        await using var session = new CopySession(targets: 1, Options, Progress, Path.GetTempPath(), cancellationToken);
        var published = new PublishedRelease[1];
        var outcomes = await session.RunAsync(async (_, lane, done) =>
        {
            var images = new List<Publication>();
            foreach (var image in request.Images)
                images.Add(await InspectAsync(request, image, tag, session, lane.Token));
            await RequireRecordsAsync(request, images, lane.Token);

            foreach (var image in images.Where(image => !image.Complete))
                await lane.WriteAsync(
                    image.To, await new ImageSource(image.Image.Source, Options).ReadAsync(image.Root, lane.Token), withRoot: true);

            images.ForEach(image => lane.AddRepository(image.Target.Repository));
            foreach (var image in images)
            {
                var missing = await attestor.FindMissingAsync(image.Image, image.Target.Repository, image.Complete, lane.Token);
                await attestor.WriteAsync(image.Image, image.Target.Repository, missing, lane.Token);
            }

            var release = await RecordAsync(request, images, lane.Token);
            if (images.Exists(image => !image.Tagged))
                await Concurrently.ForEachAsync(images, (image, token) => RequireUnchangedAsync(image, tag, token), lane.Token);
            foreach (var image in images.Where(image => !image.Tagged))
                await lane.TagAsync(image.To, tag, image.Root);
            published[0] = new PublishedRelease(release, [.. images.Select(image => image.ToOutcome())]);
        });

        if (outcomes[0].Error is { } error)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
        return published[0];
    }

    /// <summary>
    /// Finds out what <see cref="PublishAsync"/> would write, and writes nothing. Throws the same errors before anything would be written.
    /// </summary>
    public async Task<PublicationPlan> PlanAsync(PublishRequest request, CancellationToken cancellationToken)
    {
        var tag = ReleaseTag.Of(request.Version);
        foreach (var image in request.Images.Where(image => image.Image.StandIn))
            StandInGuard.EnsureNotStandIn(image.Name, request.Base);

        await using var session = new CopySession(targets: 1, Options, Progress, Path.GetTempPath(), cancellationToken);
        var images = (await Concurrently.SelectAsync(
            request.Images, (image, token) => InspectAsync(request, image, tag, session, token), cancellationToken)).ToList();
        var found = await FindRecordsAsync(request, images, cancellationToken);
        var release = RequireSame([.. found.SelectMany(ofImage => ofImage)], ToRelease(request, images));
        var attestor = new ReleaseAttestor(request, DocumentArtifact.Now(time));
        await attestor.EnsureSignableAsync(cancellationToken);
        var missing = await Concurrently.SelectAsync(
            images,
            (image, token) => attestor.FindMissingAsync(image.Image, image.Target.Repository, image.Complete, token),
            cancellationToken);
        return new PublicationPlan(release, [.. images.Select((image, number) => new PlannedPublication(
            image.Target,
            image.Root.Descriptor.Digest,
            image.TagBefore,
            image.Tagged && found[number].Count > 0 && missing[number].Count == 0))]);
    }

    private async Task<Publication> InspectAsync(
        PublishRequest request, ImageToPublish image, string tag, CopySession session, CancellationToken cancellationToken)
    {
        var target = new CopyTarget(repositories.Open(request.Base, image.Name), tag) { MoveTagReason = request.MoveTagReason };
        var root = image.Image.Root;
        var tagged = await target.FindTagAsync(root.Descriptor.Digest, cancellationToken);

        return new Publication
        {
            Image = image,
            Target = target,
            To = new Destination(target.Repository, session.GetBlobSource(image.Source), FrozenSet<Digest>.Empty),
            TagBefore = tagged?.Digest,
            Complete = tagged?.Digest == root.Descriptor.Digest
                || await target.Repository.HasManifestAsync(root.Descriptor.Digest, cancellationToken),
        };
    }

    // Before anything is written. An image that is new here has no record.
    private async Task RequireRecordsAsync(PublishRequest request, List<Publication> images, CancellationToken cancellationToken)
    {
        var found = await FindRecordsAsync(request, images, cancellationToken);
        RequireSame([.. found.SelectMany(ofImage => ofImage)], ToRelease(request, images));
    }

    private static Task<IReadOnlyList<IReadOnlyList<FoundRelease>>> FindRecordsAsync(
        PublishRequest request, List<Publication> images, CancellationToken cancellationToken) => Concurrently.SelectAsync(
            images,
            async (image, token) => image.Complete ? await FindRecordsAsync(request, image, token) : [],
            cancellationToken);

    // Copying may have taken long. A tag that another run wrote meanwhile is not covered by the reason for moving tags.
    private static async Task RequireUnchangedAsync(Publication image, string tag, CancellationToken cancellationToken)
    {
        var tagged = await image.Target.Repository.ReadTagAsync(tag, cancellationToken);
        if (tagged?.Digest != image.TagBefore)
            (image.Target with { MoveTagReason = null }).EnsureTagIsFree(tagged?.Digest, image.Root.Descriptor.Digest);
    }

    /// <summary>
    /// Gets the record of this release: the existing one beside the images, or a new one, which is written beside images without a record.
    /// </summary>
    private async Task<Release> RecordAsync(PublishRequest request, List<Publication> images, CancellationToken cancellationToken)
    {
        var recorded = new List<IReadOnlyList<FoundRelease>>();
        foreach (var image in images)
            recorded.Add(await FindRecordsAsync(request, image, cancellationToken));

        // A publication that stopped half-way is completed under its own record: the builds differ, the release does not.
        var release = RequireSame([.. recorded.SelectMany(ofImage => ofImage)], ToRelease(request, images));
        foreach (var image in images.Where((_, index) => recorded[index].Count == 0))
        {
            await ReleaseReferrer.PutAsync(image.Target.Repository, release, image.Root.Descriptor, cancellationToken);
            image.To.Tally.ManifestWritten();
        }

        return release;
    }

    // A second record that differs would make the version useless: no promotion would choose between the two.
    private static Release RequireSame(IReadOnlyList<FoundRelease> records, Release release)
    {
        var found = FoundRelease.RequireSame(records);
        if (found?.HasSameContent(release) == false)
            throw ReleaseErrors.RecordedOtherwise(release.Version, records[0].Origin, found.FindDifferences(release));
        return found ?? release;
    }

    private static Task<IReadOnlyList<FoundRelease>> FindRecordsAsync(
        PublishRequest request, Publication image, CancellationToken cancellationToken) =>
        ReleaseReferrer.ListAsync(image.Target.Repository, image.Root.Descriptor.Digest, request.Version, cancellationToken);

    private Release ToRelease(PublishRequest request, List<Publication> images) => new()
    {
        Version = request.Version,
        Commit = request.Commit,
        Branch = request.Branch,
        BuildId = request.BuildId,
        BuildUrl = request.BuildUrl,
        Created = DocumentArtifact.Now(time),
        Images = [.. images.Select(image => ReleaseImage.Of(image.Image.Name, image.Target.Repository.Location, image.Image.Image))],
    };

    private sealed record Publication
    {
        public required ImageToPublish Image { get; init; }

        public required CopyTarget Target { get; init; }

        public required Destination To { get; init; }

        public required Digest? TagBefore { get; init; }

        public required bool Complete { get; init; }

        public ManifestContent Root => Image.Image.Root;

        public bool Tagged => TagBefore == Root.Descriptor.Digest;

        public ImageOutcome ToOutcome() => new()
        {
            Source = Image.Source.Location,
            Target = Target,
            Root = Root.Descriptor,
            TagBefore = TagBefore,
            BlobsUploaded = To.Tally.BlobsUploaded,
            BytesUploaded = To.Tally.BytesUploaded,
            BlobsMounted = To.Tally.BlobsMounted,
            ManifestsWritten = To.Tally.ManifestsWritten,
            TagWritten = !Tagged,
        };
    }
}
