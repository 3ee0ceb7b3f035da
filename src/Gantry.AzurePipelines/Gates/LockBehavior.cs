namespace Gantry.AzurePipelines.Gates;

/// <summary>The handling of promotions that wait for an exclusive lock.</summary>
public enum LockBehavior
{
    /// <summary>All run, one after the other.</summary>
    Sequential,

    /// <summary>Only the latest runs; the others are cancelled.</summary>
    RunLatest,
}
