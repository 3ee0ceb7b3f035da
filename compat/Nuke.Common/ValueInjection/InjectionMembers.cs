using System.Linq.Expressions;
using System.Reflection;
using Nuke.Common.Utilities;

namespace Nuke.Common.ValueInjection;

/// <summary>The members of a build, and of the components it is made of, that carry an injection attribute.</summary>
internal static class InjectionMembers
{
    private static readonly Dictionary<Type, IReadOnlyList<(MemberInfo, ValueInjectionAttributeBase)>> s_members = [];
    private static readonly Dictionary<(MemberInfo Member, object Instance), object> s_values = [];

    public static IReadOnlyList<(MemberInfo Member, ValueInjectionAttributeBase Attribute)> Of(Type type)
    {
        lock (s_members)
            return s_members.TryGetValue(type, out var members) ? members : s_members[type] = Find(type);
    }

    public static IEnumerable<MemberInfo> ParametersOf(Type type, bool includeUnlisted)
        => Of(type)
            .Where(x => x.Attribute is ParameterAttribute parameter && (includeUnlisted || parameter.List))
            .Select(x => x.Member)
            .OrderBy(ParameterService.GetMemberName, StringComparer.CurrentCulture);

    public static void Inject(NukeBuild build, Func<MemberInfo, ValueInjectionAttributeBase, bool> filter)
    {
        var members = Of(build.GetType())
            .Where(x => x.Member.DeclaringType != typeof(NukeBuild) && !x.Member.ReflectedType!.IsInterface)
            .Where(x => filter(x.Member, x.Attribute))
            .OrderBy(x => Depth(x.Member.DeclaringType))
            .ThenByDescending(x => x.Attribute.Priority);

        foreach (var (member, attribute) in members)
        {
            attribute.Build = build;
            if (attribute.TryGetValue(member, build) is not { } value)
                continue;

            Assert.True(member.GetMemberType().IsInstanceOfType(value),
                $"Member '{member.Name}' must be of type '{value.GetType().Name}' to get its value injected from "
                    + $"'{attribute.GetType().Name}'");
            member.SetValue(build, value);
        }
    }

    /// <summary>The value of a component's member, which has no field to keep it.</summary>
    public static T TryGetValue<T>(LambdaExpression expression)
    {
        var member = expression.GetMemberInfo();
        var instance = expression.GetTarget();
        lock (s_values)
        {
            if (s_values.TryGetValue((member, instance), out var known))
                return (T)known;
        }

        var attribute = member.GetCustomAttribute<ValueInjectionAttributeBase>()
            .NotNull($"Member '{member.GetDisplayName()}' is not marked with an injection attribute");
        attribute.Build = instance as INukeBuild;
        if (attribute.TryGetValue(member, instance) is not { } value)
            return default;

        lock (s_values)
            s_values[(member, instance)] = value;
        return (T)value;
    }

    private static List<(MemberInfo, ValueInjectionAttributeBase)> Find(Type type) => type
        .GetAllMembers(x => x.HasCustomAttribute<ValueInjectionAttributeBase>(), ReflectionUtility.All, allowAmbiguity: true)
        .Select(x => (Member: x, Attribute: x.GetCustomAttribute<ValueInjectionAttributeBase>()))
        .OrderBy(x => x.Member.Name, StringComparer.CurrentCulture)
        .ToList();

    private static int Depth(Type type)
        => type.BaseType == null ? 0 : Depth(type.BaseType) + 1;
}
