using Gantry.Copying;
using Gantry.Deployments;
using Gantry.Environments;
using Gantry.Images.Rebasing;
using Gantry.Nuke.BaseImages;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Parameters;
using Gantry.Nuke.Promoting;
using Gantry.Nuke.Registries;
using Gantry.Nuke.Reporting;
using Gantry.Nuke.Signing;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Status;
using Gantry.Verification;

namespace Gantry.Nuke;

/// <summary>
/// Promotes a release to an environment by the digests that were built. A build declares its environments as properties, and a target for
/// each: <c>Target PromoteDev => _ => _.Promote(this, Dev);</c>
/// </summary>
public interface IPromote : IPushBase, IHazReportFormat
{
    /// <summary>
    /// The reason why a release may pass the gates of an environment: an approval given in advance by the person who runs the build.
    /// </summary>
    [Parameter("Reason to pass the gates, instead of a question at the terminal")]
    string? Approve => TryGetValue(() => Approve).NullIfWhiteSpace();

    /// <summary>The reason for not waiting until the soak time of a release is over.</summary>
    [Parameter("Reason to skip the soak time, in an emergency; it is recorded")]
    string? OverrideSoak => TryGetValue(() => OverrideSoak).NullIfWhiteSpace();

    /// <summary>The reason for skipping, in an emergency, the previous environment and the gates that do not hold.</summary>
    [Parameter("Reason to skip an environment or checks that do not pass, in an emergency; it is recorded, and reported until the release "
        + "has been promoted normally")]
    string? BreakGlass => TryGetValue(() => BreakGlass).NullIfWhiteSpace();

    /// <summary>The reason for putting an older release over the current one of an environment.</summary>
    [Parameter("Reason for going back to an older release than the current one; it is recorded")]
    string? GoBack => TryGetValue(() => GoBack).NullIfWhiteSpace();

    /// <summary>
    /// The version of the release that an environment goes back to. For approvals (<see cref="IApproveReleases"/>), the environment that a
    /// release is approved for. For comparisons (<see cref="ICompareReleases"/>), what a release is compared to.
    /// </summary>
    [Parameter("Version to go back to, instead of the release before; for Approve, the environment; for Diff, the second side: an "
        + "environment, a version or a digest")]
    string? To => TryGetValue(() => To).NullIfWhiteSpace();

    /// <summary>The reason for going back, for a hold or its end, or for an approval. It is recorded.</summary>
    [Parameter("Reason for going back, for a hold or its end, or for an approval; it is recorded")]
    string? Reason => TryGetValue(() => Reason).NullIfWhiteSpace();

    /// <summary>The environment that is held, whose hold ends, or whose history is shown.</summary>
    [Parameter("Environment to hold, to end the hold of, or to show the history of")]
    string? Environment => TryGetValue(() => Environment).NullIfWhiteSpace();

    /// <summary>
    /// True when a person has chosen the release. Such a promotion ends a hold of the environment; every other one leaves it as it is. By
    /// default, when <see cref="IPushBase.Release"/> or <see cref="IPushBase.ReleaseDigest"/> is given on the machine of a person.
    /// Generated pipelines set it when the person who starts them names a release.
    /// </summary>
    [Parameter("True if a person has chosen the release, which ends a hold of the environment. Default is true with --release, except on a "
        + "build server")]
    bool? ChosenRelease => TryGetValue<bool?>(() => ChosenRelease);

    /// <summary>The only region of an environment to promote to.</summary>
    [Parameter("Region to promote to. Default is all regions of the environment")]
    string? Region => TryGetValue(() => Region).NullIfWhiteSpace();

    /// <summary>
    /// The slice of the release to place in the environment, as <c>3/8</c>: its images, without tags and records. The promotion of the
    /// whole release, which comes after all slices, finds them in place. Generated pipelines set it
    /// (<see cref="PromotionEnvironment.Slices"/>).
    /// </summary>
    [Parameter("Slice of the release, as 3/8: its images are copied without tags and records, before the promotion. Default is the whole "
        + "promotion")]
    string? Slice => TryGetValue(() => Slice).NullIfWhiteSpace();

    /// <summary>
    /// The number of the only wave of regions of an environment to promote to, from 1 (<see cref="PromotionEnvironment.Waves"/>). The
    /// release must be in the waves before.
    /// </summary>
    [Parameter("Number of the wave of regions to promote to. Default is all waves, in their order")]
    int? Wave => TryGetValue<int?>(() => Wave);

    /// <summary>The way to transfer images to the registry of an environment.</summary>
    [Parameter("How images get to a registry: imported by the registry (import), read and written by this machine (copy), "
        + "or imported when possible (auto). Default is 'auto'")]
    TransferMode Transfer => TryGetValue<TransferMode?>(() => Transfer) ?? TransferMode.Auto;

    /// <summary>
    /// Changes the server-side copy, by which registries fetch images from each other. By default the import of Azure Container Registry; a
    /// copy of your own replaces it, or wraps it: <c>_ => new HarborReplication(otherwise: _)</c>. <c>--transfer copy</c> does without, and
    /// with <c>--transfer import</c> an image that it does not copy fails the promotion.
    /// </summary>
    Configure<IServerSideCopy> ServerSideCopySettings => _ => _;

    /// <summary>
    /// Changes the deployers. The first one that accepts a deployment carries it out. By default those of the packages: webhook, git,
    /// kubectl, App Service and Container Apps; one of your own goes before them: <c>_ => [new NomadDeployer(), .. _]</c>.
    /// </summary>
    Configure<IReadOnlyList<IDeployer>> DeployerSettings => _ => _;

    /// <summary>
    /// Changes the evaluators of gates that the build class has derived from <see cref="Gate"/>. None by default: those of soak times,
    /// business hours and branches follow after these. <c>_ => [new TicketEvaluator(), .. _]</c>
    /// </summary>
    Configure<IReadOnlyList<IGateEvaluator>> GateEvaluatorSettings => _ => _;

    /// <summary>True to unlock a locked tag in order to move it, together with <c>--move-tag</c>.</summary>
    [Parameter("Unlocks a locked tag to move it; use it with --move-tag")]
    bool UnlockTags => TryGetValue<bool?>(() => UnlockTags) ?? false;

    /// <summary>
    /// The folder with the release records of a run of the build, one for each attempt (<c>release-1/release.json</c>). The record of the
    /// last attempt is the release that <see cref="FindRelease"/> finds. It must be of the version in <see cref="IPushBase.Release"/>, and
    /// have the image in <see cref="IPushBase.ReleaseDigest"/>. Relative to the root.
    /// </summary>
    [Parameter("Folder with the release records of a run of the build, one for each attempt, instead of the base registry")]
    string? ReleaseRecords => TryGetValue(() => ReleaseRecords).NullIfWhiteSpace();

    /// <summary>Finds an existing release, for a pipeline that starts from a version, a pushed image or a build.</summary>
    Target FindRelease => _ => _
        .Description("Finds a release in the base registry, by --release or --release-digest, and writes its record")
        .Produces(ReleaseFile)
        .Uses(new(nameof(Release), nameof(ReleaseDigest), nameof(ReleaseRecords)) { Registries = true })
        .ExecutesAsync(this, async cancellationToken =>
        {
            var (release, attempt) = ReleaseRecords is { } records
                ? await FindRecordedReleaseAsync(records, cancellationToken)
                : (await FindExistingReleaseAsync(cancellationToken), null);
            await ReleaseRecord.WriteFileAsync(ReleaseFile, release, cancellationToken);
            PromotionLog.Write(release);
            RunReport.Current.WriteRelease(release, attempt);
        });

    /// <summary>True to ask the hosts of the environments, too, what they run. It takes the right to read them.</summary>
    [Parameter("Also asks the hosts of the environments what they run")]
    bool Hosts => TryGetValue<bool?>(() => Hosts) ?? false;

    /// <summary>Shows the release in each environment, as read from the registries.</summary>
    Target ShowEnvironments => _ => _
        .Description("Shows which release is in which environment, since when and by whom; with --release, where that release is")
        .Uses(new(nameof(Release), nameof(Hosts), nameof(Format), nameof(Output)) { Registries = true })
        .ExecutesAsync(this, cancellationToken => new EnvironmentOverview(RegistrySettings, Keys, ImageNames)
        {
            Sources = HostSources,
        }.ShowAsync(Release is { } release ? ReleaseTag.VersionOf(release) : null, ReportWriter, cancellationToken));

    /// <summary>The hosts, where they are asked.</summary>
    internal sealed IReadOnlyList<IStatusSource> HostSources =>
        Hosts ? [new HostSource(RegistrySettings, ImageNames, DeployerSettings(BuiltInDeployers.Of(this)))] : [];

    /// <summary>The image whose way is shown, or that is audited.</summary>
    [Parameter("Name of the image to show the history of, or to audit. Default is each image of the release")]
    string? Image => TryGetValue(() => Image).NullIfWhiteSpace();

    /// <summary>True to show what changed from one release to the next, too.</summary>
    [Parameter("Also shows what changed from one release to the next in the history of an environment")]
    bool Changes => TryGetValue<bool?>(() => Changes) ?? false;

    /// <summary>
    /// Shows every promotion, return, bypass and hold of an environment; or, with a release, the way of its images from build to the last
    /// environment.
    /// </summary>
    Target ShowHistory => _ => _
        .Description("Shows the history of an environment (--environment), or of the images of a release (--release)")
        .Uses(new(
            nameof(Environment), nameof(Image), nameof(Changes), nameof(Release), nameof(ReleaseDigest), nameof(Format), nameof(Output))
        {
            Registries = true,
        })
        .ExecutesAsync(this, async cancellationToken =>
        {
            var histories = new Histories(RegistrySettings, Keys, ImageNames, ReportWriter);
            if (Environment is { } environment)
                await histories.ShowAsync(environment, Image, Changes, cancellationToken);
            else
                await histories.ShowWayAsync(await FindSeenReleaseAsync(cancellationToken), Image, cancellationToken);
        });

    /// <summary>Shows everything that is known about the digests of a release.</summary>
    Target Audit => _ => _
        .Description("Shows everything that is known about the digests of a release, in the order of time, verified")
        .Uses(new(nameof(Image), nameof(Release), nameof(ReleaseDigest), nameof(Format), nameof(Output)) { Registries = true })
        .ExecutesAsync(this, async cancellationToken => await new Histories(RegistrySettings, Keys, ImageNames, ReportWriter)
            .AuditAsync(await FindSeenReleaseAsync(cancellationToken), Image, cancellationToken));

    /// <summary>Holds an environment, so that it keeps what it has.</summary>
    Target Hold => _ => _
        .Description("Holds an environment: it keeps its release until ReleaseHold, or until you promote a named release")
        .Uses(new(nameof(Environment), nameof(Reason), nameof(Region)) { Registries = true, WritesAlways = true })
        .ExecutesAsync(this, cancellationToken => Holding.SetAsync(Environment, Reason, Region, cancellationToken));

    /// <summary>Ends the hold of an environment.</summary>
    Target ReleaseHold => _ => _
        .Description("Ends the hold of an environment, with a reason")
        .Uses(new(nameof(Environment), nameof(Reason), nameof(Region)) { Registries = true, WritesAlways = true })
        .ExecutesAsync(this, cancellationToken => Holding.EndAsync(Environment, Reason, Region, cancellationToken));

    /// <summary>Verifies the whole way of a release from the registries alone.</summary>
    Target VerifyRelease => _ => _
        .Description("Verifies from the registries how a release was built and promoted, and prints each step")
        .Uses(new(nameof(Release), nameof(ReleaseDigest), nameof(Format), nameof(Output)) { Registries = true })
        .ExecutesAsync(this, async cancellationToken => await new Verifications(RegistrySettings, Keys, ImageNames).VerifyAsync(
            await FindReleaseAsync(cancellationToken), ArtifactsDirectory / "verification.json", CheckWriter, cancellationToken));

    /// <summary>
    /// Writes the environments, their registries and trusted keys to a file with which others can verify; with a release, also beside its
    /// images in the base registry.
    /// </summary>
    Target ExportEnvironments => _ => _
        .Description("Writes artifacts/environments.json, for gantry without the repository; with --release, also stores it beside the "
            + "images in the base registry")
        .Uses(new(nameof(Release), nameof(ReleaseDigest)) { Registries = true })
        .ExecutesAsync(this, async cancellationToken => await new Verifications(RegistrySettings, Keys, ImageNames).ExportAsync(
            ArtifactsDirectory / "environments.json",
            NamesRelease ? await FindExistingReleaseAsync(cancellationToken) : null,
            PolicySources.Of(Revision) is { } source ? new PolicyOrigin { Uri = source.Uri, Commit = source.Commit } : null,
            cancellationToken));

    /// <summary>
    /// Finds the release that this run promotes: the one given by parameter, or the one recorded by <c>PushBase</c> or <c>FindRelease</c>.
    /// </summary>
    internal sealed async Task<Release> FindReleaseAsync(CancellationToken cancellationToken)
    {
        if (PromotesExisting)
            return Rebased.Find() ?? await FindExistingReleaseAsync(cancellationToken);
        var release = Dry?.Release ?? await ReleaseRecord.ReadFileAsync(ReleaseFile, cancellationToken);
        ReleaseFinder.RequireDeclared(release, ImageNames);
        return release;
    }

    /// <summary>The release that this run has made from the one that <c>--release</c> names.</summary>
    internal sealed RebasedRelease Rebased => this.Once(() => new RebasedRelease());

    /// <summary>The folder for what is known of layers.</summary>
    internal sealed AbsolutePath LayerFolder => TemporaryDirectory / "images";

    /// <summary>Returns the hosts of the registries that may be asked for base images.</summary>
    internal sealed Task<IReadOnlyCollection<string>> FindBaseHostsAsync(CancellationToken cancellationToken) =>
        DeclaredBaseImages.FindHostsAsync(
            RootDirectory,
            ContainerImage.Validate(Images),
            (this as IMaintainBaseImages)?.BaseImageRegistries ?? [],
            cancellationToken);

    /// <summary>Returns the options for exchanging base layers.</summary>
    internal sealed async Task<RebaseOptions> RebaseOptionsAsync(CancellationToken cancellationToken) => new()
    {
        PinnedBaseImages = Building.BaseImageDigests.Parse(BaseImageDigests),
        Registries = await FindBaseHostsAsync(cancellationToken),
        CacheFolder = LayerFolder,
    };

    private async Task<(Release Release, int? Attempt)> FindRecordedReleaseAsync(
        string records, CancellationToken cancellationToken)
    {
        AbsolutePath folder = Path.GetFullPath(records, RootDirectory);
        var (release, attempt) = await AttemptRecords.ReadLastAsync(
            folder, ReleaseFile.Name, Release, WantedDigest, cancellationToken);
        ReleaseFinder.RequireDeclared(release, ImageNames);
        return (release, attempt);
    }

    private Digest? WantedDigest => ReleaseDigest is { } digest ? Digest.Parse(digest) : null;

    /// <summary>Finds the release that <c>--release</c> or <c>--release-digest</c> names, in the base registry.</summary>
    internal sealed Task<Release> FindExistingReleaseAsync(CancellationToken cancellationToken) => new ReleaseFinder(Registries).FindAsync(
        BaseRegistryAddress,
        ImageNames,
        Release,
        WantedDigest,
        cancellationToken);

    /// <summary>Promotes the release to an environment.</summary>
    internal sealed async Task PromoteAsync(PromotionEnvironment environment, CancellationToken cancellationToken)
    {
        var release = await FindReleaseAsync(cancellationToken);
        await CreateRun(environment).RunAsync(release, cancellationToken);
    }

    /// <summary>Goes back to an earlier release of an environment.</summary>
    internal sealed Task RollbackAsync(PromotionEnvironment environment, CancellationToken cancellationToken) =>
        new RollbackRun(CreateRun(environment) with { Slice = null }, Registries, BaseRegistryAddress, ImageNames).RunAsync(
            To, Reason ?? GoBack, cancellationToken);

    private PromotionRun CreateRun(PromotionEnvironment environment) =>
        new()
        {
            Environment = environment,
            Registries = RegistrySettings,
            Keys = Keys,
            Policy = PolicySources.Of(Revision),
            Deployers = DeployerSettings(BuiltInDeployers.Of(this)),
            GateEvaluators = GateEvaluatorSettings([]),
            ServerSideCopy = ServerSideCopyTo(environment),
            AzureEnvironments = () => PipelineDeclarations.AzureEnvironmentsOf(this, environment),
            GitHubEnvironment = () => WorkflowDeclarations.GitHubEnvironmentOf(this, environment),
            GitHubApprovers = () => WorkflowDeclarations.ApproversOf(this),
            Region = Region,
            Slice = Slice is { } slice ? ReleaseSlice.Parse(slice) : null,
            Wave = Wave,
            Approve = Approve,
            OverrideSoak = OverrideSoak,
            BreakGlass = BreakGlass,
            MoveTag = MoveTag,
            GoBack = GoBack,
            UnlockTags = UnlockTags,
            Offer = warning => warning.Offering(RemedyParameters.Of),
            IsNamed = ChosenRelease ?? (PromotesExisting && new TerminalPrompt(this).IsPersonal),
            Dry = Dry,
            View = this.Once(() => new BuildPromotionView(CheckWriter, isDry: Dry is not null)),
        };

    private EnvironmentHolds Holding => new(
        RegistrySettings, Keys, () => WorkflowDeclarations.ApproversOf(this), ImageNames);

    private IServerSideCopy? ServerSideCopyTo(PromotionEnvironment environment)
    {
        if (Transfer == TransferMode.Copy)
            return null;
        var isRequired = Transfer == TransferMode.Import;
        var copy = ServerSideCopySettings(AzureRegistries.CreateImport(RegistrySettings, environment, isRequired));
        return isRequired ? new RequiredCopy(copy) : copy;
    }

    private bool NamesRelease => Release is not null || ReleaseDigest is not null;

    private async Task<Release> FindSeenReleaseAsync(CancellationToken cancellationToken) =>
        NamesRelease ? await FindExistingReleaseAsync(cancellationToken) : throw PromoteErrors.NothingToShow();

    internal sealed IReadOnlyList<string> ImageNames => [.. ContainerImage.Validate(Images).Select(image => image.Name)];
}

/// <summary>Defines targets that promote a release.</summary>
public static class PromoteExtensions
{
    /// <summary>Makes a target promote the release to an environment, after the environment before it (or after <c>PushBase</c>).</summary>
    public static ITargetDefinition Promote(this ITargetDefinition target, IPromote build, PromotionEnvironment environment)
    {
        var ordered = environment.After is { } before
            ? target.DependsOn(EnvironmentDeclarations.TargetOf(build, before))
            : target.DependsOn<IPushBase>(x => x.PushBase);
        return ordered
            .Description($"Promotes the release to {environment.DisplayName}")
            .Uses(new(
                nameof(IPromote.Release), nameof(IPromote.ReleaseDigest), nameof(IPromote.MoveTag), nameof(IPromote.Approve),
                nameof(IPromote.OverrideSoak), nameof(IPromote.BreakGlass), nameof(IPromote.GoBack), nameof(IPromote.Region),
                nameof(IPromote.Wave), nameof(IPromote.Slice), nameof(IPromote.Transfer), nameof(IPromote.UnlockTags),
                nameof(IPromote.ChosenRelease), nameof(IPromote.DryRun), nameof(IPromote.Format), nameof(IPromote.Output))
            {
                Registries = true,
            })
            .ExecutesAsync(build, cancellationToken => build.PromoteAsync(environment, cancellationToken));
    }

    /// <summary>
    /// Makes a target bring an environment back to the release that was there before, or to the one in <see cref="IPromote.To"/>, and hold
    /// it. It depends on no other target: <c>Target RollbackProd => _ => _.Rollback(this, ProdEnvironment);</c>
    /// </summary>
    public static ITargetDefinition Rollback(this ITargetDefinition target, IPromote build, PromotionEnvironment environment) => target
        .Description($"Goes back to the release that was in {environment.DisplayName} before, and holds it there")
        .Uses(new(
            nameof(IPromote.To), nameof(IPromote.Reason), nameof(IPromote.GoBack), nameof(IPromote.Approve), nameof(IPromote.MoveTag),
            nameof(IPromote.BreakGlass), nameof(IPromote.Region), nameof(IPromote.Wave), nameof(IPromote.Transfer),
            nameof(IPromote.UnlockTags), nameof(IPromote.DryRun), nameof(IPromote.Format), nameof(IPromote.Output))
        {
            Registries = true,
        })
        .ExecutesAsync(build, cancellationToken => build.RollbackAsync(environment, cancellationToken));
}
