using Gantry.Oci;

namespace Gantry.Registries;

/// <summary>A repository that can show, before anything is written, whether referrers will be found.</summary>
internal interface IKeepsReferrers
{
    /// <summary>Throws <c>GAN2041</c> when referrers of a manifest could be written and not be found.</summary>
    /// <param name="subject">The manifest.</param>
    /// <param name="isThere">True when it is in the repository. Otherwise another image is used for the question, if there is one.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    Task EnsureReferrersAreKeptAsync(Digest subject, bool isThere, CancellationToken cancellationToken);

    /// <summary>
    /// Throws the refusal of the registry when this identity may not list referrers, so that the lists that were read can have gaps.
    /// </summary>
    void EnsureReferrersWereListed();
}
