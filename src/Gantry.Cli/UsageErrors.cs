namespace Gantry.Cli;

/// <summary>GAN410x: command lines that cannot be read.</summary>
internal static class UsageErrors
{
    public static GantryException UnknownCommand(string text, string? meant) =>
        new("GAN4100", $"there is no command {Show(text, meant)}", Suggest(meant, "gantry --help lists the commands"));

    public static GantryException UnknownOption(string command, string text, string? meant) =>
        new(
            "GAN4101",
            $"{command} has no option {Show(text, meant)}",
            Suggest(meant, $"{command} --help lists its options"));

    public static GantryException Surplus(string command, string text, string usage) =>
        new("GAN4102", $"{command} takes no further argument {Format.Refused(text)}", $"write it as {usage}");

    public static GantryException MissingArgument(string command, string argument, string usage) =>
        new("GAN4103", $"{command} needs the argument <{argument}>", $"write it as {usage}");

    public static GantryException MissingCommand(string command, IReadOnlyList<string> commands) =>
        new("GAN4103", $"{command} needs a command", Format.Choice(commands, $"{command} --help lists them"));

    public static GantryException MissingValue(string option, string? value) =>
        new("GAN4104", $"{option} needs a value", value is null ? "write it behind the option" : $"write it as {option} <{value}>");

    public static GantryException UnknownValue(string option, string text, string? meant, IReadOnlyList<string> values) =>
        new("GAN4105", $"{option} cannot be {Show(text, meant)}", Suggest(meant, Format.Choice(values, "leave the option out")));

    public static GantryException NotANumber(string option, string text) =>
        new("GAN4105", $"{option} cannot be {Format.Refused(text)}", "write a whole number");

    public static GantryException Repeated(string option) =>
        new("GAN4106", $"{option} is there more than once", "write it once");

    public static GantryException Combination(string problem, string command) =>
        new("GAN4107", $"{problem}", $"{command} --help describes the options");

    // What is close to a known name is no secret.
    private static string Show(string text, string? meant) => meant is null ? Format.Refused(text) : $"'{text}'";

    private static DisplayText Suggest(string? meant, string otherwise) =>
        meant is null ? otherwise : $"did you mean {meant}? Otherwise {otherwise}";
}
