using Gantry.Environments;
using Gantry.Nuke.Parameters;
using Gantry.Nuke.Promoting;
using Gantry.Nuke.Reporting;
using Gantry.Oci;
using Gantry.Releases;

namespace Gantry.Nuke;

/// <summary>
/// Promotes a release to an environment: the digest that was built, and nothing else. A build declares its environments as properties
/// and a target for each: <c>Target PromoteDev => _ => _.Promote(this, Dev);</c>
/// </summary>
public interface IPromote : IPushBase
{
    /// <summary>Why a release may pass the gates of an environment: the yes of whoever runs the build, given beforehand.</summary>
    [Parameter("Why the release may pass the gates, instead of being asked at the terminal")]
    string? Approve => TryGetValue(() => Approve).NullIfWhiteSpace();

    /// <summary>Why a release does not wait until its soak time is over.</summary>
    [Parameter("Why the release does not wait for its soak time, in an emergency; it is recorded")]
    string? OverrideSoak => TryGetValue(() => OverrideSoak).NullIfWhiteSpace();

    /// <summary>The one region of an environment to promote to.</summary>
    [Parameter("Region to promote to, of an environment that has several. Default is all of them")]
    string? Region => TryGetValue(() => Region).NullIfWhiteSpace();

    /// <summary>
    /// Whether the promotion itself looks that the release is in the environment before. It always does, but for runs of Azure Pipelines, where
    /// the order of the stages says so; a generated release pipeline asks for it where one environment was chosen alone.
    /// </summary>
    [Parameter("Whether the promotion looks that the release is in the environment before. Default: yes, but for a run of Azure Pipelines, where the stages say so")]
    bool RequirePrevious => TryGetValue<bool?>(() => RequirePrevious) ?? false;

    /// <summary>How the bytes of images come to an environment's registry.</summary>
    [Parameter("How images come to a registry: imported by it (import), read and written by this machine (copy), or imported where it can (auto). Default is 'auto'")]
    TransferMode Transfer => TryGetValue<TransferMode?>(() => Transfer) ?? TransferMode.Auto;

    /// <summary>Whether a locked tag is unlocked to be moved, together with <c>--move-tag</c>.</summary>
    [Parameter("Whether a locked tag is unlocked to be moved, together with --move-tag")]
    bool UnlockTags => TryGetValue<bool?>(() => UnlockTags) ?? false;

    /// <summary>Finds a release that exists, as a pipeline does that starts from a version or from a pushed image.</summary>
    Target FindRelease => _ => _
        .Description("Finds a release in the base registry, by --release or --release-digest, and writes its record")
        .Produces(ReleaseFile)
        .ExecutesAsync(this, async cancellationToken =>
        {
            var release = await FindExistingReleaseAsync(cancellationToken);
            await ReleaseRecord.WriteFileAsync(ReleaseFile, release, cancellationToken);
            PromotionLog.Write(release);
            RunReport.Current.WriteRelease(release);
        });

    /// <summary>Shows what is where, read back from the registries.</summary>
    Target ShowEnvironments => _ => _
        .Description("Shows which release is in which environment, since when and by whom; with --release, where that one is")
        .ExecutesAsync(this, cancellationToken => EnvironmentOverview.ShowAsync(this, cancellationToken));

    /// <summary>The release that this run promotes: the one that is named, or the one that <c>PushBase</c> or <c>FindRelease</c> recorded.</summary>
    internal sealed Task<Release> FindReleaseAsync(CancellationToken cancellationToken) =>
        PromotesExisting ? FindExistingReleaseAsync(cancellationToken) : ReleaseRecord.ReadFileAsync(ReleaseFile, cancellationToken);

    private Task<Release> FindExistingReleaseAsync(CancellationToken cancellationToken) => new ReleaseFinder(Registries).FindAsync(
        BaseRegistryAddress,
        [.. ContainerImage.Validate(Images).Select(image => image.Name)],
        Release,
        ReleaseDigest is { } digest ? Digest.Parse(digest) : null,
        cancellationToken);
}

/// <summary>Makes targets into promotions.</summary>
public static class PromoteExtensions
{
    /// <summary>
    /// Lets a target promote the release to an environment, after the environment before it (or after <c>PushBase</c>).
    /// </summary>
    public static ITargetDefinition Promote(this ITargetDefinition target, IPromote build, PromotionEnvironment environment)
    {
        var ordered = environment.After is { } before
            ? target.DependsOn(EnvironmentDeclarations.TargetOf(build, before))
            : target.DependsOn<IPushBase>(x => x.PushBase);
        return ordered
            .Description($"Promotes the release to {environment.DisplayName}")
            .ExecutesAsync(build, cancellationToken => new PromotionRun(build, environment).RunAsync(cancellationToken));
    }
}
