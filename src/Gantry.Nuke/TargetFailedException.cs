namespace Gantry.Nuke;

/// <summary>
/// Ends a target with the one sentence of a <see cref="GantryException"/>. NUKE logs a failed target's exception by its text, which here
/// has no stack trace: nothing in this program is broken when a registry cannot be reached.
/// </summary>
public sealed class TargetFailedException(GantryException error) : Exception(error.Message, error)
{
    /// <inheritdoc/>
    public override string ToString() => Message;
}
