using System.CommandLine;
using System.CommandLine.Parsing;

namespace Gantry.Cli;

/// <summary>
/// Turns what the parser found into one error: the parser's own messages name types, and come with a page of help before them.
/// </summary>
internal static class UsageCheck
{
    /// <summary>Finds the first problem of a command line; null when there is none.</summary>
    public static GantryException? Find(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0)
            return null;
        var command = parsed.CommandResult.Command;
        var path = PathOf(parsed.CommandResult);
        return FindUnknown(parsed, command, path)
            ?? FindOption(parsed)
            ?? FindArgument(parsed)
            ?? FindMissing(parsed, command, path)
            ?? UsageErrors.Combination(Format.OneLine(parsed.Errors[0].Message), path);
    }

    /// <summary>
    /// Returns the usage of the command that was meant, in one line: <c>gantry copy &lt;source&gt; &lt;target&gt;... [options]</c>.
    /// </summary>
    public static string UsageOf(CommandResult result)
    {
        var command = result.Command;
        var arguments = command.Arguments.Where(argument => !argument.Hidden).Select(Describe);
        string[] nested = command.Subcommands.Any(each => !each.Hidden) ? ["<command>"] : [];
        return string.Join(' ', [PathOf(result), .. nested, .. arguments, "[options]"]);
    }

    private static string Describe(Argument argument)
    {
        var name = argument.Arity.MaximumNumberOfValues > 1 ? $"<{argument.Name}>..." : $"<{argument.Name}>";
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }

    private static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : result.Command.Name;

    // An argument takes what looks like an option, too, and its validator refuses it.
    private static GantryException? FindUnknown(ParseResult parsed, Command command, string path)
    {
        var words = parsed.UnmatchedTokens.Concat(
            parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens.Select(token => token.Value)));
        if (words.FirstOrDefault(word => word.StartsWith('-') && word.Length > 1) is { } option)
        {
            var name = option.Split('=', ':')[0];
            return UsageErrors.UnknownOption(path, name, TypoFinder.Find(name, OptionsOf(parsed.CommandResult)));
        }

        return parsed.UnmatchedTokens switch
        {
            [] => null,
            [var word, ..] when command.Subcommands.Count > 0 =>
                UsageErrors.UnknownCommand(word, TypoFinder.Find(word, NamesOf(command)) is { } meant ? $"{path} {meant}" : null),
            [var word, ..] => UsageErrors.Surplus(path, word, UsageOf(parsed.CommandResult)),
        };
    }

    private static IEnumerable<string> NamesOf(Command command) =>
        command.Subcommands.Where(each => !each.Hidden).Select(each => each.Name);

    private static IEnumerable<string> OptionsOf(CommandResult result)
    {
        var own = result.Command.Options.Where(option => !option.Hidden);
        var inherited = Parents(result)
            .SelectMany(parent => parent.Command.Options)
            .Where(option => option is { Recursive: true, Hidden: false });
        return own.Concat(inherited).Select(option => option.Name);
    }

    private static IEnumerable<CommandResult> Parents(CommandResult result)
    {
        for (var parent = result.Parent; parent is CommandResult command; parent = parent.Parent)
            yield return command;
    }

    private static GantryException? FindOption(ParseResult parsed)
    {
        foreach (var error in parsed.Errors)
        {
            if (error.SymbolResult is not OptionResult { Option: var option } result)
                continue;
            var type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
            if (result.Tokens.Count == 0)
                return UsageErrors.MissingValue(option.Name, option.HelpName);
            if (result.Tokens.Count > option.Arity.MaximumNumberOfValues)
                return UsageErrors.Repeated(option.Name);
            var values = ValuesOf(option);
            if (values.Count > 0 && result.Tokens.FirstOrDefault(token => !IsAmong(values, token.Value)) is { } unknown)
                return UsageErrors.UnknownValue(option.Name, unknown.Value, TypoFinder.Find(unknown.Value, values), values);
            if (type == typeof(int) && result.Tokens.FirstOrDefault(token => !int.TryParse(token.Value, out _)) is { } word)
                return UsageErrors.NotANumber(option.Name, word.Value);
        }

        return null;
    }

    private static GantryException? FindArgument(ParseResult parsed)
    {
        foreach (var result in parsed.Errors.Select(error => error.SymbolResult).OfType<ArgumentResult>())
        {
            var type = Nullable.GetUnderlyingType(result.Argument.ValueType) ?? result.Argument.ValueType;
            if (type.IsEnum && result.Tokens.FirstOrDefault(token => !IsAmong(ValuesOf(type), token.Value)) is { } unknown)
                return UsageErrors.UnknownValue(
                    $"<{result.Argument.Name}>", unknown.Value, TypoFinder.Find(unknown.Value, ValuesOf(type)), ValuesOf(type));
        }

        return null;
    }

    private static bool IsAmong(IReadOnlyList<string> values, string text) => values.Contains(text, StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the values that an option takes; empty when any text is one.</summary>
    internal static IReadOnlyList<string> ValuesOf(Option option) => option.HelpName?.Contains('|', StringComparison.Ordinal) == true
        ? option.HelpName.Split('|')
        : ValuesOf(option.ValueType);

    /// <summary>Returns the values of an enumeration as people write them; empty for any other type.</summary>
    internal static IReadOnlyList<string> ValuesOf(Type type)
    {
        var element = type.IsArray ? type.GetElementType()! : type;
        var value = Nullable.GetUnderlyingType(element) ?? element;
        return value.IsEnum ? NamesOf(value) : [];
    }

    private static IReadOnlyList<string> NamesOf(Type type) => [.. Enum.GetNames(type).Select(name => name.ToLowerInvariant())];

    private static GantryException? FindMissing(ParseResult parsed, Command command, string path) =>
        command.Subcommands.Count > 0
            ? UsageErrors.MissingCommand(path, [.. NamesOf(command)])
            : FindMissingArgument(parsed, command, path);

    private static GantryException? FindMissingArgument(ParseResult parsed, Command command, string path) =>
        command.Arguments.FirstOrDefault(argument =>
            argument.Arity.MinimumNumberOfValues > (parsed.GetResult(argument)?.Tokens.Count ?? 0)) is { } missing
            ? UsageErrors.MissingArgument(path, missing.Name, UsageOf(parsed.CommandResult))
            : null;
}
