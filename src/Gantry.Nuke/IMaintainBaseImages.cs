using Gantry.Images.Checking;
using Gantry.Images.Rebasing;
using Gantry.Nuke.BaseImages;
using Gantry.Nuke.Building;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Parameters;
using Gantry.Nuke.Promoting;
using Gantry.Nuke.Rebuilding;
using Gantry.Nuke.Reporting;
using Gantry.Nuke.Signing;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Status;

namespace Gantry.Nuke;

/// <summary>
/// Follows the base images of releases: finds those in environments whose base image has moved on, and makes new releases on the new base
/// image without compiling.
/// </summary>
public interface IMaintainBaseImages : IPromote
{
    /// <summary>
    /// The version of rebased releases: <c>{version}</c> is that of the release, <c>{date}</c> the day of the new base image,
    /// <c>{digest}</c> the first 8 digits of its digest. Default is <c>{version}+base.{date}</c>: 1.4.2+base.20261128.
    /// </summary>
    string RebasedVersionFormat => RebasedVersion.DefaultFormat;

    /// <summary>
    /// The hosts of registries with base images of earlier releases, besides those that the Dockerfiles name now. No other registry is
    /// asked for a base image, whatever an image records.
    /// </summary>
    IReadOnlyList<string> BaseImageRegistries => [];

    /// <summary>The result of <see cref="CheckBase"/>: docs/schemas/base-images.schema.json.</summary>
    sealed AbsolutePath BaseImagesFile => ArtifactsDirectory / "base-images.json";

    /// <summary>
    /// Shows which releases in environments stand on a base image whose tag has moved, since when, and which packages changed. The exit
    /// code is 8 when there are any, 0 when there are none, and any other one when something could not be read.
    /// </summary>
    Target CheckBase => _ => _
        .Description("Shows which releases in environments use a base image that has moved on, and which packages changed")
        .Produces(BaseImagesFile)
        .Uses(new(nameof(Format), nameof(Output)) { Registries = true })
        .ExecutesAsync(this, async cancellationToken =>
        {
            var options = new CheckOptions
            {
                Registries = await FindBaseHostsAsync(cancellationToken), CacheFolder = LayerFolder,
            };
            var policy = await new Verifications(RegistrySettings, Keys, ImageNames).PolicyAsync(cancellationToken);
            await new BaseImageCheck(RegistrySettings, options).RunAsync(policy, ReportWriter, BaseImagesFile, cancellationToken);
        });

    /// <summary>
    /// Makes a new release from the one that <c>--release</c> or <c>--release-digest</c> names, on the base images that its tags point to
    /// now. Nothing is compiled: the layers of the base image are exchanged. Targets of the same run promote the new release.
    /// </summary>
    Target RebaseRelease => _ => _
        .Description("Makes a new release from an existing one on its new base image, without compiling")
        .Before<IPushBase>(x => x.PushBase)
        .Produces(ReleaseFile)
        .Uses(new(
            nameof(Release), nameof(ReleaseDigest), nameof(ReleaseVersion), nameof(BaseImageDigests), nameof(MoveTag), nameof(DryRun))
        {
            Registries = true,
        })
        .ExecutesAsync(this, async cancellationToken =>
        {
            var release = await FindExistingReleaseAsync(cancellationToken);
            var keys = await Keys.OfBuildAsync(cancellationToken);
            await new RecordedBuildReader(OpenInBase, keys.Trust, TimeProvider.System.GetUtcNow())
                .RequireProvenanceAsync(release, cancellationToken);
            var options = await RebaseOptionsAsync(cancellationToken);
            var plan = await new ReleaseRebaser(Registries, OpenInBase, options).PlanAsync(release, cancellationToken);
            var version = ReleaseVersion ?? new RebasedVersion(RebasedVersionFormat).Create(release.Version, plan.Images);
            if (version == release.Version)
                throw RebaseRunErrors.SameVersion(version);

            var confirmed = await RunConfirmation.ReportAsync(this, () => WorkflowDeclarations.ApproversOf(this), cancellationToken);
            var run = new RebaseRun
            {
                OpenBase = OpenInBase,
                CacheFolder = LayerFolder,
                Publisher = new Publisher(Registries, TimeProvider.System),
                Publication = new PublishRequest
                {
                    Version = version,
                    Commit = release.Commit,
                    Branch = release.Branch,
                    BuildId = confirmed?.Id,
                    BuildUrl = confirmed?.Url,
                    Images = [],
                    Base = BaseRegistryAddress,
                    MoveTagReason = MoveTag,
                    Signing = SigningOf(release, keys, confirmed),
                },
            };
            if (await run.RunAsync(plan, version, Dry, cancellationToken) is not { } published)
            {
                Rebased.SetPlanned();
                return;
            }

            Rebased.Set(published.Release);
            await ReleaseRecord.WriteFileAsync(ReleaseFile, published.Release, cancellationToken);
            PromotionLog.Write(published);
            RunReport.Current.WriteRelease(published.Release);
        });

    /// <summary>Returns what a status adds of base images. It asks for tags, and reads no layers.</summary>
    internal sealed async Task<IStatusSource> FindStatusSourceAsync(CancellationToken cancellationToken) => new BaseImageStatusSource(
        new BaseImageCheck(
            RegistrySettings,
            new CheckOptions { Registries = await FindBaseHostsAsync(cancellationToken), ComparePackages = false }).CreateChecker());

    // The sources are those of the release, and no SDK took part.
    private ReleaseSigning? SigningOf(Release release, SigningAccess keys, ConfirmedRun? confirmed) =>
        ReleaseSigner.Of(Revision, RootDirectory, keys, confirmed) is { } signing
            ? signing with
            {
                Source = signing.Source is { } source ? source with { Ref = ReleaseSigner.ReferenceOf(release.Branch) } : null,
                Parameters = null,
            }
            : null;

    private IImageRepository OpenInBase(string image) => Registries.Open(BaseRegistryAddress, image);
}
