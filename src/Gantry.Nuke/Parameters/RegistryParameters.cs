using Gantry.Registries;
using Nuke.Common.Execution;

namespace Gantry.Nuke.Parameters;

/// <summary>The addresses of registries that the targets of a run need.</summary>
internal static class RegistryParameters
{
    /// <summary>Ends the build with <c>GAN1006</c> for an address that is none, before the first target runs.</summary>
    public static void Check(IHazRegistries build, IReadOnlyCollection<ExecutableTarget> running)
    {
        var names = running.Select(target => target.Name).ToHashSet(StringComparer.Ordinal);
        var entered = (EnvironmentDeclarations.Of(build)?.AsEnumerable() ?? []).Where(environment => names.Contains(EnvironmentDeclarations.TargetName(environment))).ToList();

        if (names.Contains(nameof(IBuildImage.BuildImage)))
            _ = RegistryAddress.Parse(build.ImageStore);
        if (names.Contains(nameof(IPushBase.PushBase)) || entered.Count > 0)
            _ = build.BaseRegistryAddress;
        foreach (var environment in entered)
            _ = build.RegistriesOf(environment);
    }
}
