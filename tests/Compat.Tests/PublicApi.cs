using System.Reflection;
using System.Text.RegularExpressions;

namespace Compat.Tests;

/// <summary>Reads the public and protected members of an assembly, one a line, in the form of the lists beside compat's projects.</summary>
internal static partial class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IReadOnlyList<string> Read(params string[] assemblies)
    {
        // Only metadata is read: referenced assemblies are not loaded.
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var files = Directory.GetFiles(AppContext.BaseDirectory, "*.dll").Concat(Directory.GetFiles(runtime, "*.dll"));
        using var context = new MetadataLoadContext(new PathAssemblyResolver(files.DistinctBy(Path.GetFileName)));
        return assemblies
            .SelectMany(x => context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, $"{x}.dll")).GetTypes())
            .Where(IsVisible)
            .SelectMany(Describe)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
    }

    private static IEnumerable<string> Describe(Type type)
    {
        var name = Name(type);
        return type.GetMembers(Declared).Select(x => Describe(name, x)).OfType<string>().Prepend($"T {name} : {Kind(type)}{Bases(type)}");
    }

    private static string? Describe(string type, MemberInfo member)
        => member switch
        {
            ConstructorInfo { IsStatic: false } constructor when IsVisible(constructor) => $"M {type}..ctor({Parameters(constructor)})",
            MethodInfo { IsSpecialName: false } method when IsVisible(method)
                => $"M {type}.{method.Name}{Generics(method)}({Parameters(method)}) : {Name(method.ReturnType)}{Modifiers(method)}",
            MethodInfo method when IsVisible(method) && method.Name.StartsWith("op_", StringComparison.Ordinal)
                => $"M {type}.{method.Name}({Parameters(method)}) : {Name(method.ReturnType)}",
            PropertyInfo property when IsVisible(property.GetMethod) || IsVisible(property.SetMethod)
                => $"P {type}.{property.Name} : {Name(property.PropertyType)} {{" +
                   $"{(IsVisible(property.GetMethod) ? " get;" : "")}{(IsVisible(property.SetMethod) ? " set;" : "")} }}" +
                   Modifiers((property.GetMethod ?? property.SetMethod)!),
            FieldInfo { IsSpecialName: false } field when field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly
                => $"F {type}.{field.Name} : {Name(field.FieldType)}",
            EventInfo @event when IsVisible(@event.AddMethod) => $"E {type}.{@event.Name} : {Name(@event.EventHandlerType!)}",
            _ => null
        };

    private static bool IsVisible(Type type)
        => type.IsPublic || ((type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!));

    private static bool IsVisible(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    private static string Modifiers(MethodInfo method)
        => method.DeclaringType!.IsInterface
            ? ""
            : (method.IsStatic ? " static" : "")
              + (method.IsAbstract ? " abstract" : method.IsVirtual && !method.IsFinal ? " virtual" : "")
              + (method.IsPublic ? "" : " protected");

    private static string Kind(Type type)
        => type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => "struct",
            { BaseType.FullName: "System.MulticastDelegate" } => "delegate",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            _ => "class",
        };

    private static string Bases(Type type)
    {
        var bases = new List<string>();
        if (type.BaseType
            is { FullName: not ("System.Object" or "System.ValueType" or "System.Enum" or "System.MulticastDelegate") } baseType)
            bases.Add(Name(baseType));
        if (!type.IsEnum)
            bases.AddRange(type.GetInterfaces().Where(x => x.IsPublic).Select(Name).Order(StringComparer.Ordinal));
        return bases.Count > 0 ? " < " + string.Join(", ", bases) : "";
    }

    private static string Generics(MethodInfo method)
        => method.IsGenericMethodDefinition ? $"<{string.Join(",", method.GetGenericArguments().Select(x => x.Name))}>" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        return (parameter.GetCustomAttributesData().Any(x => x.AttributeType.Name == "ParamArrayAttribute") ? "params " : "")
               + (parameter.IsOut ? "out " : type.IsByRef ? "ref " : "")
               + $"{Name(type.IsByRef ? type.GetElementType()! : type)} {parameter.Name}"
               + (parameter.HasDefaultValue ? $" = {parameter.RawDefaultValue ?? "null"}" : "");
    }

    private static string Name(Type type)
    {
        if (type.IsGenericParameter)
            return type.Name;
        if (type.IsArray)
            return Name(type.GetElementType()!) + "[]";
        if (!type.IsGenericType)
            return (type.FullName ?? type.Name).Replace('+', '.');

        var declaring = type.IsNested ? string.Concat(DeclaringTypes(type).Select(x => x.Name + ".")) : "";
        var name = Arity().Replace($"{type.Namespace}.{declaring}{type.Name}".TrimStart('.'), "");
        return $"{name}<{string.Join(",", type.GetGenericArguments().Select(Name))}>";
    }

    private static IEnumerable<Type> DeclaringTypes(Type type)
        => type.DeclaringType is { } declaringType ? DeclaringTypes(declaringType).Append(declaringType) : [];

    [GeneratedRegex(@"`\d+")]
    private static partial Regex Arity();
}
