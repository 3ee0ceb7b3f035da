namespace Gantry.Promotion.Runs;

/// <summary>Asks the person who runs the build to confirm.</summary>
public interface IConfirmationPrompt
{
    /// <summary>True when a person can answer.</summary>
    bool IsInteractive { get; }

    /// <summary>Asks and waits for the answer. Returns true only for the word <c>yes</c>.</summary>
    /// <param name="consequences">What a yes means, one line each, which is shown before the question.</param>
    /// <param name="question">The question.</param>
    /// <param name="cancellationToken">Cancels the waiting.</param>
    Task<bool> ConfirmAsync(IReadOnlyList<string> consequences, string question, CancellationToken cancellationToken);
}
