namespace Gantry.Environments;

/// <summary>
/// Requires a signed attestation of some type beside each image of the release in the base registry. For an image of several platforms, one
/// beside each of its platforms is as good.
/// </summary>
/// <param name="PredicateType">The URI of the type: <c>https://slsa.dev/provenance/v1</c>.</param>
/// <param name="Keys">The files with the public keys whose signatures count, relative to the root of the repository.</param>
public sealed record AttestationGate(string PredicateType, IReadOnlyList<string> Keys) : Gate
{
    /// <summary>
    /// The time for which an attestation counts; null for ever. An attestation of a type that names no time never satisfies one.
    /// </summary>
    public TimeSpan? MaximumAge { get; init; }

    /// <inheritdoc/>
    public override string Description => $"attestation {PredicateType}";

    /// <inheritdoc/>
    protected override string? Validate() =>
        !Uri.TryCreate(PredicateType, UriKind.Absolute, out _)
            ? "its predicate type is not a URI"
            : GateKeys.Validate(Keys) ?? GateKeys.ValidateAge(MaximumAge);
}
