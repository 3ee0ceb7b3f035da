using Xunit;

namespace Gantry.Testing;

/// <summary>A test that needs a real registry.</summary>
public sealed class RegistryFactAttribute : FactAttribute
{
    public RegistryFactAttribute() => Skip = RequiredProgram.FindSkipReason(RequiredProgram.DockerRegistry);
}

/// <summary>Tests that need a real registry.</summary>
public sealed class RegistryTheoryAttribute : TheoryAttribute
{
    public RegistryTheoryAttribute() => Skip = RequiredProgram.FindSkipReason(RequiredProgram.DockerRegistry);
}

/// <summary>A test that needs skopeo.</summary>
public sealed class SkopeoFactAttribute : FactAttribute
{
    public SkopeoFactAttribute() => Skip = RequiredProgram.FindSkipReason(RequiredProgram.Skopeo);
}

/// <summary>A test that needs skopeo and a real registry.</summary>
public sealed class SkopeoRegistryFactAttribute : FactAttribute
{
    public SkopeoRegistryFactAttribute() => Skip = RequiredProgram.FindSkipReason(RequiredProgram.Skopeo, RequiredProgram.DockerRegistry);
}

/// <summary>A test that needs kubectl and Unix, for a script that wraps kubectl.</summary>
public sealed class KubectlFactAttribute : FactAttribute
{
    public KubectlFactAttribute() =>
        Skip = OperatingSystem.IsWindows() ? "needs Unix" : RequiredProgram.FindSkipReason(RequiredProgram.Kubectl);
}

/// <summary>A test that needs strace.</summary>
public sealed class StraceFactAttribute : FactAttribute
{
    public StraceFactAttribute() => Skip = RequiredProgram.FindSkipReason(RequiredProgram.Strace);
}

/// <summary>Tests that need strace.</summary>
public sealed class StraceTheoryAttribute : TheoryAttribute
{
    public StraceTheoryAttribute() => Skip = RequiredProgram.FindSkipReason(RequiredProgram.Strace);
}

/// <summary>A test that needs the program of Zstandard.</summary>
public sealed class ZstdFactAttribute : FactAttribute
{
    public ZstdFactAttribute() => Skip = RequiredProgram.FindSkipReason(RequiredProgram.Zstd);
}

/// <summary>A test that needs openssl and Unix.</summary>
public sealed class OpenSslFactAttribute : FactAttribute
{
    public OpenSslFactAttribute() =>
        Skip = OperatingSystem.IsWindows() ? "needs Unix" : RequiredProgram.FindSkipReason(RequiredProgram.OpenSsl);
}

/// <summary>A test that needs PowerShell.</summary>
public sealed class PowerShellFactAttribute : FactAttribute
{
    public PowerShellFactAttribute() => Skip = RequiredProgram.FindSkipReason(RequiredProgram.PowerShell);
}

/// <summary>A test that needs Chromium.</summary>
public sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute() => Skip = RequiredProgram.FindSkipReason(RequiredProgram.Chromium);
}

/// <summary>Tests that need Chromium.</summary>
public sealed class ChromiumTheoryAttribute : TheoryAttribute
{
    public ChromiumTheoryAttribute() => Skip = RequiredProgram.FindSkipReason(RequiredProgram.Chromium);
}

/// <summary>A test that starts a Docker engine, which needs root and Linux.</summary>
public sealed class DockerEngineFactAttribute : FactAttribute
{
    /// <summary>Creates the attribute.</summary>
    /// <param name="components">The names of other programs that the test needs: <c>Skopeo</c>, <c>DockerRegistry</c>.</param>
    public DockerEngineFactAttribute(params string[] components) => Skip = DockerDaemon.FindSkipReason(components);
}

/// <summary>Tests that start a Docker engine, which needs root and Linux.</summary>
public sealed class DockerEngineTheoryAttribute : TheoryAttribute
{
    public DockerEngineTheoryAttribute() => Skip = DockerDaemon.FindSkipReason();
}

/// <summary>A test that needs a terminal.</summary>
public sealed class TerminalFactAttribute : FactAttribute
{
    public TerminalFactAttribute() =>
        Skip = OperatingSystem.IsLinux() ? RequiredProgram.FindSkipReason(RequiredProgram.Script) : "needs Linux";
}

/// <summary>A theory that needs a terminal.</summary>
public sealed class TerminalTheoryAttribute : TheoryAttribute
{
    public TerminalTheoryAttribute() =>
        Skip = OperatingSystem.IsLinux() ? RequiredProgram.FindSkipReason(RequiredProgram.Script) : "needs Linux";
}

/// <summary>A test that needs Linux.</summary>
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "needs Linux";
    }
}

/// <summary>A test that needs Linux and root, for mounts.</summary>
public sealed class LinuxRootFactAttribute : FactAttribute
{
    public LinuxRootFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            Skip = "needs Linux and root, to mount a file system";
    }
}

/// <summary>A test that needs Unix: links without privileges, scripts as programs.</summary>
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "needs Unix";
    }
}

/// <summary>Tests that need Unix.</summary>
public sealed class UnixTheoryAttribute : TheoryAttribute
{
    public UnixTheoryAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "needs Unix";
    }
}
