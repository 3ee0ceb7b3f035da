namespace Gantry.Environments;

/// <summary>
/// A gate of which only the description is known: a build class has derived it, and a declaration file names it. Nothing but that build
/// evaluates it.
/// </summary>
/// <param name="Text">The description.</param>
public sealed record NamedGate(string Text) : Gate
{
    /// <inheritdoc/>
    public override string Description => Text;
}
