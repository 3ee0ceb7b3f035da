namespace Gantry.Environments;

/// <summary>
/// Requires signed approvals of this release for this environment: attestations beside each of its images in the base registry, by several
/// people with a key each. What a service or a terminal answers does not replace them.
/// </summary>
/// <param name="Keys">The files with the public keys of the approvers, relative to the root of the repository.</param>
/// <param name="Minimum">The number of different keys that have to approve.</param>
public sealed record SignedApprovalsGate(IReadOnlyList<string> Keys, int Minimum) : Gate
{
    /// <summary>True when a key counts that has also signed how an image was built.</summary>
    public bool AllowBuilder { get; init; }

    /// <summary>True when the key counts that signs the promotion.</summary>
    public bool AllowPromoter { get; init; }

    /// <summary>The time for which an approval counts; null for ever, or as long as it says itself.</summary>
    public TimeSpan? MaximumAge { get; init; }

    /// <inheritdoc/>
    public override string Description => $"{Format.Count(Minimum, "signed approval")} of {string.Join(", ", Keys)}";

    /// <inheritdoc/>
    protected override string? Validate() => GateKeys.Validate(Keys, Minimum) ?? GateKeys.ValidateAge(MaximumAge);
}
