using Gantry.Oci;
using Gantry.Signing;

namespace Gantry.Attestations.Rebuilds;

/// <summary>Signs what was built again.</summary>
public static class RebuildStatement
{
    /// <summary>Signs the result for one image; throws the errors of the signer.</summary>
    /// <param name="predicate">The result.</param>
    /// <param name="image">The digest of the published image.</param>
    /// <param name="signer">The key of the one who built again.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static Task<SigstoreBundle> SignAsync(
        RebuildPredicate predicate, Digest image, ISigner signer, CancellationToken cancellationToken) =>
        SigstoreBundle.SignAsync(
            Statement.Write(new StatementSubject(predicate.Image, image), PredicateTypes.Rebuild, predicate.ToJson()),
            signer,
            cancellationToken);
}
