namespace Gantry.Environments;

/// <summary>
/// Requires that others than the builder have built the release again from its commit and got the same digests: signed attestations beside
/// each image in the base registry.
/// </summary>
/// <param name="Minimum">The number of different keys that have to say so.</param>
/// <param name="Keys">The files with the public keys of those who build again, relative to the root of the repository.</param>
public sealed record RebuiltGate(int Minimum, IReadOnlyList<string> Keys) : Gate
{
    /// <inheritdoc/>
    public override string Description => $"built again with the same result by {Minimum} of {string.Join(", ", Keys)}";

    /// <inheritdoc/>
    protected override string? Validate() => GateKeys.Validate(Keys, Minimum);
}
