using Gantry.Signing;

namespace Gantry.Attestations;

/// <summary>The keys whose attestations count for an environment or the base registry, and who they belong to.</summary>
public sealed record TrustPolicy
{
    /// <summary>The difference between the clocks of two machines that makes no attestation one of the future.</summary>
    public static TimeSpan ClockSkew { get; } = TimeSpan.FromMinutes(5);

    /// <summary>The trusted keys: the present one, earlier ones and revoked ones.</summary>
    public required IReadOnlyList<TrustedKey> Keys { get; init; }

    /// <summary>The URI of the verifier that these keys belong to: <c>verifier.id</c> of a verification summary.</summary>
    public string VerifierId { get; init; } = PredicateTypes.Verifier;

    /// <summary>The time for which an attestation counts; null for ever.</summary>
    public TimeSpan? MaximumAge { get; init; }

    /// <summary>
    /// Finds the key that has signed an attestation. Throws <c>GAN4204</c> when it is none of the trusted ones, <c>GAN4205</c> when it is
    /// revoked, <c>GAN4206</c> when the attestation is of a time at which the key does not count or is too old, <c>GAN4207</c> when it is
    /// of the future.
    /// </summary>
    /// <param name="attestation">The attestation.</param>
    /// <param name="time">The time that the attestation names.</param>
    /// <param name="now">The present time.</param>
    public TrustedKey Verify(Attestation attestation, DateTimeOffset time, DateTimeOffset now) =>
        VerifyTime(attestation, FindSigner(attestation), time, now);

    /// <summary>
    /// Verifies the time that an attestation names, after its signature. Throws <c>GAN4206</c> when the key does not count at that time or
    /// the attestation is too old, <c>GAN4207</c> when it is of the future.
    /// </summary>
    /// <param name="attestation">The attestation.</param>
    /// <param name="signer">The key that has signed it, as <see cref="FindSigner"/> returned it.</param>
    /// <param name="time">The time that the attestation names.</param>
    /// <param name="now">The present time.</param>
    /// <returns>The entry of the same key that counts at that time.</returns>
    public TrustedKey VerifyTime(Attestation attestation, TrustedKey signer, DateTimeOffset time, DateTimeOffset now)
    {
        if (time - now > ClockSkew)
            throw AttestationErrors.FromTheFuture(attestation.Origin, time);

        // A key may be in several files, each with a time of its own.
        var key = Find(signer.Key, time) ?? throw AttestationErrors.OutsideOfKeyTime(attestation.Origin, signer, time);
        return MaximumAge is { } maximum && now - time > maximum
            ? throw AttestationErrors.TooOld(attestation.Origin, time, maximum)
            : key;
    }

    /// <summary>
    /// Finds the key that has signed an attestation, before anything that it says is used. Throws <c>GAN4204</c> when it is none of the
    /// trusted ones, <c>GAN4205</c> when it is revoked.
    /// </summary>
    /// <param name="attestation">The attestation.</param>
    public TrustedKey FindSigner(Attestation attestation)
    {
        var key = Keys.FirstOrDefault(key => attestation.Bundle.IsSignedBy(key.Key))
            ?? throw AttestationErrors.UnknownKey(attestation.Origin, attestation.Bundle.Hint, Keys);
        return Keys.FirstOrDefault(same => same.Revoked is not null && same.Key.Equals(key.Key)) is { } revoked
            ? throw AttestationErrors.RevokedKey(attestation.Origin, revoked)
            : key;
    }

    /// <summary>Returns true when a trusted key, which is not revoked, has signed an attestation.</summary>
    public bool HasSigned(Attestation attestation)
    {
        try
        {
            FindSigner(attestation);
            return true;
        }
        catch (GantryException)
        {
            return false;
        }
    }

    /// <summary>
    /// Ensures, before anything is written, that what a signer signs now will count; throws <c>GAN4228</c> otherwise. Returns its key.
    /// </summary>
    internal async Task<VerificationKey> RequireTrustedAsync(
        string place, ISigner signer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var key = await signer.GetPublicKeyAsync(cancellationToken);
        return Find(key, now) is null ? throw AttestationErrors.SignerNotTrusted(place, signer, key, this) : key;
    }

    /// <summary>Finds the trusted key that is this one, when its signatures of a time count; null otherwise.</summary>
    public TrustedKey? Find(VerificationKey key, DateTimeOffset time) =>
        Keys.FirstOrDefault(trusted => trusted.Key.Equals(key) && trusted.IsValidAt(time));
}
