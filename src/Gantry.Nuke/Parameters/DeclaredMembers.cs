using System.Reflection;

namespace Gantry.Nuke.Parameters;

/// <summary>
/// Finds names that are declared by both a build class and a component of Gantry, or by two components. NUKE rejects such targets with a
/// message about its own rules, and lists such parameters twice. One of the two must be removed.
/// </summary>
internal static class DeclaredMembers
{
    /// <summary>Throws <c>GAN7051</c> for a target or parameter that is declared twice.</summary>
    public static void Check(Type build)
    {
        CheckTargets(build);
        CheckParameters(build);
    }

    /// <summary>Throws <c>GAN7051</c> for a parameter that is declared twice.</summary>
    public static void CheckParameters(Type build)
    {
        var parameters = DeclaredParameter.MembersOf(build);
        foreach (var same in parameters
            .GroupBy(DeclaredParameter.NameOf, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1))
            Refuse(build, same.Key, [.. same.Select(member => member.DeclaringType!)]);
    }

    // A public target of the class replaces that of a component, and so does an explicit implementation.
    private static void CheckTargets(Type build)
    {
        var own = build.GetProperties(ReflectionUtility.Instance).Where(IsTarget).ToList();
        var ofComponents =
            from component in build.GetInterfaces()
            from target in component.GetProperties(ReflectionUtility.Instance)
            where IsTarget(target) && target.GetImplementedOrInterfaceMember(build) == target
            group component by target.Name;
        foreach (var same in ofComponents)
        {
            if (own.Find(target => target.Name == same.Key) is { } hiding)
                Refuse(build, same.Key, [hiding.DeclaringType!, .. same]);
            else if (!same.Any(component => same.All(component.IsAssignableFrom)))
                Refuse(build, same.Key, [.. same]);
        }

        static bool IsTarget(PropertyInfo property) => property.PropertyType == typeof(Target) && !property.IsExplicit();
    }

    private static void Refuse(Type build, string member, IReadOnlyList<Type> owners)
    {
        // Conflicts between components of others are not checked here.
        if (owners
            .Select(owner => ComponentThatBrings(build, owner))
            .FirstOrDefault(component => component is not null) is not { } component)
            return;
        if (owners.FirstOrDefault(owner => owner != component && !owner.IsAssignableFrom(component)) is not { } other)
            return;
        throw other.IsInterface
            ? ParameterErrors.DeclaredByTwoComponents(member, component.Name, other.FullName!)
            : ParameterErrors.DeclaredTwice(member, component.Name, other.Name);
    }

    // The component of Gantry itself, or the one through which the class inherits a component of NUKE.
    private static Type? ComponentThatBrings(Type build, Type owner)
    {
        var ours = build.GetInterfaces().Where(component => component.Assembly == typeof(DeclaredMembers).Assembly).ToList();
        if (ours.Contains(owner) || !owner.IsInterface)
            return ours.Find(component => component == owner);
        return ours.Where(owner.IsAssignableFrom).OrderBy(component => component.Name, StringComparer.Ordinal).FirstOrDefault();
    }
}
