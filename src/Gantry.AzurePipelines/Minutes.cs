namespace Gantry.AzurePipelines;

/// <summary>Times in the unit that Azure DevOps counts in.</summary>
internal static class Minutes
{
    /// <summary>Whole minutes, rounded up.</summary>
    public static int Of(TimeSpan time) => (int)Math.Min(int.MaxValue, Math.Ceiling(time.TotalMinutes));
}
