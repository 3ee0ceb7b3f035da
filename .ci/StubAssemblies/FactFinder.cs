using Mono.Cecil;
using Mono.Cecil.Rocks;

namespace StubAssemblies;

/// <summary>Finds in assemblies what a listing of them does not say: <see cref="Facts" />.</summary>
internal sealed class FactFinder(Framework framework)
{
    private readonly SortedSet<string> _lines = new(StringComparer.Ordinal);
    private readonly List<MemberFacts> _members = [];
    private readonly HashSet<string> _constraints = [];

    // The places are where facts can be: "" of the member itself, " @name" of a parameter, "where T" of a generic parameter.
    private sealed record MemberFacts(
        char Kind, string Type, string Name, string Signature, IReadOnlySet<string> Places, IReadOnlyList<(string Place, string Fact)> Facts);

    public IEnumerable<string> Find(IEnumerable<string> assemblies, IReadOnlyList<ListedLine> listing)
    {
        var listed = listing.OfType<ListedType>().Select(type => type.Name).ToHashSet();
        var modules = assemblies.Select(ModuleDefinition.ReadModule).ToList();
        foreach (var type in modules.SelectMany(module => module.GetTypes()).Where(type => listed.Contains(CecilNames.Of(type))))
            AddType(type);
        var members = listing.OfType<ListedMember>().Select(member => (member.Type, member.Name)).ToHashSet();
        _members.RemoveAll(member => !members.Contains((member.Type, member.Name)));
        AddSharedFacts();
        AddTypesOfOthers(modules, listing.SelectMany(line => line.Types).Concat(_constraints).SelectMany(TypeName.Keys).Except(listed.Select(TypeName.Key)));
        return _lines;
    }

    // Types that listed members name, and that are neither listed nor the framework's.
    private void AddTypesOfOthers(List<ModuleDefinition> modules, IEnumerable<string> named)
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

    private void AddType(TypeDefinition type)
    {
        var name = CecilNames.Of(type);
        foreach (var fact in TypeFacts(type))
            _lines.Add($"T {name} : {fact}");
        _members.AddRange(type.Methods.Where(IsListed).Select(method => Facts('M', CecilNames.SignatureOf(method), method, PlacesOf(method), MethodFacts(method))));
        _members.AddRange(type.Properties.Where(property => AccessorOf(property) is { } accessor && IsVisible(accessor))
            .Select(property => Facts('P', property.Name, property, [], PropertyFacts(property))));
        _members.AddRange(type.Fields.Where(field => (field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly) && !field.IsSpecialName)
            .Select(field => Facts('F', field.Name, field, [], FieldFacts(field))));

        MemberFacts Facts(char kind, string signature, MemberReference member, IEnumerable<string> places, IEnumerable<(string, string)> facts) =>
            new(kind, name, member.Name, signature, places.Prepend("").ToHashSet(), [.. facts]);
    }

    private static IEnumerable<string> PlacesOf(MethodDefinition method) => method.Parameters.Select(parameter => $" @{parameter.Name}")
        .Append(" @return").Concat(method.GenericParameters.Select(parameter => $"where {parameter.Name}"));

    private IEnumerable<string> TypeFacts(TypeDefinition type)
    {
        if (type.IsNestedFamily || type.IsNestedFamilyOrAssembly)
            yield return "protected";
        if (type is { IsClass: true, IsSealed: true, IsAbstract: false, IsValueType: false } && type.BaseType.FullName != "System.MulticastDelegate")
            yield return "sealed";
        if (type.IsEnum && type.GetEnumUnderlyingType().FullName is var underlying and not "System.Int32")
            yield return $"underlying {underlying}";
        foreach (var fact in Constraints(type).Concat(AttributeFact.Of(type)))
            yield return fact;
    }

    private IEnumerable<(string, string)> MethodFacts(MethodDefinition method)
    {
        foreach (var word in Words(method))
            yield return ("", word);
        if (method.IsConstructor && !method.IsPublic)
            yield return ("", "protected");
        foreach (var fact in Constraints(method).Concat(AttributeFact.Of(method)))
            yield return ("", fact);
        foreach (var fact in AttributeFact.Of(method.MethodReturnType))
            yield return (" @return", fact);
        foreach (var parameter in method.Parameters)
            foreach (var fact in AttributeFact.Of(parameter).Concat(parameter.IsIn ? ["in"] : []))
                yield return ($" @{parameter.Name}", fact);
    }

    private static IEnumerable<(string, string)> PropertyFacts(PropertyDefinition property)
    {
        foreach (var word in Words(AccessorOf(property)!))
            yield return ("", word);
        if (property is { GetMethod: { } get, SetMethod: { } set } && IsVisible(set) && get.IsPublic != set.IsPublic)
            yield return ("", "protected set");
        if (property.SetMethod?.ReturnType is RequiredModifierType)
            yield return ("", "init");
        if (property.HasParameters)
            yield return ("", $"index {string.Join(", ", property.Parameters.Select(index => $"{CecilNames.Of(index.ParameterType)} {index.Name}"))}");
        foreach (var fact in AttributeFact.Of(property))
            yield return ("", fact);
    }

    private static IEnumerable<(string, string)> FieldFacts(FieldDefinition field)
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
        if (method is { IsVirtual: true, IsNewSlot: false })
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

    private IEnumerable<string> Constraints(IGenericParameterProvider provider) => provider.GenericParameters
        .Select(parameter => (parameter, Constraints(parameter)))
        .Where(constrained => constrained.Item2.Length > 0)
        .Select(constrained => $"where {constrained.parameter.Name} : {string.Join(", ", constrained.Item2)}");

    private string[] Constraints(GenericParameter parameter) =>
    [
        .. parameter.IsCovariant ? ["out"] : Array.Empty<string>(),
        .. parameter.IsContravariant ? ["in"] : Array.Empty<string>(),
        .. parameter.HasReferenceTypeConstraint ? ["class"] : Array.Empty<string>(),
        .. parameter.HasNotNullableValueTypeConstraint ? ["struct"] : Array.Empty<string>(),
        .. parameter.Constraints.Select(constraint => CecilNames.Of(constraint.ConstraintType)).Where(name => name != "System.ValueType").Select(Named),
        .. parameter is { HasDefaultConstructorConstraint: true, HasNotNullableValueTypeConstraint: false } ? ["new()"] : Array.Empty<string>(),
        .. AttributeFact.Of(parameter),
    ];

    private string Named(string constraint)
    {
        _constraints.Add(constraint);
        return constraint;
    }

    // What all overloads have is said once of the name, and what all members of a kind have once of the type. All: those that have such a
    // parameter.
    private void AddSharedFacts()
    {
        foreach (var kind in _members.GroupBy(member => (member.Kind, member.Type)))
        {
            foreach (var fact in kind.SelectMany(member => member.Facts).Distinct())
            {
                var place = fact.Fact.StartsWith("where ", StringComparison.Ordinal) ? fact.Fact[..fact.Fact.IndexOf(" : ", StringComparison.Ordinal)] : fact.Place;
                var members = kind.Where(member => member.Places.Contains(place)).ToList();
                bool Has(MemberFacts member) => member.Facts.Contains(fact);
                var keys = members.TrueForAll(Has)
                    ? ["*"]
                    : members.GroupBy(member => member.Name).SelectMany(overloads =>
                        overloads.All(Has) ? [overloads.Key] : overloads.Where(Has).Select(member => member.Signature));
                foreach (var key in keys)
                    _lines.Add($"{kind.Key.Kind} {kind.Key.Type}.{key}{fact.Place} : {fact.Fact}");
            }
        }
    }

    private static MethodDefinition? AccessorOf(PropertyDefinition property) =>
        property.GetMethod is { } get && IsVisible(get) ? get : property.SetMethod;

    private static bool IsListed(MethodDefinition method) =>
        IsVisible(method) && (method.IsConstructor ? !method.IsStatic : !method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal));

    private static bool IsVisible(MethodDefinition method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;
}
