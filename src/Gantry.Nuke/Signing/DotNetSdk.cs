using System.ComponentModel;
using System.Diagnostics;

namespace Gantry.Nuke.Signing;

/// <summary>The .NET SDK that builds in a folder: the one that its <c>global.json</c> selects.</summary>
internal static class DotNetSdk
{
    /// <summary>Returns the version; null when there is no SDK, as on an agent that only promotes.</summary>
    public static string? FindVersion(string folder)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("dotnet", ["--version"])
            {
                WorkingDirectory = folder,
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
            var version = process!.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 && version.Length is > 0 and < 64 ? version : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
