using Xunit;

namespace Gantry.Testing;

/// <summary>A test that needs a real registry.</summary>
public sealed class RegistryFactAttribute : FactAttribute
{
    public RegistryFactAttribute() => Skip = Component.ReasonToSkip(Component.DockerRegistry);
}

/// <summary>Tests that need a real registry.</summary>
public sealed class RegistryTheoryAttribute : TheoryAttribute
{
    public RegistryTheoryAttribute() => Skip = Component.ReasonToSkip(Component.DockerRegistry);
}

/// <summary>A test that needs skopeo.</summary>
public sealed class SkopeoFactAttribute : FactAttribute
{
    public SkopeoFactAttribute() => Skip = Component.ReasonToSkip(Component.Skopeo);
}

/// <summary>A test that needs skopeo and a real registry.</summary>
public sealed class SkopeoRegistryFactAttribute : FactAttribute
{
    public SkopeoRegistryFactAttribute() => Skip = Component.ReasonToSkip(Component.Skopeo, Component.DockerRegistry);
}

/// <summary>A test that needs kubectl, and a script around it.</summary>
public sealed class KubectlFactAttribute : FactAttribute
{
    public KubectlFactAttribute() => Skip = OperatingSystem.IsWindows() ? "needs Unix" : Component.ReasonToSkip(Component.Kubectl);
}

/// <summary>A test that needs PowerShell.</summary>
public sealed class PowerShellFactAttribute : FactAttribute
{
    public PowerShellFactAttribute() => Skip = Component.ReasonToSkip(Component.PowerShell);
}

/// <summary>A test that starts a Docker engine, which only root can do, on Linux.</summary>
public sealed class DockerEngineFactAttribute : FactAttribute
{
    /// <summary>Creates the attribute.</summary>
    /// <param name="components">What else the test needs: <c>Skopeo</c>, <c>DockerRegistry</c>.</param>
    public DockerEngineFactAttribute(params string[] components) => Skip = DockerEngineHost.ReasonToSkip(components);
}

/// <summary>Tests that start a Docker engine, which only root can do, on Linux.</summary>
public sealed class DockerEngineTheoryAttribute : TheoryAttribute
{
    public DockerEngineTheoryAttribute() => Skip = DockerEngineHost.ReasonToSkip();
}

/// <summary>A test at a terminal.</summary>
public sealed class TerminalFactAttribute : FactAttribute
{
    public TerminalFactAttribute() => Skip = OperatingSystem.IsLinux() ? Component.ReasonToSkip(Component.Script) : "needs Linux";
}

/// <summary>A test that needs one of this machine's abilities, told by its name.</summary>
public sealed class LinuxRootFactAttribute : FactAttribute
{
    public LinuxRootFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            Skip = "needs Linux and root, to mount a file system";
    }
}

/// <summary>A test of something that only Unix has: links without privileges, scripts as programs.</summary>
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "needs Unix";
    }
}

/// <summary>Tests of something that only Unix has.</summary>
public sealed class UnixTheoryAttribute : TheoryAttribute
{
    public UnixTheoryAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "needs Unix";
    }
}
