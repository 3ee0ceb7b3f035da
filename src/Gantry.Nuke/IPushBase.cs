using Gantry.Nuke.Building;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Parameters;
using Gantry.Nuke.Promoting;
using Gantry.Nuke.Registries;
using Gantry.Nuke.Reporting;
using Gantry.Nuke.Signing;
using Gantry.Releases;

namespace Gantry.Nuke;

/// <summary>Pushes the built images once to the environment-neutral base registry, and records them as a release.</summary>
public interface IPushBase : IBuildImage, IHazSigningKeys, IHazDryRun
{
    /// <summary>The version of an existing release to promote; nothing is built or pushed.</summary>
    [Parameter("Version of an existing release to promote without building")]
    string? Release => TryGetValue(() => Release).NullIfWhiteSpace();

    /// <summary>
    /// The digest that an image of the release must have, as in a pipeline that was started by the push of that image. It is enough to find
    /// the release.
    /// </summary>
    [Parameter("Digest of an image of an existing release. Without --release, it finds the release; with --release, the release must "
        + "contain it")]
    string? ReleaseDigest => TryGetValue(() => ReleaseDigest).NullIfWhiteSpace();

    /// <summary>True when an existing release is promoted and nothing is built.</summary>
    internal sealed bool PromotesExisting => Release is not null || ReleaseDigest is not null;

    /// <summary>The reason for moving a tag that exists with another digest.</summary>
    [Parameter("Reason for moving a tag that exists with another digest; without it, the tag is not moved")]
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
        .Uses(new(nameof(Release), nameof(ReleaseDigest), nameof(MoveTag), nameof(DryRun)) { Registries = true })
        .ExecutesAsync(this, async cancellationToken =>
        {
            if (!BuiltImagesFile.FileExists())
                throw ImageStoreErrors.NothingBuilt("artifacts/images/images.json");

            var built = await ReleaseRecord.ReadFileAsync(BuiltImagesFile, cancellationToken);
            var layers = await LayerIndex.ReadFileAsync(LayerIndexFile, cancellationToken);
            var images = new List<ImageToPublish>();
            foreach (var image in built.Images)
            {
                var found = await BuiltImages.FindAsync(
                    image, Images, Registries.Open(RegistrySettings.Store, image.Name), layers, cancellationToken);
                images.Add(await ImageSboms.AddAsync(
                    found, built.Version, built.Created, TemporaryDirectory / "images", cancellationToken));
            }

            var confirmed = await RunConfirmation.ReportAsync(
                this, () => WorkflowDeclarations.ApproversOf(this), cancellationToken);
            var keys = await Keys.OfBuildAsync(cancellationToken);
            var request = new PublishRequest
            {
                Version = built.Version,
                Commit = built.Commit,
                Branch = BuildRun.BranchOf(confirmed) ?? built.Branch,
                BuildId = confirmed?.Id,
                BuildUrl = confirmed?.Url,
                Images = images,
                Base = BaseRegistryAddress,
                MoveTagReason = MoveTag,
                Signing = ReleaseSigner.Of(Revision, RootDirectory, keys, confirmed),
            };
            var publisher = new Publisher(Registries, TimeProvider.System);
            if (Dry is { } dry)
            {
                var plan = await publisher.PlanAsync(request, cancellationToken);
                PromotionLog.Write(plan);
                (dry.Release, dry.IsUnpublished) = (plan.Release, !plan.NothingMoves);
                dry.Report(nameof(PushBase), !plan.NothingMoves);
                return;
            }

            var published = await CopyDisplay.ShowAsync(
                publisher.Progress, () => publisher.PublishAsync(request, cancellationToken), cancellationToken);
            await ReleaseRecord.WriteFileAsync(ReleaseFile, published.Release, cancellationToken);
            PromotionLog.Write(published);
            RunReport.Current.WriteRelease(published.Release);
        });
}
