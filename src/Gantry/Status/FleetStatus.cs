using Gantry.Environments;

namespace Gantry.Status;

/// <summary>What runs where: the state of every image in every environment, as the registries prove it at one time.</summary>
public sealed record FleetStatus
{
    /// <summary>The time of the read.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>The names of the images, in the order of the declaration.</summary>
    public required IReadOnlyList<string> Images { get; init; }

    /// <summary>The registries of the environments, each environment after its predecessor, each region for itself.</summary>
    public required IReadOnlyList<PromotionTarget> Targets { get; init; }

    /// <summary>One cell for each image at each target, in the order of the targets, then of the images.</summary>
    public required IReadOnlyList<StatusCell> Cells { get; init; }

    /// <summary>The holds that are open, by environment.</summary>
    public IReadOnlyList<StatusHold> Holds { get; init; } = [];

    /// <summary>Everything that a person should look at, the gravest first: that of the cells, and that of whole registries.</summary>
    public IReadOnlyList<StatusMark> Marks { get; init; } = [];

    /// <summary>Remarks about what is no error, in the order of the targets.</summary>
    public IReadOnlyList<StatusNote> Notes { get; init; } = [];

    /// <summary>Returns the cell of an image at a target.</summary>
    /// <param name="image">The name of the image.</param>
    /// <param name="target">The target.</param>
    public StatusCell CellOf(string image, PromotionTarget target) =>
        Cells.First(cell => cell.Image == image && cell.Target.Environment == target.Environment && cell.Target.Region == target.Region);
}

/// <summary>A remark about a place.</summary>
/// <param name="Place">The place, for people: <c>prod, west-europe</c>.</param>
/// <param name="Text">The remark, as one sentence without a full stop.</param>
public sealed record StatusNote(string Place, string Text);

/// <summary>A hold that keeps an environment from taking the next promotion whose release no person has named.</summary>
/// <param name="Environment">The name of the environment.</param>
/// <param name="Since">The time since which it holds.</param>
/// <param name="By">The person who has set it.</param>
/// <param name="Reason">The reason.</param>
/// <param name="Version">The version that stays; null for a freeze of whatever is there.</param>
public sealed record StatusHold(string Environment, DateTimeOffset Since, string By, string Reason, string? Version);
