using Mono.Cecil;
using Mono.Cecil.Rocks;

namespace StubAssemblies;

/// <summary>Finds in assemblies what a listing of them does not say: <see cref="Facts" />.</summary>
internal sealed class FactFinder(Framework framework)
{
    private readonly SortedSet<string> _lines = new(StringComparer.Ordinal);
    private readonly List<MemberFacts> _members = [];
    private readonly HashSet<string> _constraints = [];

    // Facts are about places: "" is the member itself, " @name" a parameter, "where T" a generic parameter.
    private sealed record MemberFacts(
        char Kind,
        string Type,
        string Name,
        string Signature,
        IReadOnlySet<string> Places,
        IReadOnlyList<(string Place, string Fact)> Facts);

    public IEnumerable<string> Find(IEnumerable<string> assemblies, IReadOnlyList<ListedLine> listing)
    {
        var types = listing.OfType<ListedType>().Select(type => type.Name).ToHashSet();
        var members = listing.OfType<ListedMember>().Select(member => (member.Type, member.Name)).ToHashSet();
        var modules = assemblies.Select(ModuleDefinition.ReadModule).ToList();
        foreach (var type in modules.SelectMany(module => module.GetTypes()).Where(type => types.Contains(CecilNames.Of(type))))
        {
            AddType(type);
            _members.AddRange(MembersOf(type).Where(member => members.Contains((member.Type, member.Name))));
        }
        AddMembers();
        var named = listing.SelectMany(line => line.Types).Concat(_constraints).SelectMany(TypeName.Keys);
        AddUnlisted(modules, named.Except(types.Select(TypeName.Key)));
        return _lines;
    }

    private void AddType(TypeDefinition type)
    {
        var facts = Constraints(type).Concat(AttributeFact.Of(type)).ToList();
        if (type.IsNestedFamily || type.IsNestedFamilyOrAssembly)
            facts.Add("protected");
        if (ListingPrinter.Kind(type) == "class" && type.IsSealed)
            facts.Add("sealed");
        if (type.IsEnum && type.GetEnumUnderlyingType().FullName is var underlying and not "System.Int32")
            facts.Add($"underlying {underlying}");
        _lines.UnionWith(facts.Select(fact => $"T {CecilNames.Of(type)} : {fact}"));
    }

    private IEnumerable<MemberFacts> MembersOf(TypeDefinition type)
    {
        var methods = type.Methods.Where(ListingPrinter.IsListed)
            .Select(method => Facts('M', CecilNames.SignatureOf(method), method, PlacesOf(method), FactsOf(method)));
        var properties = type.Properties.Where(property => ListingPrinter.IsVisible(AccessorOf(property)))
            .Select(property => Facts('P', property.Name, property, [], FactsOf(property)));
        var fields = type.Fields.Where(ListingPrinter.IsListed).Select(field => Facts('F', field.Name, field, [], FactsOf(field)));
        return methods.Concat(properties).Concat(fields);

        MemberFacts Facts(
            char kind, string signature, MemberReference member, IEnumerable<string> places, IEnumerable<(string, string)> facts) =>
            new(kind, CecilNames.Of(type), member.Name, signature, places.Prepend("").ToHashSet(), [.. facts]);
    }

    private static IEnumerable<string> PlacesOf(MethodDefinition method) => method.Parameters.Select(parameter => $" @{parameter.Name}")
        .Append(" @return").Concat(method.GenericParameters.Select(parameter => $"where {parameter.Name}"));

    private IEnumerable<(string, string)> FactsOf(MethodDefinition method)
    {
        foreach (var word in Words(method).Concat(Constraints(method)).Concat(AttributeFact.Of(method)))
            yield return ("", word);
        if (method.IsConstructor && !method.IsPublic)
            yield return ("", "protected");
        foreach (var fact in AttributeFact.Of(method.MethodReturnType))
            yield return (" @return", fact);
        foreach (var parameter in method.Parameters)
            foreach (var fact in AttributeFact.Of(parameter).Concat(parameter.IsIn ? ["in"] : []))
                yield return ($" @{parameter.Name}", fact);
    }

    private static IEnumerable<(string, string)> FactsOf(PropertyDefinition property)
    {
        foreach (var word in Words(AccessorOf(property)).Concat(AttributeFact.Of(property)))
            yield return ("", word);
        if (property is { GetMethod: { } get, SetMethod: { } set } && ListingPrinter.IsVisible(set) && get.IsPublic != set.IsPublic)
            yield return ("", "protected set");
        if (property.SetMethod?.ReturnType is RequiredModifierType)
            yield return ("", "init");
        if (property.HasParameters)
        {
            var index = property.Parameters.Select(parameter => $"{CecilNames.Of(parameter.ParameterType)} {parameter.Name}");
            yield return ("", $"index {string.Join(", ", index)}");
        }
    }

    private static IEnumerable<(string, string)> FactsOf(FieldDefinition field)
    {
        if (field.HasConstant)
            yield return ("", $"const {Constants.Print(field.Constant)}");
        else if (field.IsStatic)
            yield return ("", field.IsInitOnly ? "static readonly" : "static");
        else if (field.IsInitOnly)
            yield return ("", "readonly");
        foreach (var fact in AttributeFact.Of(field))
            yield return ("", fact);
    }

    private static IEnumerable<string> Words(MethodDefinition method)
    {
        if (method is { IsVirtual: true, IsNewSlot: false, IsStatic: false })
            yield return method.IsFinal ? "sealed override" : "override";
        if (!method.DeclaringType.IsInterface)
            yield break;
        if (method.IsStatic)
            yield return method.IsAbstract ? "static abstract" : "static";
        else if (!method.IsAbstract)
            yield return "default";
        if (!method.IsPublic)
            yield return "protected";
    }

    private IEnumerable<string> Constraints(IGenericParameterProvider provider) =>
        from parameter in provider.GenericParameters
        let constraints = Constraints(parameter).ToList()
        where constraints.Count > 0
        select $"where {parameter.Name} : {string.Join(", ", constraints)}";

    private IEnumerable<string> Constraints(GenericParameter parameter)
    {
        if (parameter.IsCovariant)
            yield return "out";
        if (parameter.IsContravariant)
            yield return "in";
        if (parameter.HasReferenceTypeConstraint)
            yield return "class";
        if (parameter.HasNotNullableValueTypeConstraint)
            yield return "struct";
        var types = parameter.Constraints.Select(constraint => CecilNames.Of(constraint.ConstraintType));
        foreach (var type in types.Where(type => type != "System.ValueType"))
        {
            _constraints.Add(type);
            yield return type;
        }
        if (parameter is { HasDefaultConstructorConstraint: true, HasNotNullableValueTypeConstraint: false })
            yield return "new()";
        foreach (var attribute in AttributeFact.Of(parameter))
            yield return attribute;
    }

    // What all overloads have is said once, of their name, and what all members of a kind have of the type.
    private void AddMembers()
    {
        foreach (var kind in _members.GroupBy(member => $"{member.Kind} {member.Type}"))
            foreach (var fact in kind.SelectMany(member => member.Facts).Distinct())
                foreach (var key in KeysOf(fact, kind))
                    _lines.Add($"{kind.Key}.{key}{fact.Place} : {fact.Fact}");
    }

    private static IEnumerable<string> KeysOf((string Place, string Fact) fact, IEnumerable<MemberFacts> kind)
    {
        var isConstraint = fact.Fact.StartsWith("where ", StringComparison.Ordinal);
        var place = isConstraint ? fact.Fact[..fact.Fact.IndexOf(" : ", StringComparison.Ordinal)] : fact.Place;
        var members = kind.Where(member => member.Places.Contains(place)).ToList();
        if (members.TrueForAll(Has))
            return ["*"];
        return members.GroupBy(member => member.Name).SelectMany(overloads =>
            overloads.All(Has) ? [overloads.Key] : overloads.Where(Has).Select(member => member.Signature));

        bool Has(MemberFacts member) => member.Facts.Contains(fact);
    }

    private void AddUnlisted(List<ModuleDefinition> modules, IEnumerable<string> named)
    {
        var known = modules.SelectMany(module => module.GetTypeReferences().Concat(module.GetTypes())).ToLookup(CecilNames.KeyOf);
        foreach (var key in named.Distinct().Where(key => framework.Find(key) is null && known.Contains(key)))
        {
            var type = known[key].OfType<TypeDefinition>().FirstOrDefault() ?? known[key].First();
            var kind = known[key].Any(reference => reference.IsValueType) ? "struct" : "class";
            _lines.Add($"X {key} : {(type is TypeDefinition ? kind : $"{kind} {type.FullName} of {ScopeOf(type)}")}");
        }
    }

    private static IMetadataScope ScopeOf(TypeReference type) => type.DeclaringType is { } outer ? ScopeOf(outer) : type.Scope;

    private static MethodDefinition AccessorOf(PropertyDefinition property) =>
        ListingPrinter.IsVisible(property.GetMethod) ? property.GetMethod : property.SetMethod;
}
