using System.CommandLine;

namespace Gantry.Cli.Completion;

/// <summary>
/// <c>gantry __complete</c>: what the scripts of the shells call. A line for each thing that can follow: the text, a tab, what it is.
/// </summary>
internal static class CompleteCommand
{
    /// <summary>The name of the command.</summary>
    public const string Name = "__complete";

    /// <summary>Runs the command: its words are not parsed, because they are a command line that is not complete.</summary>
    public static int Run(CommandContext context, Command root, IReadOnlyList<string> words)
    {
        // "--" before them keeps a shell from reading the first one as its own.
        List<string> typed = words is ["--", ..] ? [.. words.Skip(1)] : [.. words];
        if (typed is [.., CompletionScripts.EmptyWord])
            typed[^1] = "";
        foreach (var item in new CompletionFinder(root).Find(typed))
        {
            // A name with a line break or a tab cannot be completed in any of the shells.
            if (DisplayText.Neutralize(item.Value) != item.Value)
                continue;
            context.Out.WriteTabbed(item.Value, Short(item.Description));
        }

        return ExitCodes.Success;
    }

    private static string Short(string description) =>
        description.IndexOf(". ", StringComparison.Ordinal) is > 0 and var end ? description[..end] : description.TrimEnd('.');
}
