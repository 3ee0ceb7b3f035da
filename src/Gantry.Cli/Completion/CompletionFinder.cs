using System.CommandLine;

namespace Gantry.Cli.Completion;

/// <summary>
/// Finds what can follow on a command line: commands, options, their values, and folders of images. It asks no registry, so that a shell
/// never waits.
/// </summary>
/// <param name="root">The root of the command line.</param>
internal sealed class CompletionFinder(Command root)
{
    /// <summary>Returns what can stand in place of the last word.</summary>
    /// <param name="words">The words behind the name of the program; the last one is completed, and may be empty.</param>
    public IReadOnlyList<CompletionItem> Find(IReadOnlyList<string> words)
    {
        var (current, before) = words.Count == 0 ? ("", []) : (words[^1], words.Take(words.Count - 1).ToList());
        var path = new List<Command> { root };
        Option? waiting = null;
        var arguments = 0;
        foreach (var word in before)
        {
            if (waiting is not null)
                waiting = null;
            else if (word.StartsWith('-'))
                waiting = word.Contains('=', StringComparison.Ordinal) ? null : OptionsOf(path).FirstOrDefault(
                    option => NamesOf(option).Contains(word, StringComparer.Ordinal) && TakesValue(option));
            else if (CommandsOf(path[^1]).FirstOrDefault(command => command.Name == word) is { } command)
                path.Add(command);
            else
                arguments++;
        }

        if (waiting is not null)
            return ValuesOf(waiting, current, "");
        if (current.StartsWith('-') && current.IndexOf('=', StringComparison.Ordinal) is > 0 and var sign)
            return OptionsOf(path).FirstOrDefault(option => NamesOf(option).Contains(current[..sign], StringComparer.Ordinal)) is { } given
                ? ValuesOf(given, current[(sign + 1)..], current[..(sign + 1)])
                : [];
        return current.StartsWith('-') ? Options(path, before, current) : Words(path[^1], current, arguments);
    }

    private static List<CompletionItem> Options(List<Command> path, IReadOnlyList<string> before, string current) =>
    [
        .. OptionsOf(path)
            .Where(option => option.Arity.MaximumNumberOfValues > 1 || !NamesOf(option).Any(before.Contains))
            .Where(option => option.Name.StartsWith(current, StringComparison.Ordinal))
            .OrderBy(option => option.Name, StringComparer.Ordinal)
            .Select(option => new CompletionItem(option.Name, option.Description ?? "")),
    ];

    private static IReadOnlyList<CompletionItem> Words(Command command, string current, int arguments)
    {
        var commands = CommandsOf(command).ToList();
        if (commands.Count > 0 && arguments == 0)
            return
            [
                .. commands
                    .Where(each => each.Name.StartsWith(current, StringComparison.Ordinal))
                    .OrderBy(each => each.Name, StringComparer.Ordinal)
                    .Select(each => new CompletionItem(each.Name, each.Description ?? "")),
            ];
        var shown = command.Arguments.Where(argument => !argument.Hidden).ToList();
        if (shown.Count == 0)
            return [];
        var values = UsageCheck.ValuesOf(shown[Math.Min(arguments, shown.Count - 1)].ValueType);
        return values.Count > 0 ? Matching(values, current, "") : PlaceFinder.Find(current);
    }

    private static IReadOnlyList<CompletionItem> ValuesOf(Option option, string current, string prefix) =>
        option.HelpName switch
        {
            "file" or "folder" or "file or image" => PlaceFinder.FindFiles(current, prefix),
            "os/arch" => Matching(["linux/amd64", "linux/arm64", "linux/arm/v7", "windows/amd64"], current, prefix),
            _ => Matching(UsageCheck.ValuesOf(option), current, prefix),
        };

    private static IReadOnlyList<CompletionItem> Matching(IReadOnlyList<string> values, string current, string prefix) =>
    [
        .. values
            .Where(value => value.StartsWith(current, StringComparison.OrdinalIgnoreCase))
            .Select(value => new CompletionItem(prefix + value, "")),
    ];

    private static IEnumerable<Command> CommandsOf(Command command) => command.Subcommands.Where(each => !each.Hidden);

    private static IEnumerable<Option> OptionsOf(List<Command> path) => path[^1].Options
        .Concat(path.Take(path.Count - 1).SelectMany(parent => parent.Options.Where(option => option.Recursive)))
        .Where(option => !option.Hidden);

    private static IEnumerable<string> NamesOf(Option option) => option.Aliases.Prepend(option.Name);

    private static bool TakesValue(Option option) => option.ValueType != typeof(bool) && option.Arity.MaximumNumberOfValues > 0;
}

/// <summary>One thing that can follow.</summary>
/// <param name="Value">The text.</param>
/// <param name="Description">What it is; empty when the text says it.</param>
internal sealed record CompletionItem(string Value, string Description);
