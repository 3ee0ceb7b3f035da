namespace StubAssemblies;

/// <summary>Reads the lines of a listing; those that begin with a # are comments.</summary>
internal static class Listing
{
    public static IReadOnlyList<ListedLine> Read(string path) => [.. ReadText(path).Select(Parse)];

    public static IEnumerable<string> ReadText(string path) => File.ReadLines(path).Where(line => line.Length > 0 && line[0] != '#');

    private static ListedLine Parse(string line) => line[..2] switch
    {
        "T " => ParseType(line),
        "M " => ParseMethod(line),
        "P " => ParseProperty(line),
        "F " => ParseTyped(line, (type, name, of) => new ListedField(line, type, name, of)),
        "E " => ParseTyped(line, (type, name, of) => new ListedEvent(line, type, name, of)),
        _ => throw new FormatException($"This line of the listing is none of T, M, P, F and E: {line}"),
    };

    private static ListedType ParseType(string line)
    {
        var (name, rest) = Split(line[2..], " : ");
        var (kind, bases) = rest.Contains(" < ") ? Split(rest, " < ") : (rest, "");
        return new ListedType(line, name, kind, bases.Length == 0 ? [] : bases.Split(", "));
    }

    private static ListedMethod ParseMethod(string line)
    {
        var (head, rest) = Split(line[2..], "(");
        var end = rest.LastIndexOf(") : ", StringComparison.Ordinal);
        var (parameters, after) = end < 0 ? (rest[..^1], "System.Void") : (rest[..end], rest[(end + 4)..]);
        var (returns, modifiers) = after.Contains(' ') ? Split(after, " ") : (after, "");
        var generics = TypeName.Arguments(head);
        var (type, name) = SplitMember(TypeName.WithoutArguments(head));
        return new ListedMethod(line, type, name, generics, ParseParameters(parameters), returns, Modifiers.Parse(modifiers));
    }

    private static ListedProperty ParseProperty(string line)
    {
        var (member, rest) = Split(line[2..], " : ");
        var (propertyType, after) = Split(rest, " {");
        var (accessors, modifiers) = Split(after, "}");
        var (type, name) = SplitMember(member);
        return new ListedProperty(
            line, type, name, propertyType, accessors.Contains("get;"), accessors.Contains("set;"), Modifiers.Parse(modifiers));
    }

    private static T ParseTyped<T>(string line, Func<string, string, string, T> create)
    {
        var (member, of) = Split(line[2..], " : ");
        var (type, name) = SplitMember(member);
        return create(type, name, of);
    }

    // Generic arguments are separated by a comma alone, parameters by a comma and a blank.
    private static List<ListedParameter> ParseParameters(string text) =>
        text.Length == 0 ? [] : [.. text.Split(", ").Select(ParseParameter)];

    private static ListedParameter ParseParameter(string text)
    {
        var equals = text.IndexOf(" = ", StringComparison.Ordinal);
        var (declared, value) = equals < 0 ? (text, null) : (text[..equals], text[(equals + 3)..]);
        var words = declared.Split(' ');
        var passing = words.FirstOrDefault(word => word is "out" or "ref") ?? "";
        return new ListedParameter(words[^2], words[^1], passing, words[0] == "params", value);
    }

    private static (string Type, string Name) SplitMember(string member)
    {
        var isConstructor = member.EndsWith("..ctor", StringComparison.Ordinal);
        var dot = isConstructor ? member.Length - "..ctor".Length : TypeName.LastDot(member);
        return (member[..dot], member[(dot + 1)..]);
    }

    private static (string Before, string After) Split(string text, string separator)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        return at < 0
            ? throw new FormatException($"'{separator}' is missing: {text}")
            : (text[..at], text[(at + separator.Length)..]);
    }
}
