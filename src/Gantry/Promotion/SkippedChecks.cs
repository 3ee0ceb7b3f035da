namespace Gantry.Promotion;

/// <summary>Collects the checks that do not hold, and that a person skips in an emergency.</summary>
/// <param name="reason">The reason; null when nothing is skipped.</param>
internal sealed class SkippedChecks(string? reason)
{
    private readonly List<string> _skipped = [];

    /// <summary>The reason; null when nothing is skipped.</summary>
    public string? Reason => reason;

    /// <summary>What was skipped, for the record; null when it was nothing.</summary>
    public BreakGlass? Record => _skipped.Count == 0 ? null : new BreakGlass { Reason = reason!, Skipped = [.. _skipped] };

    /// <summary>Runs a check. Its error is thrown, or recorded when there is a reason for skipping it.</summary>
    /// <param name="check">The check.</param>
    /// <param name="otherwise">Returns the result of a skipped check.</param>
    public async Task<T> TryAsync<T>(Func<Task<T>> check, Func<GantryException, T> otherwise)
    {
        try
        {
            return await check();
        }
        catch (GantryException error) when (reason is not null)
        {
            _skipped.Add($"{error.Code}: {error.Problem}");
            return otherwise(error);
        }
    }
}
