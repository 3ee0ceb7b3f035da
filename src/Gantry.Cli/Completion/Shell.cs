namespace Gantry.Cli.Completion;

/// <summary>The shells that <c>gantry completion</c> has a script for.</summary>
internal enum Shell
{
    /// <summary>bash, version 4 or later; version 3 of macOS without descriptions.</summary>
    Bash,

    /// <summary>zsh.</summary>
    Zsh,

    /// <summary>fish.</summary>
    Fish,

    /// <summary>PowerShell 7, and Windows PowerShell 5.1.</summary>
    Powershell,
}
