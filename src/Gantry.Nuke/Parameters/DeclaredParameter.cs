using System.Reflection;

namespace Gantry.Nuke.Parameters;

/// <summary>One parameter that a build class, one of its components or NUKE itself declares.</summary>
/// <param name="Name">Its name, in Pascal case.</param>
/// <param name="Type">The type of its value.</param>
/// <param name="Separator">What separates the values of a list within one argument, or null.</param>
internal sealed record DeclaredParameter(string Name, Type Type, char? Separator)
{
    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.FlattenHierarchy;

    // Parameters of NUKE itself that no member declares.
    private static readonly string[] Internal = ["GenerateConfiguration", "Root", "Interceptor"];

    /// <summary>All parameters of a build class, and those of its environments: their registries, and as whom they are spoken to.</summary>
    public static IReadOnlyList<DeclaredParameter> Of(INukeBuild build)
    {
        var types = build.GetType().GetInterfaces().Concat(BaseTypes(build.GetType()));
        var declared =
            from type in types
            from member in type.GetMembers(Members | BindingFlags.DeclaredOnly)
            let attribute = member.GetCustomAttribute<ParameterAttribute>()
            where attribute is not null
            select Of(member, attribute);
        var environments = EnvironmentDeclarations.Of(build)?.ToList() ?? [];
        var registries = environments.SelectMany(environment => environment.RegistryParameters)
            .Concat(AzureParameters.Names(environments))
            .Select(name => new DeclaredParameter(name, typeof(string), null));
        var others = Internal.Select(name => new DeclaredParameter(name, typeof(string), null));
        return declared.Concat(registries).Concat(others).DistinctBy(parameter => CommandLine.Normal(parameter.Name)).ToList();
    }

    /// <summary>Gets the parameter with a name, or null when the build declares none.</summary>
    public static DeclaredParameter? Find(INukeBuild build, string name) =>
        Of(build).FirstOrDefault(parameter => CommandLine.Normal(parameter.Name) == CommandLine.Normal(name));

    /// <summary>The parameter that a member declares.</summary>
    public static DeclaredParameter Of(MemberInfo member) => Of(member, member.GetCustomAttribute<ParameterAttribute>()!);

    /// <summary>The name of the parameter that a member declares, with the prefix that its component gives to all of its own.</summary>
    public static string NameOf(MemberInfo member) =>
        member.DeclaringType!.GetCustomAttribute<ParameterPrefixAttribute>()?.Prefix
        + (member.GetCustomAttribute<ParameterAttribute>()!.Name ?? member.GetDisplayShortName());

    /// <summary>True when it takes several values.</summary>
    public bool IsList => Type != typeof(string) && typeof(System.Collections.IEnumerable).IsAssignableFrom(Type);

    /// <summary>True when its name alone means nothing: it is neither a switch nor a list. <c>--root</c> alone is the current folder.</summary>
    public bool NeedsValue => (Nullable.GetUnderlyingType(Type) ?? Type) != typeof(bool) && !IsList && Name != "Root";

    /// <summary>The only values, or none when it may have any.</summary>
    public IReadOnlyList<string> Choices()
    {
        var type = Nullable.GetUnderlyingType(Type) ?? Type;
        return type.IsEnum ? [.. Enum.GetNames(type).Select(name => name.ToLowerInvariant())] : EnumerationValues(type);
    }

    /// <summary>Whether these values give a value of the parameter's type. Targets, hosts and profiles are NUKE's to judge.</summary>
    public bool Accepts(IReadOnlyList<string> values)
    {
        if (BuildSystem.Owns(Type) || typeof(IEnumerable<ExecutableTarget>).IsAssignableFrom(Type))
            return true;

        try
        {
            var separated = Separator is { } separator && values.Count == 1 ? values[0].Split(separator) : values;
            _ = ReflectionUtility.Convert(separated, Type, booleanDefault: true);
            return true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Converters throw whatever they like; every one of them means that the text is no such value.
            return false;
        }
    }

    /// <summary>What a value of this parameter is, for a person.</summary>
    public string Expected()
    {
        var type = Nullable.GetUnderlyingType(Type) ?? Type;
        return type switch
        {
            { IsArray: true } => $"a list of {type.GetElementType()!.Name}",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(int) || type == typeof(long) => "a whole number",
            _ when Choices() is { Count: > 0 } choices => "one of " + string.Join(", ", choices),
            _ => $"a {type.Name}",
        };
    }

    // One static field of the type itself for each value. Other types have such fields, too: string has Empty.
    private static IReadOnlyList<string> EnumerationValues(Type type) => !typeof(Enumeration).IsAssignableFrom(type)
        ? []
        : [.. type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.FieldType == type).Select(field => field.Name)];

    private static DeclaredParameter Of(MemberInfo member, ParameterAttribute attribute) => new(
        NameOf(member),
        TypeOf(member),
        attribute.Separator is [var separator, ..] ? separator : null);

    private static Type TypeOf(MemberInfo member) => member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    private static IEnumerable<Type> BaseTypes(Type type)
    {
        for (var current = type; current is not null && current != typeof(object); current = current.BaseType)
            yield return current;
    }
}
