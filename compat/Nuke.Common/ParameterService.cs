using System.Reflection;
using Nuke.Common.Tooling;
using Nuke.Common.Utilities;
using Serilog;

namespace Nuke.Common;

/// <summary>Where the values of parameters come from.</summary>
internal static class ParameterService
{
    /// <summary>Set once the parameters of the build are known; until then files are not asked.</summary>
    internal static ParameterFiles Files { get; set; }

    public static T GetParameter<T>(string name, char? separator = null)
        => GetParameter(name, typeof(T), separator) is { } value ? (T)value : default;

    public static object GetParameter(MemberInfo member, Type destinationType)
        => GetParameter(GetMemberName(member), destinationType, GetAttribute(member).Separator is [var character] ? character : null);

    private static object GetParameter(string name, Type destinationType, char? separator)
        => GetFromCommandLine(name, destinationType, separator)
           ?? GetFromEnvironment(name, destinationType, separator)
           ?? Files?.GetValue(name, destinationType);

    private static object GetFromCommandLine(string name, Type destinationType, char? separator)
    {
        if (EnvironmentInfo.HasArgument(name))
            return EnvironmentInfo.ArgumentParser.GetNamedArgument(name, destinationType, separator);
        if (name == Constants.InvokedTargetsParameterName)
            return EnvironmentInfo.ArgumentParser.GetAllPositionalArguments(destinationType, separator);
        return null;
    }

    private static object GetFromEnvironment(string name, Type destinationType, char? separator)
    {
        if (!TryGetVariable(name, out var value))
            return null;

        try
        {
            return ReflectionUtility.Convert(value, destinationType, separator, booleanDefault: false);
        }
        catch (Exception exception)
        {
            Assert.Fail(
                new[] { exception.Message, $"Resolving parameter '{name}' failed. Environment variable was:", value }.JoinNewLine());
            return null;
        }
    }

    /// <summary>What the environment says of a parameter, as text.</summary>
    public static string GetVariable(string name) => TryGetVariable(name, out var value) ? value : null;

    private static bool TryGetVariable(string name, out string value)
    {
        if (EnvironmentInfo.GetVariable(name) is { } exact)
        {
            value = exact;
            return true;
        }

        var candidates = Product.VariableNames(LettersOf(name))
            .Select(group => group.SelectMany(x => s_variablesByLetters.Value[x]).Where(x => EnvironmentInfo.HasVariable(x)).ToList())
            .FirstOrDefault(x => x.Count > 0) ?? [];
        if (candidates.Count > 1)
            Log.Warning("Could not resolve {VariableName} since multiple values are provided", name);

        value = candidates.Count == 1 ? EnvironmentInfo.GetVariable(candidates[0]) : null;
        return value != null;
    }

    private static readonly Lazy<ILookup<string, string>> s_variablesByLetters = new(
        () => EnvironmentInfo.Variables.Keys.ToLookup(LettersOf, StringComparer.OrdinalIgnoreCase));

    private static string LettersOf(string name)
        => new(name.Where(char.IsLetterOrDigit).ToArray());

    public static string GetMemberName(MemberInfo member)
        => member.DeclaringType!.GetCustomAttribute<ParameterPrefixAttribute>(inherit: false)?.Prefix
            + (GetAttribute(member).Name ?? member.Name);

    public static string GetDashedName(MemberInfo member)
        => GetMemberName(member).SplitCamelHumpsWithKnownWords().JoinDash().ToLowerInvariant();

    public static string GetDescription(MemberInfo member)
        => GetAttribute(member).Description?.TrimEnd('.');

    public static ParameterAttribute GetAttribute(MemberInfo member)
        => member.GetCustomAttribute<ParameterAttribute>().NotNull($"Member '{member.GetDisplayName()}' is no parameter");

    /// <summary>The texts to choose from, or nothing where any text will do.</summary>
    public static IReadOnlyList<string> GetValueSet(MemberInfo member, object instance)
    {
        var attribute = GetAttribute(member);
        var type = member.GetMemberType().GetScalarType();
        type = Nullable.GetUnderlyingType(type) ?? type;

        var values = attribute.GetValueSet(member, instance)?.Select(x => x.Item1)
                     ?? GetFromProvider(attribute, instance)
                     ?? GetFromType(type);
        return values?.Order(StringComparer.CurrentCulture).ToList();
    }

    private static IEnumerable<string> GetFromType(Type type)
        => type.IsEnum ? type.GetEnumNames()
            : typeof(Enumeration).IsAssignableFrom(type) ? type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(x => x.Name)
            : null;

    private static IEnumerable<string> GetFromProvider(ParameterAttribute attribute, object instance)
        => attribute.ValueProviderMember is not { } name
            ? null
            : (attribute.ValueProviderType ?? instance.GetType()).GetMember(name, ReflectionUtility.All).SingleOrDefault()
                .NotNull($"No single value provider '{name}' found")
                .GetValue<IEnumerable<string>>(instance);
}
