namespace Gantry.AzurePipelines.Gates;

/// <summary>The period in which alerts count: the choices of Azure DevOps.</summary>
public enum AlertTimeRange
{
    /// <summary>The last hour.</summary>
    Hour,

    /// <summary>The last day.</summary>
    Day,

    /// <summary>The last seven days.</summary>
    Week,

    /// <summary>The last thirty days.</summary>
    Month,
}
