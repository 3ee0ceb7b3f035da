namespace Gantry.AzurePipelines;

/// <summary>Converts times to the unit of Azure DevOps.</summary>
internal static class Minutes
{
    /// <summary>Returns whole minutes, rounded up.</summary>
    public static int Of(TimeSpan time) => (int)Math.Min(int.MaxValue, Math.Ceiling(time.TotalMinutes));
}
