using System.Reflection;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Execution;

namespace Gantry.Nuke.Parameters;

/// <summary>One parameter that a build class, one of its components or NUKE itself declares.</summary>
/// <param name="Name">Its name, in Pascal case.</param>
/// <param name="Type">The type of its value.</param>
/// <param name="Separator">The separator for the values of a list within one argument, or null.</param>
internal sealed record DeclaredParameter(string Name, Type Type, char? Separator)
{
    // Parameters of NUKE itself that no member declares.
    private static readonly string[] Internal = ["GenerateConfiguration", "Root", "Interceptor"];

    /// <summary>Returns all parameters of a build class and of its environments: their registries and Azure identities.</summary>
    public static IReadOnlyList<DeclaredParameter> Of(INukeBuild build)
    {
        var environments = EnvironmentDeclarations.Of(build)?.ToList() ?? [];
        string[] texts =
        [
            .. environments.SelectMany(environment => environment.RegistryParameters),
            .. environments.Select(environment => environment.SigningKeyParameter),
            .. AzureParameters.Names(environments),
            .. Internal,
        ];
        return MembersOf(build.GetType()).Select(Of)
            .Concat(texts.Select(name => new DeclaredParameter(name, typeof(string), null)))
            .DistinctBy(parameter => CommandLine.Normal(parameter.Name))
            .ToList();
    }

    /// <summary>Returns the members that declare parameters: those of the class and of its components, as NUKE finds them.</summary>
    public static IEnumerable<MemberInfo> MembersOf(Type build) =>
        build.GetAllMembers(member => member.HasCustomAttribute<ParameterAttribute>(), ReflectionUtility.All, allowAmbiguity: true);

    /// <summary>Gets the parameter with a name, or null when the build declares none.</summary>
    public static DeclaredParameter? Find(INukeBuild build, string name) =>
        Of(build).FirstOrDefault(parameter => CommandLine.Normal(parameter.Name) == CommandLine.Normal(name));

    /// <summary>Returns the parameter that a member declares.</summary>
    public static DeclaredParameter Of(MemberInfo member) => new(
        NameOf(member),
        member.GetMemberType(),
        member.GetCustomAttribute<ParameterAttribute>()!.Separator is [var separator, ..] ? separator : null);

    /// <summary>Returns the name of the parameter that a member declares, with the parameter prefix of its component.</summary>
    public static string NameOf(MemberInfo member) =>
        member.DeclaringType!.GetCustomAttribute<ParameterPrefixAttribute>()?.Prefix
        + (member.GetCustomAttribute<ParameterAttribute>()!.Name ?? member.GetDisplayShortName());

    /// <summary>True when the parameter takes several values.</summary>
    public bool IsList => Type != typeof(string) && typeof(System.Collections.IEnumerable).IsAssignableFrom(Type);

    /// <summary>
    /// True when the parameter needs a value: it is neither a switch nor a list. <c>--root</c> without a value means the current folder.
    /// </summary>
    public bool NeedsValue => (Nullable.GetUnderlyingType(Type) ?? Type) != typeof(bool) && !IsList && Name != "Root";

    /// <summary>Returns the allowed values, or an empty list when any value is allowed.</summary>
    public IReadOnlyList<string> Choices()
    {
        var type = Nullable.GetUnderlyingType(Type) ?? Type;
        return type.IsEnum ? [.. Enum.GetNames(type).Select(name => name.ToLowerInvariant())] : EnumerationValues(type);
    }

    /// <summary>True for targets, hosts and paths: only the build system can convert them.</summary>
    public bool LeftToBuildSystem => BuildSystem.Owns(Type) || typeof(IEnumerable<ExecutableTarget>).IsAssignableFrom(Type);

    /// <summary>True when these values convert to the type of the parameter.</summary>
    public bool Accepts(IReadOnlyList<string> values)
    {
        if (LeftToBuildSystem)
            return true;

        try
        {
            var separated = Separator is { } separator && values.Count == 1 ? values[0].Split(separator) : values;
            _ = ReflectionUtility.Convert(separated, Type, booleanDefault: true);
            return true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Converters throw exceptions of any type; each of them means that the value is not valid.
            return false;
        }
    }

    /// <summary>Describes the expected value for a message.</summary>
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

    // Each value is a static field of the type itself. Other types also have such fields: string has Empty.
    private static IReadOnlyList<string> EnumerationValues(Type type) => !typeof(Enumeration).IsAssignableFrom(type)
        ? []
        : [.. type
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == type)
            .Select(field => field.Name)];
}
