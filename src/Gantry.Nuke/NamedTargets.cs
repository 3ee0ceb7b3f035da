namespace Gantry.Nuke;

/// <summary>Finds targets by their names: a build class may have them of its own, of NUKE's components or of other packages.</summary>
internal static class NamedTargets
{
    /// <summary>The names of all targets of a build class, its own and those of its components.</summary>
    public static IEnumerable<string> Of(Type build) => Members(build).Select(member => member.GetDisplayShortName()).Distinct(StringComparer.Ordinal);

    /// <summary>Gets the target with a name, or null when the build has none.</summary>
    public static Target? Find(INukeBuild build, string name) =>
        Members(build.GetType()).FirstOrDefault(member => member.GetDisplayShortName() == name)?.GetValue<Target>(build);

    /// <summary>Lets a target depend on the one with a name, where the build has it.</summary>
    public static ITargetDefinition TryDependsOn(this ITargetDefinition target, INukeBuild build, string name) =>
        Find(build, name) is { } other ? target.DependsOn(other) : target;

    /// <summary>Orders a target before the one with a name, where the build has it.</summary>
    public static ITargetDefinition TryBefore(this ITargetDefinition target, INukeBuild build, string name) =>
        Find(build, name) is { } other ? target.Before(other) : target;

    // As NUKE finds them.
    private static IEnumerable<System.Reflection.MemberInfo> Members(Type build) => build.GetAllMembers(
        member => member is System.Reflection.PropertyInfo property && property.PropertyType == typeof(Target),
        ReflectionUtility.Instance,
        allowAmbiguity: true,
        filterQuasiOverridden: true);
}
