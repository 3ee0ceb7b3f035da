using System.Globalization;
using Mono.Cecil;

namespace StubAssemblies;

/// <summary>Finds the types that a listing names: its own, the framework's, and those of other packages that the facts say.</summary>
internal sealed class TypeFinder(Framework framework, Facts facts)
{
    private readonly Dictionary<string, TypeDefinition> _own = [];

    public void Add(string name, TypeDefinition type) => _own.Add(TypeName.Key(name), type);

    public TypeDefinition Own(string name) => _own[TypeName.Key(name)];

    public TypeDefinition? FindOwn(string key) => _own.GetValueOrDefault(key);

    /// <summary>Finds a type as a module refers to it, or a generic parameter of <paramref name="providers" />.</summary>
    public TypeReference Find(string name, ModuleDefinition module, params ReadOnlySpan<IGenericParameterProvider> providers)
    {
        if (name.EndsWith("[]", StringComparison.Ordinal))
            return new ArrayType(Find(name[..^2], module, providers));
        if (name.EndsWith('&'))
            return new ByReferenceType(Find(name[..^1], module, providers));
        foreach (var provider in providers)
            if (provider.GenericParameters.FirstOrDefault(parameter => parameter.Name == name) is { } parameter)
                return parameter;
        var type = FindDefinition(TypeName.Key(name), module);
        var arguments = TypeName.Arguments(name);
        if (arguments.Count == 0)
            return type;
        var instance = new GenericInstanceType(type);
        foreach (var argument in arguments)
            instance.GenericArguments.Add(Find(argument, module, providers));
        return instance;
    }

    private TypeReference FindDefinition(string key, ModuleDefinition module)
    {
        if ((FindOwn(key) ?? framework.Find(key)) is { } type)
            return type.Module == module ? type : module.ImportReference(type);
        var fact = facts.Of('X', key).FirstOrDefault() ?? throw new InvalidOperationException(
            $"The type {key} is neither in the listing nor in the framework, and no fact says from which package it is.");
        return Foreign(fact, key, module);
    }

    // struct|class Namespace.Name[/Nested] of Assembly, Version=…
    private static TypeReference Foreign(string fact, string key, ModuleDefinition module)
    {
        var of = fact.IndexOf(" of ", StringComparison.Ordinal);
        var words = fact[..of].Split(' ');
        var assembly = AssemblyNameReference.Parse(fact[(of + 4)..]);
        var scope = module.AssemblyReferences.FirstOrDefault(reference => reference.FullName == assembly.FullName);
        if (scope is null)
            module.AssemblyReferences.Add(scope = assembly);
        TypeReference? type = null;
        foreach (var name in words[1].Split('/'))
        {
            var dot = type is null ? name.LastIndexOf('.') : -1;
            var @namespace = dot < 0 ? "" : name[..dot];
            type = new TypeReference(@namespace, name[(dot + 1)..], module, scope, words[0] == "struct") { DeclaringType = type };
        }
        for (var count = int.Parse(key.AsSpan(key.LastIndexOf('`') + 1), CultureInfo.InvariantCulture); count > 0; count--)
            type!.GenericParameters.Add(new GenericParameter(type));
        return type!;
    }
}
