namespace StubAssemblies;

/// <summary>
/// What decides whether sources compile and a listing does not say, one fact a line: <c>kind key : fact</c>. The kind is that of the line in
/// the listing; X is a type that the listing names only, with the assembly when it is one of another package. The key is <c>Type</c>, <c>Type.Name(types of parameters)</c>, <c>Type.Name</c> for all
/// overloads or <c>Type.*</c> for all members of that kind, and <c>@name</c> after it means that parameter.
/// </summary>
internal sealed class Facts
{
    private readonly ILookup<string, string> _facts;

    private Facts(IEnumerable<(string Key, string Fact)> facts) => _facts = facts.ToLookup(fact => fact.Key, fact => fact.Fact);

    public static Facts Read(string path) => new(File.ReadLines(path).Where(line => line.Length > 0 && line[0] != '#').Select(line =>
    {
        var colon = line.IndexOf(" : ", StringComparison.Ordinal);
        return (line[..colon], line[(colon + 3)..]);
    }));

    /// <summary>Gets the types that the listing names only, and that are of the same packages: they have no members here.</summary>
    public IEnumerable<ListedType> Unlisted =>
        from facts in _facts
        where facts.Key[0] == 'X' && facts.First() is "class" or "struct"
        let key = facts.Key[2..].Split('`')
        let generics = Enumerable.Range(0, int.Parse(key[1])).Select(number => $"T{number}").ToList()
        select new ListedType(generics.Count == 0 ? key[0] : $"{key[0]}<{string.Join(',', generics)}>", facts.First(), []);

    /// <summary>Gets the facts of a type, or of a type of another package.</summary>
    public IEnumerable<string> Of(char kind, string type) => _facts[$"{kind} {type}"];

    /// <summary>Gets the facts of a member, or with <paramref name="parameter" /> of one of its parameters.</summary>
    public IEnumerable<string> Of(char kind, string type, string name, string signature, string? parameter = null) =>
        new[] { signature, name, "*" }.Distinct().SelectMany(key => _facts[$"{kind} {type}.{key}{(parameter is null ? "" : $" @{parameter}")}"]);
}
