namespace Gantry.Docker.Engine;

/// <summary>
/// The settings from which Docker's own client finds its engine: environment variables, the home folder and the operating system.
/// </summary>
public sealed class DockerEnvironment
{
    /// <summary>Reads an environment variable. Returns null when it is not set.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The home folder of the user.</summary>
    public required string Home { get; init; }

    /// <summary>True on Windows, where the default engine listens on a named pipe.</summary>
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

    /// <summary>Reads an environment variable. Returns null when it is not set or empty: Docker does not distinguish the two.</summary>
    internal string? FindVariable(string variable) => Variable(variable) is { Length: > 0 } value ? value : null;
}
