namespace Gantry.Status;

/// <summary>
/// Adds to a status what the registries of the environments do not say by themselves: what hosts run, holds, base images that have moved.
/// </summary>
public interface IStatusSource
{
    /// <summary>
    /// Reads what there is to add. What cannot be read is a mark of the kind <see cref="StatusMarkKind.Unreadable"/>, and no exception.
    /// </summary>
    /// <param name="status">The status as the registries prove it.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    Task<StatusAddition> ReadAsync(FleetStatus status, CancellationToken cancellationToken);
}

/// <summary>What a source adds to a status.</summary>
public sealed record StatusAddition
{
    /// <summary>What a person should look at. A mark with an image is also in the cell of that image at its place.</summary>
    public IReadOnlyList<StatusMark> Marks { get; init; } = [];

    /// <summary>The holds that are open.</summary>
    public IReadOnlyList<StatusHold> Holds { get; init; } = [];
}
