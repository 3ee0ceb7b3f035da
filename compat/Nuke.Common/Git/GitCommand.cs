using System.Diagnostics;
using Nuke.Common.Tooling;

namespace Nuke.Common.Git;

/// <summary>Asks git, which knows about worktrees, packed references and included configuration.</summary>
internal sealed class GitCommand(string directory)
{
    /// <summary>The output, or nothing if git says that there is none.</summary>
    public string TryRead(params string[] arguments)
    {
        var git = ToolPathResolver.TryGetEnvironmentExecutable("GIT_EXE") ?? ToolPathResolver.GetPathExecutable("git");
        var startInfo = new ProcessStartInfo(git, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        using var process = Process.Start(startInfo)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd().Trim();
        error.Wait();
        process.WaitForExit();
        return process.ExitCode == 0 && output.Length > 0 ? output : null;
    }
}
