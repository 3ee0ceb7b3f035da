using System.Globalization;
using Mono.Cecil;

namespace StubAssemblies;

/// <summary>Prints the public and protected members of an assembly as a listing has them.</summary>
internal static class ListingPrinter
{
    public static IEnumerable<string> Print(ModuleDefinition module) => module.GetTypes().Where(IsVisible).SelectMany(Print);

    public static bool IsVisible(MethodDefinition? method) =>
        method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    public static bool IsListed(MethodDefinition method) =>
        IsVisible(method) && (method.IsConstructor ? !method.IsStatic : !method.IsSpecialName || IsOperator(method));

    public static bool IsListed(FieldDefinition field) =>
        field is { IsSpecialName: false } and ({ IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true });

    private static bool IsVisible(TypeDefinition type) =>
        type.IsPublic || ((type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamilyOrAssembly) && IsVisible(type.DeclaringType));

    private static bool IsOperator(MethodDefinition method) =>
        method.IsSpecialName && method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static IEnumerable<string> Print(TypeDefinition type)
    {
        var name = CecilNames.Of(type);
        yield return $"T {name} : {Kind(type)}{Bases(type)}";
        foreach (var method in type.Methods.Where(IsListed))
            yield return $"M {name}.{method.Name}{CecilNames.Generics(method)}({Parameters(method)}){Returns(method)}";
        foreach (var property in type.Properties.Where(property => IsVisible(property.GetMethod) || IsVisible(property.SetMethod)))
            yield return $"P {name}.{property.Name} : {CecilNames.Of(property.PropertyType)} {{{Accessors(property)} }}"
                + Modifiers(property.GetMethod ?? property.SetMethod);
        foreach (var field in type.Fields.Where(IsListed))
            yield return $"F {name}.{field.Name} : {CecilNames.Of(field.FieldType)}";
        foreach (var @event in type.Events)
            yield return $"E {name}.{@event.Name} : {CecilNames.Of(@event.EventType)}";
    }

    public static string Kind(TypeDefinition type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        { BaseType.FullName: "System.MulticastDelegate" } => "delegate",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        _ => "class",
    };

    private static string Bases(TypeDefinition type)
    {
        var isOfItsKind = type.BaseType is null
            or { FullName: "System.Object" or "System.ValueType" or "System.Enum" or "System.MulticastDelegate" };
        var interfaces = type.Interfaces.Select(implemented => CecilNames.Of(implemented.InterfaceType)).Order(StringComparer.Ordinal);
        string[] bases = isOfItsKind ? [.. interfaces] : [CecilNames.Of(type.BaseType!), .. interfaces];
        return bases.Length == 0 ? "" : $" < {string.Join(", ", bases)}";
    }

    private static string Parameters(MethodDefinition method) => string.Join(", ", method.Parameters.Select(parameter =>
        (parameter.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "ParamArrayAttribute") ? "params " : "")
        + (parameter.IsOut ? "out " : parameter.ParameterType.IsByReference ? "ref " : "")
        + $"{CecilNames.Of(parameter.ParameterType)} {parameter.Name}"
        + (parameter.HasConstant ? $" = {Convert.ToString(parameter.Constant ?? "null", CultureInfo.InvariantCulture)}" : "")));

    private static string Returns(MethodDefinition method) =>
        method.IsConstructor ? "" : $" : {CecilNames.Of(method.ReturnType)}{(IsOperator(method) ? "" : Modifiers(method))}";

    private static string Accessors(PropertyDefinition property) =>
        (IsVisible(property.GetMethod) ? " get;" : "") + (IsVisible(property.SetMethod) ? " set;" : "");

    private static string Modifiers(MethodDefinition method) => method.DeclaringType.IsInterface
        ? ""
        : (method.IsStatic ? " static" : "")
            + (method.IsAbstract ? " abstract" : method is { IsVirtual: true, IsFinal: false } ? " virtual" : "")
            + (method.IsPublic ? "" : " protected");
}
