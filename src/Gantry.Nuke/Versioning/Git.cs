using System.ComponentModel;
using System.Diagnostics;

namespace Gantry.Nuke.Versioning;

/// <summary>Runs the git program in one folder.</summary>
internal sealed class Git(string folder)
{
    private readonly List<(string Name, string Value)> _environment = [];

    public string Folder => folder;

    /// <summary>The error of the last command that failed, or null.</summary>
    public string? Problem { get; private set; }

    public Git With(params (string Name, string Value)[] environment)
    {
        var git = new Git(folder);
        git._environment.AddRange(environment);
        return git;
    }

    /// <summary>Runs a command. Returns its output without trailing line breaks, or null when git fails.</summary>
    public string? TryRun(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // This program parses the output of git, so messages must not be localized.
        start.Environment["LC_ALL"] = "C";
        foreach (var (name, value) in _environment)
            start.Environment[name] = value;

        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode == 0)
                return output.TrimEnd('\n', '\r');

            Problem = FirstLine(errors.GetAwaiter().GetResult());
            return null;
        }
        catch (Win32Exception)
        {
            Problem = "there is no 'git' on the PATH";
            return null;
        }
    }

    private static string? FirstLine(string text) =>
        text.Split('\n', 2)[0].Trim() is { Length: > 0 } line ? line.Replace("fatal: ", "", StringComparison.Ordinal) : null;
}
