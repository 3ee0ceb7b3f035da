namespace Nuke.Common;

/// <summary>
/// The name of NUKE and the names that it gives to files and variables. Fallout has another file of this name (compat/Fallout.Common); all
/// other sources are the same for both.
/// </summary>
internal static class Product
{
    public const string Title = "NUKE";
    public const string Version = "10.1.0";

#if CLOSED_FEED_PACKAGE
    /// <summary>What runs the targets, in the first line of the output.</summary>
    public const string Engine = "Gantry.ClosedFeed, which implements a part of NUKE " + Version;
#else
    /// <summary>What runs the targets, in the first line of the output.</summary>
    public const string Engine = Title + " Execution Engine version " + Version;
#endif

    /// <summary>The command that public guides name, in texts for people.</summary>
    public const string Command = "nuke";

    /// <summary>The folders that mark a root directory and have the parameters, of which the first one counts that exists.</summary>
    public static readonly string[] DirectoryNames = [".nuke"];

    /// <summary>
    /// The names of variables for a parameter, by their letters and digits: those of the first group of which a variable is set.
    /// BASE_REGISTRY, BaseRegistry and NUKE_BASE_REGISTRY are the same parameter.
    /// </summary>
    public static string[][] VariableNames(string letters) => [[letters, "NUKE" + letters]];

    public static readonly string[] Logo =
    [
#if !CLOSED_FEED_PACKAGE
        "███╗   ██╗██╗   ██╗██╗  ██╗███████╗",
        "████╗  ██║██║   ██║██║ ██╔╝██╔════╝",
        "██╔██╗ ██║██║   ██║█████╔╝ █████╗  ",
        "██║╚██╗██║██║   ██║██╔═██╗ ██╔══╝  ",
        "██║ ╚████║╚██████╔╝██║  ██╗███████╗",
        "╚═╝  ╚═══╝ ╚═════╝ ╚═╝  ╚═╝╚══════╝"
#endif
    ];
}
