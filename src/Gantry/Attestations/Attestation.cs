using Gantry.Oci;

namespace Gantry.Attestations;

/// <summary>
/// A signed statement about an image that was found beside it. What it says counts only after its signature was verified.
/// </summary>
/// <param name="Referrer">The descriptor of the manifest that holds it.</param>
/// <param name="Bundle">The envelope and its signature.</param>
/// <param name="Statement">The statement, parsed from the signed bytes.</param>
/// <param name="Origin">The name in errors: the digest of the manifest, and the repository.</param>
public sealed record Attestation(Descriptor Referrer, SigstoreBundle Bundle, Statement Statement, string Origin)
{
    /// <summary>The digest of the manifest that holds it.</summary>
    public Digest Digest => Referrer.Digest;

    /// <summary>Returns true when the other one is of the same statement, byte for byte: only the signatures differ.</summary>
    internal bool HasSamePayload(Attestation other) => Bundle.Payload.Span.SequenceEqual(other.Bundle.Payload.Span);
}
