namespace Pipeline.Tests.Fixtures;

/// <summary>A test that compiles a whole build program, and of which faster tests prove the parts. It is run every night.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NightFactAttribute : FactAttribute
{
    public NightFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("GANTRY_RUN_PIPELINE") != "1")
            Skip = "compiles the build, and is run every night (GANTRY_RUN_PIPELINE=1 runs it)";
    }
}
