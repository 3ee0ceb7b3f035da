namespace Gantry.Signing;

/// <summary>
/// Signs with one private key, wherever it is: in a file, in a service that never gives it away, behind a program. ECDSA with the curve
/// P-256 and SHA-256, which the verifiers of attestations have in common.
/// </summary>
/// <remarks>Implementations are safe for concurrent use.</remarks>
public interface ISigner
{
    /// <summary>The description of the key for people, without anything secret: <c>the key file keys/prod.pem</c>.</summary>
    string Description { get; }

    /// <summary>Gets the public key of the private key that <see cref="SignAsync"/> uses; the same at each call.</summary>
    /// <exception cref="GantryException">The key cannot be read.</exception>
    Task<VerificationKey> GetPublicKeyAsync(CancellationToken cancellationToken);

    /// <summary>Signs a digest.</summary>
    /// <param name="digest">The SHA-256 digest of what is signed, 32 bytes.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The signature in the format of RFC 3279, section 2.2.3: <c>ECDSA-Sig-Value</c> in DER.</returns>
    /// <exception cref="GantryException">The key cannot be used.</exception>
    Task<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> digest, CancellationToken cancellationToken);
}
