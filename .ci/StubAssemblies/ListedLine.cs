namespace StubAssemblies;

/// <summary>One line of a listing: a type or a member, as apidump prints it.</summary>
internal abstract record ListedLine(string Text)
{
    /// <summary>Gets the types that the line names, beside the one that it is about.</summary>
    public abstract IEnumerable<string> Types { get; }
}

/// <summary><c>T Name : kind &lt; bases</c></summary>
internal sealed record ListedType(string Text, string Name, string Kind, IReadOnlyList<string> Bases) : ListedLine(Text)
{
    public override IEnumerable<string> Types => Bases;
}

/// <summary>A member of a type.</summary>
internal abstract record ListedMember(string Text, string Type, string Name) : ListedLine(Text);

/// <summary><c>M Type.Name&lt;T&gt;(parameters) : Type modifiers</c></summary>
internal sealed record ListedMethod(
    string Text,
    string Type,
    string Name,
    IReadOnlyList<string> Generics,
    IReadOnlyList<ListedParameter> Parameters,
    string Returns,
    Modifiers Modifiers) : ListedMember(Text, Type, Name)
{
    public override IEnumerable<string> Types => Parameters.Select(parameter => parameter.Type).Append(Returns);

    /// <summary>Gets the name, generic parameters and types of parameters: what tells overloads apart.</summary>
    public string Signature => $"{Name}{(Generics.Count > 0 ? $"<{string.Join(',', Generics)}>" : "")}"
        + $"({string.Join(',', Parameters.Select(parameter => parameter.Type))})";
}

/// <summary>A parameter: <c>params out|ref Type name = default</c></summary>
internal sealed record ListedParameter(string Type, string Name, string Passing, bool IsParams, string? Default);

/// <summary><c>P Type.Name : Type { get; set; } modifiers</c></summary>
internal sealed record ListedProperty(string Text, string Type, string Name, string PropertyType, bool Get, bool Set, Modifiers Modifiers)
    : ListedMember(Text, Type, Name)
{
    public override IEnumerable<string> Types => [PropertyType];
}

/// <summary><c>F Type.Name : Type</c></summary>
internal sealed record ListedField(string Text, string Type, string Name, string FieldType) : ListedMember(Text, Type, Name)
{
    public override IEnumerable<string> Types => [FieldType];
}

/// <summary><c>E Type.Name : Type</c></summary>
internal sealed record ListedEvent(string Text, string Type, string Name, string EventType) : ListedMember(Text, Type, Name)
{
    public override IEnumerable<string> Types => [EventType];
}

/// <summary>The words after a member. Members of interfaces are listed without.</summary>
internal sealed record Modifiers(bool Static, bool Abstract, bool Virtual, bool Protected)
{
    public static Modifiers None { get; } = Parse("");

    public static Modifiers Parse(string words) =>
        new(words.Contains("static"), words.Contains("abstract"), words.Contains("virtual"), words.Contains("protected"));
}
