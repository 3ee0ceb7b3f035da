using Gantry.Oci;

namespace Gantry.Attestations.Approvals;

/// <summary>What a person decides about a release.</summary>
public sealed record ApprovalDecision
{
    /// <summary>The name of the environment.</summary>
    public required string Environment { get; init; }

    /// <summary>The name of the person.</summary>
    public required string By { get; init; }

    /// <summary>The reason: <c>tested in test, CHG-7</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>The time from which the approval no longer counts; null for never.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>True to withdraw the approvals that the same key gave before.</summary>
    public bool Withdraws { get; init; }

    internal ApprovalPredicate ToPredicate(string version, string image, DateTimeOffset time) => new()
    {
        Environment = Environment,
        Version = version,
        Image = image,
        ApprovedBy = By,
        Approved = time,
        Reason = Reason,
        Withdrawn = Withdraws,
        ValidUntil = ValidUntil,
    };

    internal void Check(DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(Environment))
            throw ApprovalErrors.Incomplete("it names no environment");
        if (string.IsNullOrWhiteSpace(By))
            throw ApprovalErrors.Incomplete("it names no person");
        if (string.IsNullOrWhiteSpace(Reason))
            throw ApprovalErrors.Incomplete("it has no reason");
        if (ValidUntil <= now)
            throw ApprovalErrors.Incomplete($"it ends at {Format.Time(ValidUntil.Value)}, which is in the past");
    }
}

/// <summary>An image that a person approved, or whose approval they withdrew.</summary>
/// <param name="Image">The name of the image.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="Attestation">The manifest that holds the approval.</param>
/// <param name="IsWritten">True when it was written now; false when an equal one of the same key was there.</param>
public sealed record ApprovedImage(string Image, Digest Digest, Digest Attestation, bool IsWritten);
