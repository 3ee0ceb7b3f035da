namespace Nuke.Common.Utilities;

/// <summary>Splits a command line into positional values, which come first, and named arguments with their values.</summary>
internal sealed class ArgumentParser(IEnumerable<string> arguments)
{
    private readonly string[] _arguments = arguments.ToArray();

    public IReadOnlyCollection<string> Arguments => _arguments;

    public bool HasArgument(string name) => IndexOf(name) >= 0;

    public object GetNamedArgument(string name, Type destinationType, char? separator)
    {
        var index = IndexOf(name);
        return index < 0
            ? destinationType.GetDefaultValue()
            : Convert(name, _arguments.Skip(index + 1).TakeWhile(x => !IsName(x)).ToArray(), destinationType, separator);
    }

    public object GetAllPositionalArguments(Type destinationType, char? separator)
    {
        var values = _arguments.TakeWhile(x => !IsName(x)).ToArray();
        return values.Length == 0 ? null : Convert("$all-positional", values, destinationType, separator);
    }

    // The last one wins, so that a script can put defaults in front of what its caller says.
    private int IndexOf(string name)
        => Array.FindLastIndex(_arguments, x => IsName(x) && WithoutDashes(x).EqualsOrdinalIgnoreCase(WithoutDashes(name)));

    private static bool IsName(string argument) => argument.StartsWith('-');

    private static string WithoutDashes(string name) => name.Replace("-", string.Empty);

    private object Convert(string name, string[] values, Type destinationType, char? separator)
    {
        if (separator is { } character && values.Any(x => x.Contains(character)))
        {
            Assert.True(values.Length == 1,
                $"Argument '{name}' with value [ {values.JoinCommaSpace()} ] cannot be split with separator '{character}'");
            values = values[0].Split(character);
        }

        try
        {
            return ReflectionUtility.Convert(values, destinationType, booleanDefault: true);
        }
        catch (Exception exception)
        {
            Assert.Fail(new[] { $"Resolving argument '{name}' failed.", exception.Message, "Arguments were:" }
                .Concat(_arguments.Select((x, i) => $"  [{i}] = {x}"))
                .JoinNewLine());
            return null;
        }
    }
}
