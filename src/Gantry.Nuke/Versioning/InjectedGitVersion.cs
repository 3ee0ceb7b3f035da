namespace Gantry.Nuke.Versioning;

/// <summary>
/// The version that NUKE has injected into a member of the build class: <c>[GitVersion] readonly GitVersion GitVersion;</c>. The class then
/// compiles and publishes with the same version, and GitVersion runs with the options that the class has chosen.
/// </summary>
internal static class InjectedGitVersion
{
    /// <summary>Gets the version, or null when no member of the class or of its other components has one.</summary>
    public static GitVersion? Find(INukeBuild build) => build.GetType()
        .GetAllMembers(member => member.HasCustomAttribute<GitVersionAttribute>(), ReflectionUtility.All, allowAmbiguity: true)
        .Select(member => member.GetValue(build))
        .OfType<GitVersion>()
        .FirstOrDefault();
}
