using Mono.Cecil;

namespace StubAssemblies;

/// <summary>Makes assemblies of all types and members of a listing.</summary>
internal sealed class StubMaker
{
    private readonly Framework _framework;
    private readonly Facts _facts;
    private readonly IReadOnlyList<(string Assembly, string Start)> _division;
    private readonly Dictionary<string, ModuleDefinition> _modules;
    private readonly TypeFinder _types;
    private readonly Describer _describer;
    private readonly MemberMaker _members;

    /// <param name="division">The assemblies, each with the start of the names of the types that go into it.</param>
    public StubMaker(Framework framework, Facts facts, IReadOnlyList<(string Assembly, string Start)> division)
    {
        (_framework, _facts, _division) = (framework, facts, division);
        _types = new TypeFinder(framework, facts);
        _describer = new Describer(framework, _types);
        _members = new MemberMaker(framework, _types, facts, _describer);
        var parameters = new ModuleParameters { Kind = ModuleKind.Dll, MetadataResolver = new StubResolver(_types, framework) };
        _modules = division.ToDictionary(part => part.Assembly, part => AssemblyDefinition
            .CreateAssembly(new AssemblyNameDefinition(part.Assembly, new Version(1, 0)), part.Assembly, parameters).MainModule);
    }

    public IEnumerable<AssemblyDefinition> Make(IReadOnlyList<ListedLine> lines)
    {
        var types = lines.OfType<ListedType>().Concat(_facts.Unlisted).ToList();
        // Outer types come before those in them.
        foreach (var type in types.OrderBy(type => TypeName.WithoutArguments(type.Name).Length))
            Declare(type);
        types.ForEach(Derive);
        // Members of types that are not listed themselves are left out: nothing says what their types are.
        foreach (var member in lines.OfType<ListedMember>())
            if (_types.FindOwn(TypeName.Key(member.Type)) is { } type)
                _members.Add(type, member);
        foreach (var type in types)
        {
            Implement(_types.Own(type.Name));
            _describer.Describe(_types.Own(type.Name), [.. _facts.Of('T', type.Name)]);
        }
        return _modules.Values.Select(module => module.Assembly);
    }

    private void Declare(ListedType listed)
    {
        var path = TypeName.WithoutArguments(listed.Name);
        var dot = path.LastIndexOf('.');
        var (before, name) = (path[..dot], path[(dot + 1)..]);
        var generics = TypeName.Arguments(listed.Name);
        var outer = FindOuter(before, generics.Count);
        var own = generics.Count - (outer?.GenericParameters.Count ?? 0);
        var type = new TypeDefinition(
            outer is null ? before : "", own > 0 ? $"{name}`{own}" : name, AttributesOf(listed, isNested: outer is not null));
        foreach (var generic in generics)
            type.GenericParameters.Add(new GenericParameter(generic, type));
        if (outer is not null)
            outer.NestedTypes.Add(type);
        else
            ModuleOf(listed.Name).Types.Add(type);
        _types.Add(listed.Name, type);
    }

    // A type in a generic type has the parameters of that, too.
    private TypeDefinition? FindOuter(string path, int generics) => Enumerable.Range(0, generics + 1).Reverse()
        .Select(count => _types.FindOwn($"{path}`{count}")).FirstOrDefault(type => type is not null);

    private ModuleDefinition ModuleOf(string name) => _modules[_division
        .Where(part => name.StartsWith(part.Start, StringComparison.Ordinal)).MaxBy(part => part.Start.Length).Assembly];

    private TypeAttributes AttributesOf(ListedType listed, bool isNested)
    {
        var said = _facts.Of('T', listed.Name).ToList();
        var visibility = !isNested ? TypeAttributes.Public
            : said.Contains("protected") ? TypeAttributes.NestedFamily
            : TypeAttributes.NestedPublic;
        return visibility | (said.Contains("sealed") ? TypeAttributes.Sealed : 0) | listed.Kind switch
        {
            "interface" => TypeAttributes.Interface | TypeAttributes.Abstract,
            "static class" => TypeAttributes.Abstract | TypeAttributes.Sealed,
            "abstract class" => TypeAttributes.Abstract,
            "class" => 0,
            "struct" or "enum" or "delegate" => TypeAttributes.Sealed,
            _ => throw new FormatException($"{listed.Name} is listed as {listed.Kind}."),
        };
    }

    private void Derive(ListedType listed)
    {
        var type = _types.Own(listed.Name);
        type.BaseType = listed.Kind == "interface" ? null : type.Module.ImportReference(_framework[listed.Kind switch
        {
            "enum" => "System.Enum",
            "struct" => "System.ValueType",
            "delegate" => "System.MulticastDelegate",
            _ => "System.Object",
        }]);
        foreach (var @base in listed.Bases.Select(name => _types.Find(name, type.Module, type)))
        {
            if (IsInterface(@base))
                type.Interfaces.Add(new InterfaceImplementation(@base));
            else
                type.BaseType = @base;
        }
        if (listed.Kind == "enum")
            AddValue(type, _facts.Of('T', listed.Name).FirstOrDefault(fact => fact.StartsWith("underlying ", StringComparison.Ordinal)));
    }

    // Types of other packages are not at hand; their names say what they are.
    private bool IsInterface(TypeReference type)
    {
        var key = CecilNames.KeyOf(type.GetElementType());
        return (_types.FindOwn(key) ?? _framework.Find(key)) is { } known ? known.IsInterface : type.Name is ['I', >= 'A' and <= 'Z', ..];
    }

    private void AddValue(TypeDefinition enumeration, string? underlying)
    {
        const FieldAttributes attributes = FieldAttributes.Public | FieldAttributes.SpecialName | FieldAttributes.RTSpecialName;
        var type = _types.Find(underlying?["underlying ".Length..] ?? "System.Int32", enumeration.Module);
        enumeration.Fields.Add(new FieldDefinition("value__", attributes, type));
    }

    // A class implements what its interfaces ask for. A listing has public members only: the rest it implements explicitly.
    private void Implement(TypeDefinition type)
    {
        if (type.IsInterface)
            return;
        var asked = type.Interfaces.Select(implemented => _types.FindOwn(CecilNames.KeyOf(implemented.InterfaceType)))
            .OfType<TypeDefinition>().SelectMany(@interface => @interface.Methods)
            .Where(method => method is { IsAbstract: true, IsStatic: false });
        foreach (var method in asked.Where(method => !HasPublic(type, CecilNames.SignatureOf(method))).ToList())
            _members.Implement(type, method);
    }

    private bool HasPublic(TypeDefinition type, string signature) =>
        type.Methods.Any(method => method is { IsPublic: true, IsStatic: false } && CecilNames.SignatureOf(method) == signature)
        || (_types.FindOwn(CecilNames.KeyOf(type.BaseType.GetElementType())) is { } @base && HasPublic(@base, signature));
}
