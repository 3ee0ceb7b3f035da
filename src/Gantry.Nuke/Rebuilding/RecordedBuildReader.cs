using System.Text.RegularExpressions;
using Gantry.Attestations;
using Gantry.Images.Comparison;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Nuke.Rebuilding;

/// <summary>Reads in the base registry how a release was built, and refuses one that cannot be built again.</summary>
/// <param name="open">Opens the repository of an image in the base registry.</param>
/// <param name="trust">The keys whose provenance counts; null when the base registry has none.</param>
/// <param name="now">The present time.</param>
internal sealed partial class RecordedBuildReader(Func<string, IImageRepository> open, TrustPolicy? trust, DateTimeOffset now)
{
    /// <summary>
    /// Reads the build. Throws <c>GAN7080</c> for a release of uncommitted changes, <c>GAN7081</c> without a commit, <c>GAN7082</c> for an
    /// image of a Docker engine, <c>GAN7083</c> for one on a stand-in, <c>GAN7084</c> when no provenance counts although keys are trusted,
    /// <c>GAN7085</c> when the provenance and the image name different base images.
    /// </summary>
    public async Task<RecordedBuild> ReadAsync(Release release, CancellationToken cancellationToken)
    {
        if (DirtyVersion().IsMatch(release.Version))
            throw RebuildingErrors.Uncommitted(release);
        if (!Commit().IsMatch(release.Commit))
            throw RebuildingErrors.NoCommit(release);

        var (inputs, provenances) = (new List<RecordedInputs>(), new List<IReadOnlyList<Provenance>>());
        foreach (var image in release.Images)
        {
            var repository = open(image.Name);
            var input = await RecordedInputs.ReadAsync(new ComparedImage(repository, image.Digest), cancellationToken);
            if (image.StandIn || input.IsOnStandIn)
                throw RebuildingErrors.OnStandIn(release, image);
            if (!input.IsBuiltInProcess)
                throw RebuildingErrors.NotInProcess(release, image);
            var provenance = await FindProvenanceAsync(release, image, repository, cancellationToken);
            EnsureSameBase(image, input, provenance);
            inputs.Add(input);
            provenances.Add(provenance);
        }

        return new RecordedBuild
        {
            Release = release,
            Sdks = [.. provenances.SelectMany(SdksOf).Distinct(StringComparer.Ordinal)],
            BaseImages = [.. inputs.SelectMany(input => input.BaseImages).Distinct()],
            Created = inputs[0].Created,
            Source = inputs[0].Source,
            IsVerified = trust is not null,
        };
    }

    /// <summary>
    /// Ensures that a trusted key has signed how each image was made; without trusted keys nothing is verified. Throws <c>GAN7084</c>.
    /// </summary>
    public async Task RequireProvenanceAsync(Release release, CancellationToken cancellationToken)
    {
        foreach (var image in trust is null ? [] : release.Images)
            await FindProvenanceAsync(release, image, open(image.Name), cancellationToken);
    }

    // Someone who publishes the same image from another machine adds a provenance, and each of them is true.
    private async Task<IReadOnlyList<Provenance>> FindProvenanceAsync(
        Release release, ReleaseImage image, IImageRepository repository, CancellationToken cancellationToken)
    {
        var found = await AttestationReferrer.FindAsync(repository, image.Digest, PredicateTypes.Provenance, cancellationToken);
        var faults = found.Faults.Select(fault => fault.Problem).ToList();
        var counted = new List<Provenance>();
        foreach (var attestation in found.Attestations)
        {
            try
            {
                var signer = trust?.FindSigner(attestation);
                var provenance = Provenance.Read(attestation);
                trust?.VerifyTime(attestation, signer!, provenance.Time, now);
                if (attestation.Statement.IsAbout(image.Digest) && IsOf(provenance, release, image))
                    counted.Add(provenance);
                else
                    faults.Add($"{attestation.Origin} is about another build");
            }
            catch (GantryException fault)
            {
                faults.Add(fault.Problem);
            }
        }

        return counted.Count > 0 || trust is null
            ? counted
            : throw RebuildingErrors.NoProvenance(release, image, repository.Location, faults);
    }

    private static bool IsOf(Provenance provenance, Release release, ReleaseImage image) =>
        provenance.BuildDefinition.ExternalParameters.Version == release.Version
        && provenance.BuildDefinition.ExternalParameters.Image == image.Name
        && provenance.BuildDefinition.ResolvedDependencies.Any(
            dependency => dependency.Digest?.GetValueOrDefault("gitCommit") == release.Commit);

    // Only an image whose platforms have one base image has it in its provenance.
    private static void EnsureSameBase(ReleaseImage image, RecordedInputs input, IReadOnlyList<Provenance> provenances)
    {
        var named = provenances
            .SelectMany(provenance => provenance.BaseImages)
            .Select(dependency => dependency.Digest?.GetValueOrDefault("sha256"));
        foreach (var hex in named)
        {
            if (Digest.TryParse($"sha256:{hex}", out var digest) && input.BaseImages.Count > 0
                && input.BaseImages.All(recorded => recorded.Digest != digest))
                throw RebuildingErrors.OtherBaseImage(image, digest, input.BaseImages);
        }
    }

    private static IEnumerable<string> SdksOf(IReadOnlyList<Provenance> provenances) => provenances
        .Select(provenance => provenance.BuildDefinition.InternalParameters?.GetValueOrDefault("dotnetSdk"))
        .OfType<string>();

    [GeneratedRegex(@"[-.]dirty-[0-9a-f]{8}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DirtyVersion();

    [GeneratedRegex(
        "^([0-9a-f]{40}|[0-9a-f]{64})$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Commit();
}
