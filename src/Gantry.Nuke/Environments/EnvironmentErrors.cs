namespace Gantry.Nuke.Environments;

/// <summary>GAN7011: an environment that a build class declares incompletely.</summary>
internal static class EnvironmentErrors
{
    public static GantryException EnvironmentWithoutTarget(string environment, string target) =>
        new(
            "GAN7011",
            $"the environment '{environment}' has no target",
            $"declare `Target {target} => _ => _.Promote(this, …)` in the build class");
}
