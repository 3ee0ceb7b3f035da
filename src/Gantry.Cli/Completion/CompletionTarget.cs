namespace Gantry.Cli.Completion;

/// <summary>The files that connect a shell with its script.</summary>
/// <param name="Script">The file of the script.</param>
/// <param name="Profile">The file of the user that loads it; null when the shell finds the script by itself.</param>
/// <param name="Line">The line in the profile; null without one.</param>
internal sealed record CompletionTarget(string Script, string? Profile, string? Line)
{
    /// <summary>Returns the files of a shell.</summary>
    /// <param name="shell">The shell.</param>
    /// <param name="home">The home folder of the user.</param>
    /// <param name="variable">Finds an environment variable.</param>
    /// <param name="exists">Returns true when a file exists.</param>
    public static CompletionTarget Of(Shell shell, string home, Func<string, string?> variable, Func<string, bool> exists)
    {
        var data = Variable("XDG_DATA_HOME") ?? Path.Combine(home, ".local", "share");
        var config = Variable("XDG_CONFIG_HOME") ?? Path.Combine(home, ".config");
        switch (shell)
        {
            case Shell.Bash:
                // Found there by bash-completion, if that is installed.
                var bash = Path.Combine(data, "bash-completion", "completions", "gantry");
                return s_bashCompletion.Any(exists)
                    ? new(bash, null, null)
                    : new(bash, Path.Combine(home, ".bashrc"), $". {Quote(bash)}");
            case Shell.Zsh:
                var zsh = Path.Combine(data, "gantry", "completion.zsh");
                return new(zsh, Path.Combine(Variable("ZDOTDIR") ?? home, ".zshrc"), $". {Quote(zsh)}");
            case Shell.Fish:
                return new(Path.Combine(config, "fish", "completions", "gantry.fish"), null, null);
            default:
                var script = Path.Combine(data, "gantry", "completion.ps1");
                return new(script, ProfileOfPowerShell(config), $". '{script.Replace("'", "''", StringComparison.Ordinal)}'");
        }

        string? Variable(string name) => variable(name) is { Length: > 0 } value ? value : null;
    }

    private static readonly string[] s_bashCompletion =
    [
        "/usr/share/bash-completion/bash_completion", "/etc/bash_completion", "/usr/local/share/bash-completion/bash_completion",
        "/opt/homebrew/etc/profile.d/bash_completion.sh", "/usr/local/etc/profile.d/bash_completion.sh",
    ];

    private static string ProfileOfPowerShell(string config) => OperatingSystem.IsWindows()
        ? Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.MyDocuments), "PowerShell", "Microsoft.PowerShell_profile.ps1")
        : Path.Combine(config, "powershell", "Microsoft.PowerShell_profile.ps1");

    private static string Quote(string path) => $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
