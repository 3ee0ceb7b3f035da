namespace Gantry.Nuke.Promoting;

/// <summary>A yes or no from the person who runs the build.</summary>
internal interface IConfirmationPrompt
{
    /// <summary>Whether somebody is there to answer.</summary>
    bool IsInteractive { get; }

    /// <summary>Asks and waits for the answer; whatever is not a yes is a no.</summary>
    Task<bool> ConfirmAsync(string question, CancellationToken cancellationToken);
}
