using Gantry.AzurePipelines.Reporting;

namespace Gantry.Nuke;

/// <summary>
/// Ends a target with the sentence of a <see cref="GantryException"/>. NUKE logs the text of a failed target's exception; this one omits
/// the stack trace, because the program is not at fault when, for example, a registry cannot be reached. The message is neutralized, so
/// that an agent does not interpret user input in it as a command.
/// </summary>
public sealed class TargetFailedException(GantryException error) : Exception(LoggingCommand.Neutralize(error.Message), error)
{
    /// <inheritdoc/>
    public override string ToString() => Message;
}
