namespace Gantry.Testing.Jobs;

/// <summary>The environment of the processes of a job.</summary>
public static class JobEnvironment
{
    /// <summary>Reads variables of this process that are set.</summary>
    public static IReadOnlyDictionary<string, string> Inherit(params string[] names) =>
        names
            .Where(name => Environment.GetEnvironmentVariable(name) is not null)
            .ToDictionary(name => name, name => Environment.GetEnvironmentVariable(name)!);
}
