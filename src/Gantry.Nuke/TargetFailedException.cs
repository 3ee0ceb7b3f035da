using Gantry.AzurePipelines.Reporting;

namespace Gantry.Nuke;

/// <summary>
/// Ends a target with the one sentence of a <see cref="GantryException"/>. NUKE logs a failed target's exception by its text, which here
/// has no stack trace: nothing in this program is broken when a registry cannot be reached. Whatever a person typed and is told in it, no
/// agent takes for a command.
/// </summary>
public sealed class TargetFailedException(GantryException error) : Exception(LoggingCommand.Harmless(error.Message), error)
{
    /// <inheritdoc/>
    public override string ToString() => Message;
}
