namespace Gantry.Testing;

/// <summary>
/// A program that some tests need. Without it, those tests are skipped with a message; with GANTRY_REQUIRE_COMPONENTS=1 (as in CI) they run
/// and fail.
/// </summary>
public sealed record RequiredProgram(string Name, string Remedy, params string[] Programs)
{
    public static RequiredProgram DockerRegistry { get; } =
        new("docker-registry", "apt install docker-registry", "docker-registry", "registry");

    public static RequiredProgram Skopeo { get; } = new("skopeo", "apt install skopeo", "skopeo");

    public static RequiredProgram OpenSsl { get; } = new("openssl", "apt install openssl", "openssl");

    public static RequiredProgram DockerEngine { get; } = new("dockerd", "apt install docker.io", "dockerd");

    /// <summary>Gets busybox, statically linked: a base image with a shell, without a network.</summary>
    public static RequiredProgram Busybox { get; } = new("busybox", "apt install busybox-static", "busybox");

    public static RequiredProgram Kubectl { get; } = new("kubectl", "apt install kubernetes-client", "kubectl");

    /// <summary>Gets util-linux's script, which runs a program at a terminal.</summary>
    public static RequiredProgram Script { get; } = new("script", "apt install bsdutils", "script");

    /// <summary>Gets strace, which kills a process at a chosen call of the system (Linux only).</summary>
    public static RequiredProgram Strace { get; } = new("strace", "apt install strace", "strace");
    public static RequiredProgram Zstd { get; } = new("zstd", "apt install zstd", "zstd");

    /// <summary>Gets GNU time, which measures the memory of a process.</summary>
    public static RequiredProgram Time { get; } = new("time", "apt install time", "time");

    /// <summary>Gets PowerShell, which is available as a .NET tool.</summary>
    public static RequiredProgram PowerShell { get; } = new("pwsh", "dotnet tool install --global PowerShell", "pwsh", "pwsh.exe");

    /// <summary>Gets Chromium, in which tests open pages.</summary>
    public static RequiredProgram Chromium { get; } = new("chromium", "apt install chromium", "chromium", "chromium-browser", "chrome.exe");

    public static bool MayNotBeSkipped => Environment.GetEnvironmentVariable("GANTRY_REQUIRE_COMPONENTS") == "1";

    /// <summary>Gets the full path of the program, or null when it is not on the PATH.</summary>
    public string? Path => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(folder => Programs.Select(program => System.IO.Path.Combine(folder, program)))
        .FirstOrDefault(File.Exists);

    /// <summary>Returns why tests that need these programs are skipped; null when they run.</summary>
    public static string? FindSkipReason(params ReadOnlySpan<RequiredProgram> components)
    {
        if (MayNotBeSkipped)
            return null;
        foreach (var component in components)
        {
            if (component.Path is null)
                return $"{component.Name} is not installed ({component.Remedy})";
        }

        return null;
    }

    /// <summary>Returns the full path of the program; throws when it is missing.</summary>
    public string RequirePath() =>
        Path ?? throw new InvalidOperationException($"{Name} is not installed ({Remedy}), and this test needs it.");
}
