namespace Fallout.Common;

/// <summary>
/// The name of Fallout and the names that it gives to files and variables: all in which it differs from NUKE, of which every other source
/// is taken.
/// </summary>
internal static class Product
{
    public const string Title = "Fallout";
    public const string Version = "10.4.0";

    /// <summary>What runs the targets, in the first line of the output.</summary>
    public const string Engine = Title + " Execution Engine version " + Version;

    /// <summary>The command that public guides name, in texts for people.</summary>
    public const string Command = "fallout";

    /// <summary>
    /// The folders that mark a root directory and have the parameters, of which the first one counts that exists: a repository that came
    /// from NUKE may keep its own.
    /// </summary>
    public static readonly string[] DirectoryNames = [".fallout", ".nuke"];

    /// <summary>
    /// The names of variables for a parameter, by their letters and digits: those of the first group of which a variable is set.
    /// FALLOUT_BASE_REGISTRY, and NUKE_BASE_REGISTRY of older days, come before BASE_REGISTRY and BaseRegistry.
    /// </summary>
    public static string[][] VariableNames(string letters) => [["FALLOUT" + letters, "NUKE" + letters], [letters]];

    public static readonly string[] Logo =
    [
        "███████╗ █████╗ ██╗     ██╗      ██████╗ ██╗   ██╗████████╗",
        "██╔════╝██╔══██╗██║     ██║     ██╔═══██╗██║   ██║╚══██╔══╝",
        "█████╗  ███████║██║     ██║     ██║   ██║██║   ██║   ██║   ",
        "██╔══╝  ██╔══██║██║     ██║     ██║   ██║██║   ██║   ██║   ",
        "██║     ██║  ██║███████╗███████╗╚██████╔╝╚██████╔╝   ██║   ",
        "╚═╝     ╚═╝  ╚═╝╚══════╝╚══════╝ ╚═════╝  ╚═════╝    ╚═╝   "
    ];
}
