using Gantry.Nuke.BaseImages;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Parameters;
using Gantry.Nuke.Promoting;
using Gantry.Nuke.Rebuilding;
using Gantry.Nuke.Signing;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Signing;

namespace Gantry.Nuke;

/// <summary>
/// Builds a published release again from its commit, and compares the digests: images that were built in process are reproducible, so
/// anyone with a clone can check the build itself.
/// </summary>
public interface IRebuildReleases : IPromote
{
    /// <summary>
    /// The key of the person or system that rebuilds: a PEM file, a key of Azure Key Vault, or a program (<c>command:sign-with-hsm</c>).
    /// When the digests are the same, an attestation signed with it is written beside each image in the base registry. Without it nothing
    /// is written anywhere.
    /// </summary>
    [Parameter("Key that signs in the base registry that a rebuild gave the same digests: a PEM file, a key of Azure Key Vault, or "
        + "command:PROGRAM")]
    string? RebuildKey => TryGetValue(() => RebuildKey).NullIfWhiteSpace();

    /// <summary>True to rebuild with another .NET SDK than the release was built with; a warning reports both.</summary>
    [Parameter("Allows a rebuild with another .NET SDK than that of the release, which usually gives other bytes")]
    bool AllowOtherSdk => TryGetValue<bool?>(() => AllowOtherSdk) ?? false;

    /// <summary>
    /// Rebuilds the release that <c>--release</c> or <c>--release-digest</c> names, in a temporary clone of its commit, with the recorded
    /// base images. Fails with <c>GAN7092</c> when a digest differs, and names the first layer, file and cause. Of a rebased release, the
    /// one that it was made from is rebuilt, and then the rebase is repeated.
    /// </summary>
    Target Rebuild => _ => _
        .Description("Builds a published release again from its commit, and compares the digests")
        .Uses(new(nameof(Release), nameof(ReleaseDigest), nameof(RebuildKey), nameof(AllowOtherSdk), nameof(DryRun)) { Registries = true })
        .ExecutesAsync(this, async cancellationToken =>
        {
            // A key that cannot be read ends the run before the long part of it.
            var signer = RebuildSigner;
            var release = await FindExistingReleaseAsync(cancellationToken);
            var trust = (await Keys.OfBuildAsync(cancellationToken)).Trust;
            var reader = new RecordedBuildReader(OpenBase, trust, TimeProvider.System.GetUtcNow());
            var repetition = CreateRepetition();
            var chain = await repetition.FindOriginsAsync(release, cancellationToken);
            foreach (var rebased in chain.SkipLast(1))
                await reader.RequireProvenanceAsync(rebased, cancellationToken);
            var sdk = await CreateRebuild().RunAsync(await reader.ReadAsync(chain[^1], cancellationToken), cancellationToken);
            foreach (var (rebased, origin) in chain.Zip(chain.Skip(1)).Reverse())
                await repetition.RepeatAsync(origin, rebased, cancellationToken);
            BuildOutput.Information($"Rebuilt {release.Version}: all images have the same digests");
            if (signer is not null)
                await AttestRebuildAsync(release, sdk, signer, cancellationToken);
            else
                Dry?.Report(nameof(Rebuild), wouldChange: false);
        });

    private IImageRepository OpenBase(string image) => Registries.Open(BaseRegistryAddress, image);

    private ISigner? RebuildSigner => RebuildKey is { } key ? Keys.OpenPersonal(key, nameof(RebuildKey)) : null;

    private RebaseRepetition CreateRepetition() => new()
    {
        BaseImages = Registries,
        OpenBase = OpenBase,
        FindRelease = (version, token) => new ReleaseFinder(Registries).FindAsync(
            BaseRegistryAddress, ImageNames, version, digest: null, token),
        FindOptionsAsync = RebaseOptionsAsync,
    };

    private RebuildRun CreateRebuild() => new()
    {
        Root = RootDirectory,
        OpenBase = OpenBase,
        OpenStore = (folder, image) => Registries.Open(new LayoutAddress(folder), image),
        FindSdk = DotNetSdk.FindVersion,
        AllowOtherSdk = AllowOtherSdk,
        Variables = EnvironmentInfo.Variables,
    };

    private async Task AttestRebuildAsync(Release release, string sdk, ISigner signer, CancellationToken cancellationToken)
    {
        var run = BuildRun.From(EnvironmentInfo.Variables);
        var confirmed = await RunConfirmation.ReportAsync(this, () => WorkflowDeclarations.ApproversOf(this), cancellationToken);
        var attestor = new RebuildAttestor(OpenBase, signer, TimeProvider.System.GetUtcNow());
        var written = await attestor.AttestAsync(release, run.ActorOf(confirmed).Name, sdk, DryRun, cancellationToken);
        Dry?.Report(nameof(Rebuild), wouldChange: written > 0);
    }
}
