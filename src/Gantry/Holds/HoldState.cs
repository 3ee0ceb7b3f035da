using Gantry.Environments;

namespace Gantry.Holds;

/// <summary>The holds of one registry of an environment.</summary>
public sealed record HoldState
{
    /// <summary>The registry.</summary>
    public required PromotionTarget Target { get; init; }

    /// <summary>Every hold that was set, and every one that was ended, the latest first.</summary>
    public IReadOnlyList<HoldStatement> Statements { get; init; } = [];

    /// <summary>An error for each statement that does not count: those that no key of the environment has signed.</summary>
    public IReadOnlyList<GantryException> Ignored { get; init; } = [];

    /// <summary>The open hold; null when the environment is not held.</summary>
    public HoldStatement? Open => Statements is [{ Held: true } latest, ..] ? latest : null;

    /// <summary>
    /// The time since which the environment is held without a break; null when it is not held. A hold that follows another one does not
    /// begin anew.
    /// </summary>
    public DateTimeOffset? Since => Statements.TakeWhile(statement => statement.Held).LastOrDefault()?.Time;

    /// <summary>
    /// Returns what is known of the open hold, as the end of a sentence: <c>which is held at 1.4.1 since … by Anna: 1.4.2 loses orders</c>.
    /// Empty when the environment is not held.
    /// </summary>
    public string Describe() => Open is not { } open ? ""
        : Format.Line($"which is held{(open.Version is { } version ? $" at {version}" : "")} since {Format.Time(Since!.Value)} ")
            + Format.Line($"by {open.By}: {open.Reason}");

    /// <summary>Returns the error of a release that the open hold keeps out: <c>GAN4601</c>.</summary>
    /// <param name="version">The version of the release.</param>
    public GantryException Refuse(string version) => HoldErrors.Held(version, this);

    /// <summary>Returns the error of a release that the open hold keeps out of a later environment, too: <c>GAN4603</c>.</summary>
    /// <param name="version">The version of the release.</param>
    /// <param name="later">The environment that the release was to go to.</param>
    public GantryException Refuse(string version, PromotionEnvironment later) => HoldErrors.HeldBefore(version, later, this);

    /// <summary>Returns true when an open hold keeps a release out: any but the one that stays.</summary>
    /// <param name="version">The version of the release.</param>
    public bool KeepsOut(string version) => Open is { } open && open.Version != version;
}
