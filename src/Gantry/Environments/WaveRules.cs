namespace Gantry.Environments;

/// <summary>The rules of waves: every region is in exactly one of them.</summary>
internal static class WaveRules
{
    /// <summary>The longest pause between two waves. A release that waits longer is forgotten.</summary>
    public static TimeSpan LongestPause { get; } = TimeSpan.FromDays(30);

    /// <summary>Throws <c>GAN4620</c> when the waves of an environment are not sound.</summary>
    public static void Check(PromotionEnvironment environment)
    {
        if (Validate(environment) is { } fault)
            throw EnvironmentErrors.UnsoundWaves(environment.Name, fault);
    }

    private static string? Validate(PromotionEnvironment environment)
    {
        var (waves, pause) = (environment.Waves, environment.PauseBetweenWaves);
        if (pause < TimeSpan.Zero || pause > LongestPause)
            return $"the pause between them is {pause}, and not between zero and {Format.Duration(LongestPause)}";
        if (pause > TimeSpan.Zero && waves.Count < 2)
            return "there is a pause between them, and there are not two";
        if (waves.Any(wave => wave.Count == 0))
            return "one has no region";
        var regions = waves.SelectMany(wave => wave).ToList();
        if (regions.GroupBy(region => region, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
            return $"the region '{twice.Key}' is in them twice";
        if (waves.Count == 0)
            return null;
        if (environment.Regions.FirstOrDefault(region => !regions.Contains(region)) is { } missing)
            return $"the region '{missing}' is in none";
        return regions.Find(region => !environment.Regions.Contains(region)) is { } unknown
            ? $"the environment has no region '{unknown}'"
            : null;
    }
}
