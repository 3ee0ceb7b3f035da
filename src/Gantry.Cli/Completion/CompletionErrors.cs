namespace Gantry.Cli.Completion;

/// <summary>GAN4121 and GAN4122: the completion of command lines in shells.</summary>
internal static class CompletionErrors
{
    public static GantryException UnknownShell(string? found) =>
        new(
            "GAN4121",
            found is null ? $"the shell of this user is not known: SHELL is not set" : $"there is no completion for the shell '{found}'",
            "name one: gantry completion install bash, zsh, fish or powershell");

    public static GantryException NotWritten(string path, string reason) =>
        new(
            "GAN4122",
            $"{path} cannot be written: {reason}",
            "make it writable, or load the script yourself: gantry completion bash (zsh, fish, powershell) writes it");
}
