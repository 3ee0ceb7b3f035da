namespace Gantry.Docker;

/// <summary>What decides which engine Docker's own client would talk to: environment variables, the home folder and the system.</summary>
public sealed record DockerEnvironment
{
    /// <summary>Reads an environment variable; null when it is not set.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The home folder of the user.</summary>
    public required string Home { get; init; }

    /// <summary>Whether this is Windows, where the default engine listens on a named pipe.</summary>
    public required bool IsWindows { get; init; }

    /// <summary>The environment of this process.</summary>
    public static DockerEnvironment Current { get; } = new()
    {
        Variable = Environment.GetEnvironmentVariable,
        Home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify),
        IsWindows = OperatingSystem.IsWindows(),
    };

    /// <summary>The folder of Docker's configuration: <c>DOCKER_CONFIG</c>, or <c>.docker</c> in the home folder.</summary>
    public string ConfigurationFolder => FindVariable("DOCKER_CONFIG") ?? Path.Combine(Home, ".docker");

    /// <summary>The variable's value, or null when it is not set or empty: Docker does not tell the two apart.</summary>
    internal string? FindVariable(string variable) => Variable(variable) is { Length: > 0 } value ? value : null;
}
