namespace StubAssemblies;

/// <summary>Names of types as a listing has them: <c>A.Outer.Inner&lt;B.C,T[]&gt;</c>, the arguments of all levels at the end.</summary>
internal static class TypeName
{
    /// <summary>Gets the arguments in the last angle brackets; none when the name does not end with one.</summary>
    public static IReadOnlyList<string> Arguments(string name)
    {
        if (!name.EndsWith('>'))
            return [];
        var arguments = new List<string>();
        var (start, depth) = (Opening(name) + 1, 0);
        for (var at = start; at < name.Length; at++)
        {
            if (depth == 0 && name[at] is ',' or '>')
            {
                arguments.Add(name[start..at]);
                start = at + 1;
            }
            depth += name[at] switch { '<' => 1, '>' => -1, _ => 0 };
        }
        return arguments;
    }

    public static string WithoutArguments(string name) => name.EndsWith('>') ? name[..Opening(name)] : name;

    /// <summary>Gets the name without arguments, and their number: what tells generic types of one name apart.</summary>
    public static string Key(string name) => $"{WithoutArguments(name)}`{Arguments(name).Count}";

    /// <summary>Gets the keys of a type and of all types that it is made of: elements of arrays, arguments.</summary>
    public static IEnumerable<string> Keys(string name) => name.EndsWith("[]", StringComparison.Ordinal)
        ? Keys(name[..^2])
        : Arguments(name).SelectMany(Keys).Prepend(Key(name));

    public static int LastDot(string name)
    {
        var depth = 0;
        for (var at = name.Length - 1; at >= 0; at--)
        {
            depth += name[at] switch { '>' => 1, '<' => -1, _ => 0 };
            if (depth == 0 && name[at] == '.')
                return at;
        }
        return -1;
    }

    private static int Opening(string name)
    {
        var depth = 0;
        for (var at = name.Length - 1; ; at--)
        {
            depth += name[at] switch { '>' => 1, '<' => -1, _ => 0 };
            if (depth == 0)
                return at;
        }
    }
}
