using Gantry.Environments;
using Gantry.Status;

namespace Gantry.Drift;

/// <summary>A registry of an environment, with the release that is promoted there.</summary>
/// <param name="Place">The place, for people: <c>prod, west-europe</c>.</param>
/// <param name="Environment">The name of the environment.</param>
/// <param name="Region">The region; null when the environment has none.</param>
/// <param name="Registry">The address of the registry.</param>
/// <param name="Version">The version of the release; null when there is none, or none could be read.</param>
public sealed record DriftPlace(string Place, string Environment, string? Region, string Registry, string? Version)
{
    internal static DriftPlace Of(FleetStatus status, PromotionTarget target) => new(
        target.DisplayName,
        target.Environment.Name,
        target.Region,
        target.Address.ToString()!,
        status.Cells.Where(cell => cell.Target == target).Select(cell => cell.Version).FirstOrDefault(version => version is not null));
}
