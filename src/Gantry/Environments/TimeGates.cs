namespace Gantry.Environments;

/// <summary>
/// The release must have been in the environment before for a while. Read from the promotion records of that environment's registry,
/// wherever the promotion runs.
/// </summary>
/// <param name="Duration">How long.</param>
public sealed record SoakGate(TimeSpan Duration) : Gate
{
    /// <inheritdoc/>
    public override string Description => $"soak time of {Format.Duration(Duration)}";

    private protected override string? Validate() => Duration <= TimeSpan.Zero ? "its duration is not positive" : null;
}

/// <summary>Only between certain hours of certain days. In Azure DevOps: the Business Hours check.</summary>
/// <param name="Start">The first minute.</param>
/// <param name="End">The last minute; not before <paramref name="Start"/>.</param>
/// <param name="TimeZone">The time zone by the name that Azure DevOps knows: <c>UTC</c>, <c>W. Europe Standard Time</c>.</param>
public sealed record BusinessHoursGate(TimeOnly Start, TimeOnly End, string TimeZone) : Gate
{
    /// <summary>The days.</summary>
    public IReadOnlyList<DayOfWeek> Days { get; init; } =
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    /// <inheritdoc/>
    public override string Description => $"business hours {Start:HH\\:mm}-{End:HH\\:mm} {TimeZone}";

    private protected override string? Validate() =>
        Start >= End ? "it ends before it starts"
        : Days.Count == 0 ? "it has no days"
        : string.IsNullOrWhiteSpace(TimeZone) ? "it has no time zone"
        : null;
}

/// <summary>One promotion at a time. In Azure DevOps: the Exclusive Lock check and the stage's <c>lockBehavior</c>.</summary>
/// <param name="Behavior">What becomes of those that wait.</param>
public sealed record ExclusiveLockGate(LockBehavior Behavior) : Gate
{
    /// <inheritdoc/>
    public override string Description => Behavior == LockBehavior.Sequential ? "exclusive lock" : "exclusive lock, latest only";

    private protected override TimeSpan DefaultTimeout => MaximumTimeout;

    private protected override string? Validate() => Enum.IsDefined(Behavior) ? null : "its behaviour is not known";
}

/// <summary>What becomes of promotions that wait for an exclusive lock.</summary>
public enum LockBehavior
{
    /// <summary>All run, one after the other.</summary>
    Sequential,

    /// <summary>Only the latest runs; the others are cancelled.</summary>
    RunLatest,
}
