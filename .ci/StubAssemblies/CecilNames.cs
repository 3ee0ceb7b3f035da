using System.Globalization;
using Mono.Cecil;

namespace StubAssemblies;

/// <summary>Names of types and methods of an assembly, as a listing has them.</summary>
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

    /// <summary>Gets what tells generic types of one name apart: <see cref="TypeName.Key" />.</summary>
    public static string KeyOf(TypeReference type) => $"{Path(type)}`{CountGenerics(type)}";

    public static string SignatureOf(MethodDefinition method) =>
        $"{method.Name}{Generics(method)}({string.Join(',', method.Parameters.Select(parameter => Of(parameter.ParameterType)))})";

    public static string Generics(MethodDefinition method) => method.HasGenericParameters ? Arguments(method.GenericParameters) : "";

    private static string Arguments(IEnumerable<TypeReference> arguments) => $"<{string.Join(',', arguments.Select(Of))}>";

    private static int CountGenerics(TypeReference type) =>
        (type.Name.IndexOf('`') is > 0 and var tick ? int.Parse(type.Name.AsSpan(tick + 1), CultureInfo.InvariantCulture) : 0)
        + (type.DeclaringType is { } outer ? CountGenerics(outer) : 0);

    private static string Path(TypeReference type)
    {
        var name = type.Name.IndexOf('`') is > 0 and var tick ? type.Name[..tick] : type.Name;
        var before = type.DeclaringType is { } outer ? Path(outer) : type.Namespace;
        return before.Length > 0 ? $"{before}.{name}" : name;
    }
}
