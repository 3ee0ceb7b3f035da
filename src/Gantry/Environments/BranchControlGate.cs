namespace Gantry.Environments;

/// <summary>Allows builds of certain branches only. In Azure DevOps: the Branch control check.</summary>
/// <param name="Branches">The branches, with <c>*</c> as wildcard; a name without <c>refs/</c> is a branch.</param>
public sealed record BranchControlGate(IReadOnlyList<string> Branches) : Gate
{
    /// <summary>True when the branch must be protected by policies.</summary>
    public bool RequireProtection { get; init; } = true;

    /// <summary>True when a branch also passes if its protection is unknown.</summary>
    public bool AllowUnknownProtection { get; init; }

    /// <summary>The branches as full references: <c>refs/heads/main</c>.</summary>
    public IReadOnlyList<string> References => [.. Branches.Select(ToReference)];

    /// <inheritdoc/>
    public override string Description => $"branch {string.Join(" or ", Branches)}";

    /// <inheritdoc/>
    public override bool IsEvaluatedByPromotion => false;

    /// <inheritdoc/>
    protected override string? Validate() =>
        Branches.Count == 0 || Branches.Any(string.IsNullOrWhiteSpace) ? "a branch has no name"
        : Branches.Any(branch => branch.Contains(',', StringComparison.Ordinal)) ? "a branch has a comma in its name"
        : null;

    internal static string ToReference(string branch) =>
        branch.StartsWith("refs/", StringComparison.Ordinal) ? branch : "refs/heads/" + branch;
}
