namespace Gantry.Nuke.Versioning;

/// <summary>
/// The version that NUKE has injected into a member of the build class: <c>[GitVersion] readonly GitVersion GitVersion;</c>. What the class
/// compiles with it and what is published have one version, and GitVersion is asked as the class wants it to be.
/// </summary>
internal static class InjectedGitVersion
{
    /// <summary>Gets the version, or null when no member of the class or of its other components has one.</summary>
    public static GitVersion? Find(IHazReleaseVersion build) => build.GetType()
        .GetAllMembers(member => member.HasCustomAttribute<GitVersionAttribute>(), ReflectionUtility.All, allowAmbiguity: true)
        .Select(member => member.GetValue(build))
        .OfType<GitVersion>()
        .FirstOrDefault();
}
