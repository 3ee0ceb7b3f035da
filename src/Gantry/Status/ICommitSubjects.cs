namespace Gantry.Status;

/// <summary>Finds the subjects of commits.</summary>
public interface ICommitSubjects
{
    /// <summary>Returns the first line of the message of a commit; null when the commit is not known.</summary>
    /// <param name="commit">The full hash.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    Task<string?> FindAsync(string commit, CancellationToken cancellationToken);
}
