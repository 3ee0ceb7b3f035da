namespace Gantry.Environments;

/// <summary>
/// Requires the release to have been in the previous environment for some time. Evaluated with the promotion records in that environment's
/// registry, wherever the promotion runs.
/// </summary>
/// <param name="Duration">The required time.</param>
public sealed record SoakGate(TimeSpan Duration) : Gate
{
    /// <inheritdoc/>
    public override string Description => $"soak time of {Format.Duration(Duration)}";

    /// <inheritdoc/>
    protected override string? Validate() => Duration <= TimeSpan.Zero ? "its duration is not positive" : null;
}

/// <summary>Allows promotions during certain hours of certain days only. In Azure DevOps: the Business Hours check.</summary>
/// <param name="Start">The first minute of the day.</param>
/// <param name="End">The last minute of the day; not before <paramref name="Start"/>.</param>
/// <param name="TimeZone">The time zone, by its name in Azure DevOps: <c>UTC</c>, <c>W. Europe Standard Time</c>.</param>
public sealed record BusinessHoursGate(TimeOnly Start, TimeOnly End, string TimeZone) : Gate
{
    /// <summary>The days of the week.</summary>
    public IReadOnlyList<DayOfWeek> Days { get; init; } =
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    /// <inheritdoc/>
    public override string Description => $"business hours {Start:HH\\:mm}-{End:HH\\:mm} {TimeZone}";

    /// <inheritdoc/>
    public override bool IsEvaluatedByPromotion => false;

    /// <inheritdoc/>
    protected override string? Validate()
    {
        if (Start >= End)
            return "it ends before it starts";
        if (Days.Count == 0)
            return "it has no days";
        if (string.IsNullOrWhiteSpace(TimeZone))
            return "it has no time zone";
        return null;
    }
}
