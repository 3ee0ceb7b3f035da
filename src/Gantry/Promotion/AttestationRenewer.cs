using Gantry.Attestations;
using Gantry.Environments;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Signing;

namespace Gantry.Promotion;

/// <summary>
/// Signs what counts again with another key, while both are trusted: the way to a new key before the old one is revoked. What was verified,
/// by whom and when stays as it was; each promotion names the attestation that it renews.
/// </summary>
/// <param name="repositories">The client that opens registries.</param>
/// <param name="time">The clock; the system clock by default.</param>
public sealed class AttestationRenewer(IRegistryClient repositories, TimeProvider? time = null)
{
    private static readonly string[] TypesOfReleases = [PredicateTypes.Provenance, PredicateTypes.CycloneDx];

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>True to find what would be renewed, and to write nothing.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>
    /// Renews the promotions to a registry of an environment. Running it again continues, and writes nothing when all is renewed. Throws
    /// <c>GAN4228</c> when the signer is not trusted there, and the errors of registries.
    /// </summary>
    /// <param name="target">The registry, with its trusted keys.</param>
    /// <param name="images">The names of the images.</param>
    /// <param name="signer">The new key.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>What was renewed: <c>app 1.4.2</c>.</returns>
    public async Task<IReadOnlyList<string>> RenewPromotionsAsync(
        PromotionTarget target, IReadOnlyList<string> images, ISigner signer, CancellationToken cancellationToken)
    {
        if (target.Trust is not { } trust)
            return [];
        var key = await trust.RequireTrustedAsync(target.DisplayName, signer, _time.GetUtcNow(), cancellationToken);
        var renewed = new List<string>();
        foreach (var (image, version, repository, tagged) in await ListAsync(target.Address, images, cancellationToken))
        {
            var scope = RecordScope.Of(target, _time.GetUtcNow());
            var found = await PromotionReferrer.FindAsync(repository, tagged.Digest, scope, version, cancellationToken);
            var done = found.Records
                .Where(record => record.Signature!.Key.Key.Equals(key))
                .Select(record => record.Renews)
                .OfType<Digest>()
                .ToHashSet();
            var old = found.Records
                .Where(record => !record.Signature!.Key.Key.Equals(key) && !done.Contains(record.Signature.Attestation))
                .ToDictionary(record => record.Signature!.Attestation);
            if (old.Count == 0)
                continue;
            renewed.Add($"{image} {version}");
            var attestations = await AttestationReferrer.FindAsync(
                repository, tagged.Digest, PredicateTypes.VerificationSummary, cancellationToken);
            foreach (var attestation in attestations.Attestations.Where(each => !IsDryRun && old.ContainsKey(each.Digest)))
                await RenewAsync(repository, tagged, attestation, signer, cancellationToken);
        }

        return renewed;
    }

    /// <summary>
    /// Renews what the build has signed in the base registry: provenance and SBOMs. Throws like <see cref="RenewPromotionsAsync"/>.
    /// </summary>
    /// <param name="address">The base registry.</param>
    /// <param name="trust">Its trusted keys.</param>
    /// <param name="images">The names of the images.</param>
    /// <param name="signer">The new key.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>What was renewed: <c>app 1.4.2</c>.</returns>
    public async Task<IReadOnlyList<string>> RenewReleasesAsync(
        RegistryAddress address, TrustPolicy trust, IReadOnlyList<string> images, ISigner signer, CancellationToken cancellationToken)
    {
        var key = await trust.RequireTrustedAsync("the base registry", signer, _time.GetUtcNow(), cancellationToken);
        var renewed = new List<string>();
        foreach (var (image, version, repository, tagged) in await ListAsync(address, images, cancellationToken))
        {
            var count = 0;
            foreach (var subject in await ListManifestsAsync(repository, tagged, cancellationToken))
            {
                foreach (var type in TypesOfReleases)
                    count += await RenewAsync(repository, subject, type, trust, key, signer, cancellationToken);
            }

            if (count > 0)
                renewed.Add($"{image} {version}");
        }

        return renewed;
    }

    private async Task<IReadOnlyList<(string Image, string Version, IImageRepository Repository, Descriptor Tagged)>> ListAsync(
        RegistryAddress address, IReadOnlyList<string> images, CancellationToken cancellationToken)
    {
        var all = new List<(string, string, IImageRepository, Descriptor)>();
        foreach (var image in images)
        {
            var repository = repositories.Open(address, image);
            var versions = (await repository.ListTagsAsync(cancellationToken))
                .Where(tag => !DigestTags.IsDigestTag(tag) && ReleaseTag.IsVersion(ReleaseTag.VersionOf(tag)));
            var tagged = await Concurrently.SelectAsync(
                versions,
                async (tag, token) => (Version: ReleaseTag.VersionOf(tag), Found: await repository.FindTagAsync(tag, token)),
                cancellationToken);
            all.AddRange(tagged.Where(each => each.Found is not null).Select(each => (image, each.Version, repository, each.Found!)));
        }

        return all;
    }

    // The SBOM of a platform is beside its own manifest.
    private static async Task<IReadOnlyList<Descriptor>> ListManifestsAsync(
        IImageRepository repository, Descriptor image, CancellationToken cancellationToken) =>
        MediaTypes.IsIndex(image.MediaType) && await repository.FindManifestAsync(image.Digest, cancellationToken) is { } index
            ? [image, .. index.ReadIndex().Manifests]
            : [image];

    private async Task RenewAsync(
        IImageRepository repository, Descriptor image, Attestation attestation, ISigner signer, CancellationToken cancellationToken)
    {
        var summary = VerificationSummary.Read(attestation);
        var renewed = summary with
        {
            TimeVerified = DocumentArtifact.Now(_time),
            Record = summary.Record with
            {
                Schema = Math.Max(summary.Record.Schema, PromotionRecord.SchemaWithLinks),
                Renews = attestation.Digest,
            },
        };
        var (bundle, manifest) = await PromotionAttestor.SignAsync(renewed, image, signer, cancellationToken);
        await AttestationReferrer.PutAsync(repository, manifest, bundle, cancellationToken);
    }

    // The same statement, byte for byte: a build does not happen again.
    private async Task<int> RenewAsync(
        IImageRepository repository, Descriptor image, string predicateType, TrustPolicy trust, VerificationKey key, ISigner signer,
        CancellationToken cancellationToken)
    {
        var found = await AttestationReferrer.FindAsync(repository, image.Digest, predicateType, cancellationToken);
        var signed = found.Attestations.Where(each => each.Bundle.IsSignedBy(key)).ToList();
        var old = found.Attestations
            // What does not count is not made to.
            .Where(each => trust.HasSigned(each) && !signed.Exists(same => each.HasSamePayload(same)))
            .ToList();
        foreach (var attestation in old.Where(_ => !IsDryRun))
        {
            var bundle = await SigstoreBundle.SignAsync(attestation.Bundle.Payload.ToArray(), signer, cancellationToken);
            var manifest = AttestationReferrer.Create(
                bundle, image, predicateType, DocumentArtifact.Now(_time), attestation.Referrer.Annotations);
            await AttestationReferrer.PutAsync(repository, manifest, bundle, cancellationToken);
        }

        return old.Count;
    }
}
