namespace Gantry.Nuke;

/// <summary>
/// Ends a target with the sentence of a <see cref="GantryException"/>. NUKE logs the text of a failed target's exception; this one omits
/// the stack trace, because the program is not at fault when, for example, a registry cannot be reached.
/// </summary>
public sealed class TargetFailedException(GantryException error) : Exception(error.Message, error)
{
    /// <inheritdoc/>
    public override string ToString() => Message;
}
