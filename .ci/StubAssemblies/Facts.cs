using System.Globalization;

namespace StubAssemblies;

/// <summary>
/// What decides whether sources compile and a listing does not say, one fact a line: <c>kind key : fact</c>.
/// <para>
/// The kind is that of the line in the listing. X is a type that the listing names only, with its assembly if it is one of another package.
/// </para>
/// <para>
/// The key is <c>Type</c>, <c>Type.Name(types of parameters)</c>, <c>Type.Name</c> for all overloads or <c>Type.*</c> for all members of
/// that kind. With <c>@name</c> after it the fact is about that parameter, of those that have one. <c>@return</c> is what a method returns.
/// </para>
/// </summary>
internal sealed class Facts
{
    private readonly ILookup<string, string> _facts;

    private Facts(IEnumerable<(string Key, string Fact)> facts) => _facts = facts.ToLookup(fact => fact.Key, fact => fact.Fact);

    public static Facts Read(string path) => new(Listing.ReadText(path).Select(line =>
    {
        var colon = line.IndexOf(" : ", StringComparison.Ordinal);
        return (line[..colon], line[(colon + 3)..]);
    }));

    /// <summary>Gets the types that the listing names only, and that are of the same packages: they have no members here.</summary>
    public IEnumerable<ListedType> Unlisted =>
        from facts in _facts
        where facts.Key[0] == 'X' && facts.First() is "class" or "struct"
        let key = facts.Key[2..].Split('`')
        let generics = Enumerable.Range(0, int.Parse(key[1], CultureInfo.InvariantCulture)).Select(number => $"T{number}").ToList()
        let name = generics.Count == 0 ? key[0] : $"{key[0]}<{string.Join(',', generics)}>"
        select new ListedType("", name, facts.First(), []);

    /// <summary>Gets the facts of a type.</summary>
    public IEnumerable<string> Of(char kind, string type) => _facts[$"{kind} {type}"];

    /// <summary>Gets the facts of a member, or with <paramref name="parameter" /> of one of its parameters.</summary>
    public IEnumerable<string> Of(char kind, string type, string name, string signature, string? parameter = null) =>
        from key in new[] { signature, name, "*" }.Distinct()
        from fact in _facts[$"{kind} {type}.{key}{(parameter is null ? "" : $" @{parameter}")}"]
        select fact;
}
