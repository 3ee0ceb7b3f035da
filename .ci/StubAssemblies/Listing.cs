namespace StubAssemblies;

/// <summary>One line of a listing: a type or a member, as apidump prints it.</summary>
internal abstract record ListedLine
{
    /// <summary>Gets the types that the line names, beside the one that it is about.</summary>
    public abstract IEnumerable<string> Types { get; }
}

/// <summary><c>T Name : kind &lt; bases</c></summary>
internal sealed record ListedType(string Name, string Kind, IReadOnlyList<string> Bases) : ListedLine
{
    public override IEnumerable<string> Types => Bases;
}

/// <summary>A member of a type.</summary>
internal abstract record ListedMember(string Type, string Name) : ListedLine;

/// <summary>A parameter: <c>params out|ref Type name = default</c></summary>
internal sealed record ListedParameter(string Type, string Name, string Passing, bool IsParams, string? Default);

/// <summary><c>M Type.Name&lt;T&gt;(parameters) : Type modifiers</c></summary>
internal sealed record ListedMethod(
    string Type, string Name, IReadOnlyList<string> Generics, IReadOnlyList<ListedParameter> Parameters, string Returns, Modifiers Modifiers) : ListedMember(Type, Name)
{
    public override IEnumerable<string> Types => Parameters.Select(parameter => parameter.Type).Append(Returns);

    public string Signature => $"{Name}{(Generics.Count > 0 ? $"<{string.Join(',', Generics)}>" : "")}({string.Join(',', Parameters.Select(parameter => parameter.Type))})";
}

/// <summary><c>P Type.Name : Type { get; set; } modifiers</c></summary>
internal sealed record ListedProperty(string Type, string Name, string PropertyType, bool Get, bool Set, Modifiers Modifiers) : ListedMember(Type, Name)
{
    public override IEnumerable<string> Types => [PropertyType];
}

/// <summary><c>F Type.Name : Type</c></summary>
internal sealed record ListedField(string Type, string Name, string FieldType) : ListedMember(Type, Name)
{
    public override IEnumerable<string> Types => [FieldType];
}

/// <summary><c>E Type.Name : Type</c></summary>
internal sealed record ListedEvent(string Type, string Name, string EventType) : ListedMember(Type, Name)
{
    public override IEnumerable<string> Types => [EventType];
}

/// <summary>The words after a member: none of them is printed for members of interfaces.</summary>
internal sealed record Modifiers(bool Static, bool Abstract, bool Virtual, bool Protected)
{
    public static Modifiers Parse(string words) =>
        new(words.Contains("static"), words.Contains("abstract"), words.Contains("virtual"), words.Contains("protected"));
}

/// <summary>Reads the lines of a listing.</summary>
internal static class Listing
{
    public static IReadOnlyList<ListedLine> Read(string path) =>
        [.. File.ReadLines(path).Where(line => line.Length > 0 && line[0] != '#').Select(Parse)];

    private static ListedLine Parse(string line) => line[..2] switch
    {
        "T " => ParseType(line[2..]),
        "M " => ParseMethod(line[2..]),
        "P " => ParseProperty(line[2..]),
        "F " => ParseTyped(line[2..], (type, name, of) => new ListedField(type, name, of)),
        "E " => ParseTyped(line[2..], (type, name, of) => new ListedEvent(type, name, of)),
        _ => throw new FormatException($"This line of the listing is none of T, M, P, F and E: {line}"),
    };

    private static ListedType ParseType(string line)
    {
        var (name, rest) = Split(line, " : ");
        var (kind, bases) = rest.Contains(" < ") ? Split(rest, " < ") : (rest, "");
        return new ListedType(name, kind, bases.Length == 0 ? [] : bases.Split(", "));
    }

    private static ListedMethod ParseMethod(string line)
    {
        var (head, rest) = Split(line, "(");
        var end = rest.LastIndexOf(") : ", StringComparison.Ordinal);
        var (parameters, after) = end < 0 ? (rest[..^1], "System.Void") : (rest[..end], rest[(end + 4)..]);
        var (returns, modifiers) = after.Contains(' ') ? Split(after, " ") : (after, "");
        var generics = TypeName.Arguments(head);
        var (type, name) = SplitMember(generics.Count == 0 ? head : TypeName.WithoutArguments(head));
        return new ListedMethod(type, name, generics, ParseParameters(parameters), returns, Modifiers.Parse(modifiers));
    }

    private static ListedProperty ParseProperty(string line)
    {
        var (member, rest) = Split(line, " : ");
        var (propertyType, accessors) = Split(rest, " {");
        var (listed, modifiers) = Split(accessors, "}");
        var (type, name) = SplitMember(member);
        return new ListedProperty(type, name, propertyType, listed.Contains("get;"), listed.Contains("set;"), Modifiers.Parse(modifiers));
    }

    private static T ParseTyped<T>(string line, Func<string, string, string, T> create)
    {
        var (member, of) = Split(line, " : ");
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
        var constructor = member.EndsWith("..ctor", StringComparison.Ordinal);
        var dot = constructor ? member.Length - "..ctor".Length : TypeName.LastDot(member);
        return (member[..dot], member[(dot + 1)..]);
    }

    private static (string Before, string After) Split(string text, string separator)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        return at < 0 ? throw new FormatException($"'{separator}' is missing: {text}") : (text[..at], text[(at + separator.Length)..]);
    }
}
