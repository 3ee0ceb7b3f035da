using System.Reflection;
using Gantry.Environments;
using Gantry.Nuke.Execution;

namespace Gantry.Nuke.Environments;

/// <summary>Finds the environments that a build class declares: its properties of type <see cref="PromotionEnvironment"/>.</summary>
internal static class EnvironmentDeclarations
{
    /// <summary>Returns the environments, validated and in promotion order, or null when the build declares none.</summary>
    public static EnvironmentSet? Of(INukeBuild build)
    {
        var declared = build.GetType()
            .GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(property => property.PropertyType == typeof(PromotionEnvironment) && property.GetIndexParameters().Length == 0)
            .OrderBy(property => property.MetadataToken)
            .Select(property => (PromotionEnvironment)property.GetValue(build)!)
            .ToList();
        return declared.Count == 0 ? null : EnvironmentSet.Create(declared);
    }

    /// <summary>Returns true when an environment has a channel that gets messages about it.</summary>
    public static bool HasNotifications(INukeBuild build) =>
        Of(build)?.Any(environment => environment.Notifications.Count > 0) == true;

    /// <summary>Returns the name of the target that promotes to an environment: <c>PromoteDev</c>.</summary>
    public static string TargetName(PromotionEnvironment environment) => "Promote" + environment.Identifier;

    /// <summary>
    /// Returns the target that promotes to an environment. Throws <c>GAN7011</c> when there is none, or <c>GAN4004</c> when there can be
    /// none for its name.
    /// </summary>
    public static Target TargetOf(INukeBuild build, PromotionEnvironment environment)
    {
        var name = TargetName(environment);
        if (NamedTargets.Find(build, name) is { } target)
            return target;

        // No target can have a name made of one that is not allowed.
        _ = EnvironmentSet.Create([new(environment.Name)]);
        throw EnvironmentErrors.EnvironmentWithoutTarget(environment.Name, name);
    }
}
