namespace Gantry.Nuke.Promoting;

/// <summary>Asks the person who runs the build to confirm.</summary>
internal interface IConfirmationPrompt
{
    /// <summary>True when a person can answer.</summary>
    bool IsInteractive { get; }

    /// <summary>Asks and waits for the answer. Returns true only for a yes.</summary>
    Task<bool> ConfirmAsync(string question, CancellationToken cancellationToken);
}
