using Mono.Cecil;

namespace StubAssemblies;

/// <summary>Gives types, members and parameters the attributes and constraints that facts say.</summary>
internal sealed class Describer(Framework framework, TypeFinder types)
{
    public void Describe(TypeDefinition type, IReadOnlyList<string> facts)
    {
        Constrain(type, facts, type.Module, type);
        AddAttributes(type, facts, type.Module);
    }

    public void Describe(MethodDefinition method, IReadOnlyList<string> facts)
    {
        Constrain(method, facts, method.Module, method, method.DeclaringType);
        AddAttributes(method, facts, method.Module);
    }

    public void AddAttributes(ICustomAttributeProvider provider, IEnumerable<string> facts, ModuleDefinition module)
    {
        foreach (var attribute in facts.Where(fact => fact[0] == '[').Select(AttributeFact.Parse))
        {
            var type = AttributeType(attribute.Type, module);
            var constructor = new MethodReference(".ctor", module.ImportReference(framework["System.Void"]), type) { HasThis = true };
            foreach (var parameter in attribute.Parameters)
                constructor.Parameters.Add(new ParameterDefinition(types.Find(parameter, module)));
            provider.CustomAttributes.Add(new CustomAttribute(constructor, attribute.Arguments));
        }
    }

    // The framework does not have what compilers write into each assembly themselves: Nullable and others.
    private TypeReference AttributeType(string name, ModuleDefinition module)
    {
        if (framework.Find($"{name}`0") is { } known)
            return module.ImportReference(known);
        if (module.GetType(name) is { } made)
            return made;
        var dot = name.LastIndexOf('.');
        var @base = module.ImportReference(framework["System.Attribute"]);
        var type = new TypeDefinition(name[..dot], name[(dot + 1)..], TypeAttributes.NotPublic, @base);
        module.Types.Add(type);
        return type;
    }

    private void Constrain(
        IGenericParameterProvider provider,
        IReadOnlyList<string> facts,
        ModuleDefinition module,
        params ReadOnlySpan<IGenericParameterProvider> scope)
    {
        foreach (var parameter in provider.GenericParameters)
        {
            var where = $"where {parameter.Name} : ";
            foreach (var fact in facts.Where(fact => fact.StartsWith(where, StringComparison.Ordinal)))
                foreach (var constraint in fact[where.Length..].Split(", "))
                    Constrain(parameter, constraint, module, scope);
        }
    }

    private void Constrain(
        GenericParameter parameter, string constraint, ModuleDefinition module, ReadOnlySpan<IGenericParameterProvider> scope)
    {
        switch (constraint)
        {
            case "out":
                parameter.IsCovariant = true;
                break;
            case "in":
                parameter.IsContravariant = true;
                break;
            case "class":
                parameter.HasReferenceTypeConstraint = true;
                break;
            case "new()":
                parameter.HasDefaultConstructorConstraint = true;
                break;
            case "struct":
                parameter.HasNotNullableValueTypeConstraint = true;
                parameter.HasDefaultConstructorConstraint = true;
                parameter.Constraints.Add(new GenericParameterConstraint(module.ImportReference(framework["System.ValueType"])));
                break;
            case ['[', ..]:
                AddAttributes(parameter, [constraint], module);
                break;
            default:
                parameter.Constraints.Add(new GenericParameterConstraint(types.Find(constraint, module, scope)));
                break;
        }
    }
}
