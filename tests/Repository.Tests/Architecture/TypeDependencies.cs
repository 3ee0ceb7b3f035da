using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Repository.Tests.Architecture;

/// <summary>A type that uses a type of another namespace. Nested types count as their outermost type.</summary>
/// <param name="User">The using type.</param>
/// <param name="Used">The used type.</param>
internal readonly record struct TypeDependency(TypeName User, TypeName Used);

/// <summary>The name of a type that is not nested.</summary>
internal readonly record struct TypeName(string Namespace, string Name)
{
    public override string ToString() => $"{Namespace}.{Name}";
}

/// <summary>Reads from compiled assemblies which types use each other: in signatures, attributes and bodies.</summary>
internal static class TypeDependencies
{
    public static IReadOnlySet<TypeDependency> Read(IEnumerable<string> assemblies, Func<string, bool> isOurs)
    {
        var dependencies = new HashSet<TypeDependency>();
        foreach (var path in assemblies)
        {
            using var module = ModuleDefinition.ReadModule(path);
            foreach (var type in module.Types.Where(type => isOurs(type.Namespace)))
            {
                var user = new TypeName(type.Namespace, type.Name);
                foreach (var used in UsedBy(type)
                    .SelectMany(Parts)
                    .Select(Outermost)
                    .Where(used => isOurs(used.Namespace) && used.Namespace != user.Namespace))
                    dependencies.Add(new(user, used));
            }
        }

        return dependencies;
    }

    private static IEnumerable<TypeReference?> UsedBy(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(implemented => implemented.InterfaceType),
        .. UsedBy((ICustomAttributeProvider)type),
        .. UsedBy((IGenericParameterProvider)type),
        .. type.Fields.SelectMany(field => UsedBy(field).Append(field.FieldType)),
        .. type.Properties.SelectMany(property => UsedBy(property).Append(property.PropertyType)),
        .. type.Events.Select(declared => declared.EventType),
        .. type.Methods.SelectMany(UsedBy),
        .. type.NestedTypes.SelectMany(UsedBy),
    ];

    private static IEnumerable<TypeReference?> UsedBy(MethodDefinition method) =>
    [
        method.ReturnType,
        .. method.Parameters.SelectMany(parameter => UsedBy(parameter).Append(parameter.ParameterType)),
        .. UsedBy((ICustomAttributeProvider)method),
        .. UsedBy((IGenericParameterProvider)method),
        .. method.HasBody ? UsedBy(method.Body) : [],
    ];

    private static IEnumerable<TypeReference?> UsedBy(MethodBody body) =>
    [
        .. body.Variables.Select(variable => variable.VariableType),
        .. body.ExceptionHandlers.Select(handler => handler.CatchType),
        .. body.Instructions.SelectMany(instruction => UsedBy(instruction.Operand)),
    ];

    private static IEnumerable<TypeReference?> UsedBy(object? operand) => operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        GenericInstanceMethod method => [.. UsedBy((object)method.ElementMethod), .. method.GenericArguments],
        MethodReference method =>
            [method.DeclaringType, method.ReturnType, .. method.Parameters.Select(parameter => parameter.ParameterType)],
        _ => [],
    };

    private static IEnumerable<TypeReference?> UsedBy(ICustomAttributeProvider provider) =>
        provider.CustomAttributes.SelectMany(attribute =>
            attribute.ConstructorArguments.Select(argument => argument.Value as TypeReference).Append(attribute.AttributeType));

    private static IEnumerable<TypeReference?> UsedBy(IGenericParameterProvider provider) =>
        provider.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType);

    // List<Foo[]> uses List, and Foo.
    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => [.. Parts(generic.ElementType), .. generic.GenericArguments.SelectMany(Parts)],
        RequiredModifierType modified => [.. Parts(modified.ElementType), .. Parts(modified.ModifierType)],
        TypeSpecification wrapped => Parts(wrapped.ElementType),
        _ => [type],
    };

    private static TypeName Outermost(TypeReference type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        return new(type.Namespace, type.Name);
    }
}
