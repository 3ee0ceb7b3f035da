namespace Gantry.Testing;

/// <summary>
/// A program that some tests need. Where it is missing those tests are skipped and say so; with GANTRY_REQUIRE_COMPONENTS=1 (as in CI)
/// they run all the same, and fail.
/// </summary>
public sealed record Component(string Name, string Remedy, params string[] Programs)
{
    public static Component DockerRegistry { get; } = new("docker-registry", "apt install docker-registry", "docker-registry", "registry");

    public static Component Skopeo { get; } = new("skopeo", "apt install skopeo", "skopeo");

    public static Component OpenSsl { get; } = new("openssl", "apt install openssl", "openssl");

    public static Component DockerEngine { get; } = new("dockerd", "apt install docker.io", "dockerd");

    /// <summary>A static busybox: a base image with a shell, without a network.</summary>
    public static Component Busybox { get; } = new("busybox", "apt install busybox-static", "busybox");

    public static Component Kubectl { get; } = new("kubectl", "apt install kubernetes-client", "kubectl");

    /// <summary>util-linux's script, which gives a program a terminal.</summary>
    public static Component Script { get; } = new("script", "apt install bsdutils", "script");

    /// <summary>PowerShell, which comes as a .NET tool.</summary>
    public static Component PowerShell { get; } = new("pwsh", "dotnet tool install --global PowerShell", "pwsh", "pwsh.exe");

    public static bool AreRequired => Environment.GetEnvironmentVariable("GANTRY_REQUIRE_COMPONENTS") == "1";

    /// <summary>The full path of the program, or null when it is not on the PATH.</summary>
    public string? Path => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(folder => Programs.Select(program => System.IO.Path.Combine(folder, program)))
        .FirstOrDefault(File.Exists);

    /// <summary>Why tests that need these are skipped; null when they run.</summary>
    public static string? ReasonToSkip(params ReadOnlySpan<Component> components)
    {
        if (AreRequired)
            return null;
        foreach (var component in components)
        {
            if (component.Path is null)
                return $"{component.Name} is not installed ({component.Remedy})";
        }

        return null;
    }

    /// <summary>The full path of the program, or an error.</summary>
    public string Require() => Path ?? throw new InvalidOperationException($"{Name} is not installed ({Remedy}), and this test needs it.");
}
