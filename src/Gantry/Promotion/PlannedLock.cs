using Gantry.Environments;

namespace Gantry.Promotion;

/// <summary>The planned changes of locks.</summary>
internal sealed record PlannedLock
{
    /// <summary>The plan without changes.</summary>
    public static PlannedLock None { get; } = new();

    /// <summary>The lock that the environment requires.</summary>
    public ImageLock Wanted { get; init; }

    /// <summary>True when something has to be locked.</summary>
    public bool Locks { get; init; }

    /// <summary>True when the tag has to be unlocked first, because it is moved and unlocking was requested.</summary>
    public bool Unlocks { get; init; }

    /// <summary>True when the environment requires a lock that this target, a folder, does not support.</summary>
    public bool IsUnsupported { get; init; }
}
