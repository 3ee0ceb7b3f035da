namespace Gantry.Differences;

/// <summary>Compares commits in the history of the sources.</summary>
public interface ICommitLog
{
    /// <summary>
    /// Lists the commits that are in the history of one of two commits only: those of the second one first, the latest first. Throws a
    /// <see cref="GantryException"/> when they are not known, such as <c>GAN4801</c> without a clone, <c>GAN4802</c> in a shallow one,
    /// <c>GAN4803</c> for a commit that is not there.
    /// </summary>
    /// <param name="from">The full hash of the commit that is compared from.</param>
    /// <param name="to">The full hash of the commit that is compared to.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    Task<CommitList> CompareAsync(string from, string to, CancellationToken cancellationToken);
}

/// <summary>The commits between two releases.</summary>
/// <param name="Commits">The commits: those that were added first, then those that are lost, in each case the latest first.</param>
/// <param name="IsTruncated">True when there are more than <see cref="Limits.Commits"/> in a direction.</param>
public sealed record CommitList(IReadOnlyList<ChangedCommit> Commits, bool IsTruncated);
