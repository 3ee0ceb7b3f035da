using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Signing;

namespace Gantry.Attestations.Approvals;

/// <summary>Writes signed approvals of a release beside each of its images in the base registry.</summary>
/// <param name="registries">The client that opens registries.</param>
/// <param name="base">The base registry.</param>
/// <param name="time">The clock; the system clock by default.</param>
public sealed class Approver(IRegistryClient registries, RegistryAddress @base, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>The time after which an equal approval is written again; null for never. A gate may have one.</summary>
    public TimeSpan? MaximumAge { get; init; }

    /// <summary>
    /// Approves a release, or withdraws that. An image that has an equal one of the same key, which is its latest, gets no other one, so
    /// an interrupted call is completed by the next. Throws <c>GAN5025</c> when an image is not in the base registry, <c>GAN5027</c> when
    /// the decision is incomplete, and the errors of the signer and of registries.
    /// </summary>
    /// <param name="release">The release.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="signer">The key of the person.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>What was done, in the order of the images.</returns>
    public async Task<IReadOnlyList<ApprovedImage>> ApproveAsync(
        Release release, ApprovalDecision decision, ISigner signer, CancellationToken cancellationToken)
    {
        var now = DocumentArtifact.Now(_time);
        decision.Check(now);
        var key = await signer.GetPublicKeyAsync(cancellationToken);
        return await Concurrently.SelectAsync(
            release.Images,
            (image, token) =>
                ApproveAsync(image, decision.ToPredicate(release.Version, image.Name, now), key, signer, token),
            cancellationToken);
    }

    private async Task<ApprovedImage> ApproveAsync(
        ReleaseImage image, ApprovalPredicate approval, VerificationKey key, ISigner signer, CancellationToken cancellationToken)
    {
        var repository = registries.Open(@base, image.Name);
        var subject = await repository.FindManifestAsync(image.Digest, cancellationToken)
            ?? throw ApprovalErrors.ImageMissing(repository.Location, image.Digest);
        var latest = await FindLatestAsync(repository, image, approval, key, cancellationToken);
        if (latest is { } there && IsSame(there.Approval, approval))
            return new ApprovedImage(image.Name, image.Digest, there.Attestation.Digest, IsWritten: false);

        // A decision within the same second comes after the one before.
        if (latest is { } before && before.Approval.Approved >= approval.Approved)
            approval = approval with { Approved = before.Approval.Approved.AddSeconds(1) };
        var bundle = await ApprovalStatement.SignAsync(approval, image.Digest, signer, cancellationToken);
        var manifest = AttestationReferrer.Create(bundle, subject.Descriptor, PredicateTypes.Approval, approval.Approved);
        await AttestationReferrer.PutAsync(repository, manifest, bundle, cancellationToken);
        return new ApprovedImage(image.Name, image.Digest, manifest.Descriptor.Digest, IsWritten: true);
    }

    private bool IsSame(ApprovalPredicate there, ApprovalPredicate approval) =>
        there with { Approved = approval.Approved } == approval
        && (MaximumAge is not { } maximum || approval.Approved - there.Approved <= maximum);

    private static async Task<(Attestation Attestation, ApprovalPredicate Approval)?> FindLatestAsync(
        IImageRepository repository, ReleaseImage image, ApprovalPredicate approval, VerificationKey key,
        CancellationToken cancellationToken)
    {
        var found = await AttestationReferrer.FindAsync(repository, image.Digest, PredicateTypes.Approval, cancellationToken);
        return found.Attestations
            .Where(one => one.Bundle.IsSignedBy(key) && one.Statement.IsAbout(image.Digest))
            .Select(one => (Attestation: one, Approval: TryRead(one)))
            .Where(one => one.Approval is { } read
                && (read.Environment, read.Version, read.Image) == (approval.Environment, approval.Version, approval.Image)

                // One with a date that is far away would be the latest for ever.
                && read.Approved - approval.Approved <= TrustPolicy.ClockSkew)
            .OrderByDescending(one => one.Approval!.Approved)
            .ThenByDescending(one => one.Approval!.Withdrawn)
            .Select(one => ((Attestation, ApprovalPredicate)?)(one.Attestation, one.Approval!))
            .FirstOrDefault();
    }

    // One that cannot be read counts for no gate, so it is no reason to write none.
    private static ApprovalPredicate? TryRead(Attestation attestation)
    {
        try
        {
            return ApprovalPredicate.Read(attestation.Statement.Predicate, attestation.Origin);
        }
        catch (GantryException)
        {
            return null;
        }
    }
}
