using Gantry.Oci;
using Gantry.Signing;

namespace Gantry.Attestations.Approvals;

/// <summary>Signs approvals.</summary>
public static class ApprovalStatement
{
    /// <summary>Signs an approval of one image; throws the errors of the signer.</summary>
    /// <param name="predicate">The approval.</param>
    /// <param name="image">The digest of the image.</param>
    /// <param name="signer">The key of the person.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static Task<SigstoreBundle> SignAsync(
        ApprovalPredicate predicate, Digest image, ISigner signer, CancellationToken cancellationToken) =>
        SigstoreBundle.SignAsync(
            Statement.Write(new StatementSubject(predicate.Image, image), PredicateTypes.Approval, predicate.ToJson()),
            signer,
            cancellationToken);
}
