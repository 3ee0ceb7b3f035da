using System.Runtime.Versioning;

namespace Gantry.Nuke.Versioning;

/// <summary>Settings with which git sees the files as they are.</summary>
internal static class GitSettings
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>
    /// Returns a runner that asks no monitor which files have changed, compares all that the file system knows about them, and respects
    /// modes and links, because images contain both.
    /// </summary>
    public static Git Apply(Git git)
    {
        var strict = git.Configured("core.fsmonitor=false", "core.trustctime=true", "core.checkStat=default", "core.safecrlf=false");
        if (OperatingSystem.IsWindows())
            return strict;
        return HasModes(git) ? strict.Configured("core.symlinks=true", "core.fileMode=true") : strict.Configured("core.symlinks=true");
    }

    // On a file system without modes every file is executable, and no tool can change that.
    [UnsupportedOSPlatform("windows")]
    private static bool HasModes(Git git) =>
        git.TryRun("rev-parse", "--absolute-git-dir") is { } folder
        && Path.Combine(folder, "HEAD") is var head
        && File.Exists(head)
        && (File.GetUnixFileMode(head) & Executable) == UnixFileMode.None;
}
