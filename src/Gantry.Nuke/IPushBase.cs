using Gantry.Nuke.Parameters;
using Gantry.Nuke.Reporting;
using Gantry.Oci;
using Gantry.Releases;
using Serilog;

namespace Gantry.Nuke;

/// <summary>Pushes what was built to the environment-neutral base registry, once, and records it as a release.</summary>
public interface IPushBase : IBuildImage
{
    /// <summary>The version of a release that exists: it is promoted, and nothing is built or pushed.</summary>
    [Parameter("Version of a release that exists, to promote without building")]
    string? Release => TryGetValue(() => Release).NullIfWhiteSpace();

    /// <summary>The digest that an image of the release must have, as where its push started the pipeline; it finds the release, too.</summary>
    [Parameter("Digest of an image of the release that exists; alone it finds the release, with --release it must be one of its images")]
    string? ReleaseDigest => TryGetValue(() => ReleaseDigest).NullIfWhiteSpace();

    /// <summary>Whether a release is promoted that exists, and nothing is built.</summary>
    internal sealed bool PromotesExisting => Release is not null || ReleaseDigest is not null;

    /// <summary>Why a tag that exists with another digest may be moved.</summary>
    [Parameter("Why a tag that exists with another digest is moved; without a reason it is not")]
    string? MoveTag => TryGetValue(() => MoveTag).NullIfWhiteSpace();

    /// <summary>The record of the release: version, commit, build and the digest of every image.</summary>
    sealed AbsolutePath ReleaseFile => ArtifactsDirectory / "release.json";

    /// <summary>Pushes the images and tags them with the version.</summary>
    Target PushBase => _ => _
        .Description("Pushes the images to the base registry and records the release")
        .DependsOn<IBuildImage>(x => x.BuildImage)
        .OnlyWhenStatic(() => !PromotesExisting, "there is no --release to promote instead")
        .WhenSkipped(DependencyBehavior.Skip)
        .Produces(ReleaseFile)
        .ExecutesAsync(this, async cancellationToken =>
        {
            if (!BuiltImagesFile.FileExists())
                throw BuildErrors.NothingBuilt("artifacts/images.json");

            var built = await ReleaseRecord.ReadFileAsync(BuiltImagesFile, cancellationToken);
            var images = new List<ImageToPublish>();
            foreach (var image in built.Images)
                images.Add(await BuiltImages.FindAsync(image, Registries.Open(RegistryAddress.Parse(ImageStore), image.Name), cancellationToken));

            var run = BuildRun.From(EnvironmentInfo.Variables);
            var request = new PublishRequest
            {
                Version = built.Version,
                Commit = built.Commit,
                Branch = run.Branch ?? built.Branch,
                BuildId = run.Id,
                BuildUrl = run.Url,
                Images = images,
                Base = BaseRegistryAddress,
                MoveTagReason = MoveTag,
            };
            var publisher = new Publisher(Registries, TimeProvider.System);
            var published = await CopyDisplay.ShowAsync(publisher.Progress, () => publisher.PublishAsync(request, cancellationToken), cancellationToken);
            await ReleaseRecord.WriteFileAsync(ReleaseFile, published.Release, cancellationToken);
            PromotionLog.Write(published);
            RunReport.Current.WriteRelease(published.Release);
        });
}
