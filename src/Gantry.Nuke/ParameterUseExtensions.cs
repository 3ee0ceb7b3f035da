using Gantry.Nuke.Parameters;

namespace Gantry.Nuke;

/// <summary>Lets targets of a build class declare which parameters of these components they use.</summary>
public static class ParameterUseExtensions
{
    /// <summary>
    /// Declares that a target uses parameters of these components: <c>.UsesParameters(nameof(Approve))</c>. A parameter on the command line
    /// that no target of the run uses is refused (<c>GAN7053</c>). Without this declaration, a target of a build class counts as using the
    /// version, the registries and the release. A target that uses <see cref="IHazDryRun.DryRun"/> may run in a dry run.
    /// </summary>
    /// <param name="target">The target.</param>
    /// <param name="names">The names of the parameters.</param>
    public static ITargetDefinition UsesParameters(this ITargetDefinition target, params string[] names) =>
        target.Uses(new ParameterUses(names) { Registries = true, WritesAlways = !names.Contains(nameof(IHazDryRun.DryRun)) });

    internal static ITargetDefinition Uses(this ITargetDefinition target, ParameterUses uses) => target.Requires(() => uses.AreDeclared);
}
