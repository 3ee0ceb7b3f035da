using Mono.Cecil;

namespace StubAssemblies;

/// <summary>Names of types of an assembly, as a listing has them.</summary>
internal static class CecilNames
{
    public static string Of(TypeReference type) => type switch
    {
        GenericParameter parameter => parameter.Name,
        ArrayType array => Of(array.ElementType) + "[]",
        GenericInstanceType instance => Path(instance.ElementType) + Arguments(instance.GenericArguments),
        TypeSpecification specification => Of(specification.ElementType),
        _ when type.HasGenericParameters => Path(type) + Arguments(type.GenericParameters),
        _ => Path(type),
    };

    public static string KeyOf(TypeReference type) => $"{Path(type)}`{CountGenerics(type)}";

    public static string SignatureOf(MethodDefinition method) =>
        $"{method.Name}{(method.HasGenericParameters ? Arguments(method.GenericParameters) : "")}({string.Join(',', method.Parameters.Select(parameter => Of(parameter.ParameterType)))})";

    private static string Arguments(IEnumerable<TypeReference> arguments) => $"<{string.Join(',', arguments.Select(Of))}>";

    private static int CountGenerics(TypeReference type) =>
        (type.Name.IndexOf('`') is > 0 and var tick ? int.Parse(type.Name[(tick + 1)..]) : 0)
        + (type.DeclaringType is { } outer ? CountGenerics(outer) : 0);

    private static string Path(TypeReference type)
    {
        var name = type.Name.IndexOf('`') is > 0 and var tick ? type.Name[..tick] : type.Name;
        return type.DeclaringType is { } outer ? $"{Path(outer)}.{name}" : type.Namespace.Length > 0 ? $"{type.Namespace}.{name}" : name;
    }
}
