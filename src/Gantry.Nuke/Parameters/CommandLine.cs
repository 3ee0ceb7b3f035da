namespace Gantry.Nuke.Parameters;

/// <summary>The parameters on a command line, as NUKE reads them: a name with dashes, and all values up to the next name.</summary>
internal static class CommandLine
{
    public static IReadOnlyList<(string Name, IReadOnlyList<string> Values)> Read(IEnumerable<string> arguments)
    {
        var parameters = new List<(string Name, IReadOnlyList<string> Values)>();
        List<string>? values = null;
        foreach (var argument in arguments)
        {
            if (IsName(argument))
                parameters.Add((argument, values = []));
            else
                values?.Add(argument);
        }

        return parameters;
    }

    /// <summary>Gets the values of a parameter, or null when it is not given.</summary>
    public static IReadOnlyList<string>? Find(IEnumerable<(string Name, IReadOnlyList<string> Values)> parameters, string name) =>
        parameters.Where(parameter => Normal(parameter.Name) == Normal(name)).Select(parameter => parameter.Values).FirstOrDefault();

    /// <summary>Returns the arguments before the first name: the targets to run.</summary>
    public static IEnumerable<string> Positional(IEnumerable<string> arguments) => arguments.TakeWhile(argument => !IsName(argument));

    /// <summary>Normalizes a name: case and dashes do not matter (<c>--base-registry</c>, <c>BaseRegistry</c>).</summary>
    public static string Normal(string name) =>
        name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>Converts a name to the form used on a command line: <c>--base-registry</c> for <c>BaseRegistry</c>.</summary>
    public static string Dashed(string name) => "--" + Format.Dashed(name);

    private static bool IsName(string argument) =>
        argument.StartsWith('-') && argument.TrimStart('-').Length > 0 && !char.IsDigit(argument.TrimStart('-')[0]);
}
