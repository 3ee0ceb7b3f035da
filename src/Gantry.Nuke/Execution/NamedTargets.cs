namespace Gantry.Nuke.Execution;

/// <summary>Finds targets by name: a build class has its own targets and those of NUKE's and other packages' components.</summary>
internal static class NamedTargets
{
    /// <summary>Returns the names of all targets of a build class, including those of its components.</summary>
    public static IEnumerable<string> Of(Type build) =>
        Members(build).Select(member => member.GetDisplayShortName()).Distinct(StringComparer.Ordinal);

    /// <summary>Returns all targets of a build, including those of its components.</summary>
    public static IEnumerable<(string Name, Target Target)> All(INukeBuild build) =>
        Members(build.GetType()).Select(member => (member.GetDisplayShortName(), member.GetValue<Target>(build)));

    /// <summary>Gets the target with a name, or null when the build has none.</summary>
    public static Target? Find(INukeBuild build, string name) =>
        Members(build.GetType()).FirstOrDefault(member => member.GetDisplayShortName() == name)?.GetValue<Target>(build);

    /// <summary>Adds a dependency on the target with this name, when the build has it.</summary>
    public static ITargetDefinition TryDependsOn(this ITargetDefinition target, INukeBuild build, string name) =>
        Find(build, name) is { } other ? target.DependsOn(other) : target;

    /// <summary>Orders a target before the target with this name, when the build has it.</summary>
    public static ITargetDefinition TryBefore(this ITargetDefinition target, INukeBuild build, string name) =>
        Find(build, name) is { } other ? target.Before(other) : target;

    // In the same way as NUKE finds them.
    private static IEnumerable<System.Reflection.MemberInfo> Members(Type build) => build.GetAllMembers(
        member => member is System.Reflection.PropertyInfo property && property.PropertyType == typeof(Target),
        ReflectionUtility.Instance,
        allowAmbiguity: true,
        filterQuasiOverridden: true);
}
