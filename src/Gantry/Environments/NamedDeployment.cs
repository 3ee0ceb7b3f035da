namespace Gantry.Environments;

/// <summary>
/// A host of which only the description is known: a declaration file names it. Nothing but the build that declares it deploys to it.
/// </summary>
/// <param name="Text">The description.</param>
public sealed record NamedDeployment(string Text) : Deployment
{
    /// <inheritdoc/>
    public override string Description => Text;

    /// <inheritdoc/>
    public override bool IsForAll => true;
}
