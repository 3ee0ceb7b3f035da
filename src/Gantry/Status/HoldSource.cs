using Gantry.Environments;
using Gantry.Holds;
using Gantry.IO;
using Gantry.Registries;

namespace Gantry.Status;

/// <summary>
/// Adds the holds of environments to a status. A hold is beside each image, so those beside one are read: one list of referrers for each
/// registry.
/// </summary>
/// <param name="repositories">The client that opens registries.</param>
/// <param name="time">The clock; the system clock by default.</param>
public sealed class HoldSource(IRegistryClient repositories, TimeProvider? time = null) : IStatusSource
{
    /// <summary>The client for each environment, when one has an identity of its own; the one of this source by default.</summary>
    public Func<PromotionEnvironment, IRegistryClient>? ClientOf { get; init; }

    /// <inheritdoc/>
    public async Task<StatusAddition> ReadAsync(FleetStatus status, CancellationToken cancellationToken)
    {
        var read = await Concurrently.SelectAsync(
            status.Targets, (target, token) => ReadAsync(target, FirstImage(status, target), token), cancellationToken);
        return new StatusAddition
        {
            Marks = [.. read.Select(hold => hold.Mark).OfType<StatusMark>()],
            Holds = [.. read.Select(hold => hold.Hold).OfType<StatusHold>().DistinctBy(hold => hold.Environment)],
        };
    }

    // One that is there, whose repository therefore exists.
    private static IReadOnlyList<string> FirstImage(FleetStatus status, PromotionTarget target) =>
    [
        .. status.Cells
            .Where(cell => cell.Target == target)
            .OrderBy(cell => cell.Version is null)
            .Select(cell => cell.Image)
            .Take(1),
    ];

    private async Task<(StatusHold? Hold, StatusMark? Mark)> ReadAsync(
        PromotionTarget target, IReadOnlyList<string> images, CancellationToken cancellationToken)
    {
        try
        {
            var client = ClientOf?.Invoke(target.Environment) ?? repositories;
            var state = await new HoldReader(client, time).ReadAsync(target, images, cancellationToken);
            if (state.Open is not { } open)
                return (null, null);
            return (
                new StatusHold(target.Environment.Name, state.Since ?? open.Time, open.By, open.Reason, open.Version),
                new StatusMark
                {
                    Kind = StatusMarkKind.Held,
                    Code = "GAN4405",
                    Place = target.DisplayName,
                    Problem = StatusErrors.Held(
                        target.DisplayName, open.Version, Format.Time(state.Since ?? open.Time), open.By, open.Reason).Problem,
                    Command = $"./build.sh ReleaseHold --environment {target.Environment.Name} --reason \"reason\"",
                });
        }
        catch (GantryException problem)
        {
            return (null, new StatusMark
            {
                Kind = StatusMarkKind.Unreadable,
                Code = problem.Code,
                Place = target.DisplayName,
                Problem = problem.Problem,
                Remedy = problem.Remedy,
                Error = problem,
            });
        }
    }
}
