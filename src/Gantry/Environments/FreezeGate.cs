namespace Gantry.Environments;

/// <summary>Stops promotions during certain times: on holidays, at the end of a quarter, over weekends.</summary>
/// <param name="Windows">The times.</param>
/// <param name="TimeZone">The time zone of all of them: <c>UTC</c>, <c>Europe/Berlin</c>.</param>
public sealed record FreezeGate(IReadOnlyList<FreezeWindow> Windows, string TimeZone) : Gate
{
    /// <inheritdoc/>
    public override string Description => $"no freeze: {string.Join(", ", Windows)}";

    /// <inheritdoc/>
    protected override string? Validate() =>
        Windows.Count == 0 ? "it has no times"
        : string.IsNullOrWhiteSpace(TimeZone) ? "it has no time zone"
        : Windows.Select(window => window.Validate()).FirstOrDefault(fault => fault is not null);
}
