namespace Gantry.Promotion;

/// <summary>The approvals that a service has recorded for one attempt to promote to one environment.</summary>
/// <param name="Given">The approvals that were given.</param>
public sealed record ServiceApprovals(IReadOnlyList<RecordedApproval> Given)
{
    /// <summary>The reason why they are not known, or not all of them, as the rest of a sentence; null when they are.</summary>
    public string? Problem { get; init; }

    /// <summary>
    /// Returns the approvals that a service has returned: at most <see cref="Limits.RecordedApprovals"/>. The problem says when there are
    /// more, and when there are none.
    /// </summary>
    /// <param name="given">The approvals that were given.</param>
    public static ServiceApprovals Of(IEnumerable<RecordedApproval> given)
    {
        var read = given.Take(Limits.RecordedApprovals + 1).ToList();
        return read.Count switch
        {
            0 => new([]) { Problem = "the service has no approval of this attempt" },
            > Limits.RecordedApprovals => new([.. read.Take(Limits.RecordedApprovals)])
            {
                Problem = $"it has more than {Format.Count(Limits.RecordedApprovals, "approval")}",
            },
            _ => new(read),
        };
    }

    /// <summary>Returns approvals that could not be read.</summary>
    /// <param name="reason">The reason.</param>
    public static ServiceApprovals NotRead(string reason) =>
        new([]) { Problem = $"its approvals could not be read: {Format.OneLine(reason, limit: 300)}" };
}
