namespace Gantry.Testing;

/// <summary>A test that needs a Docker engine: skipped where none can be started, unless GANTRY_REQUIRE_COMPONENTS=1.</summary>
public sealed class EngineFactAttribute : FactAttribute
{
    /// <summary>Creates the attribute.</summary>
    public EngineFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("GANTRY_REQUIRE_COMPONENTS") != "1")
            Skip = DockerEngineHost.MissingReason;
    }
}
