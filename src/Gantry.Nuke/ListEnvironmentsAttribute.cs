using Gantry.Environments;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Parameters;

namespace Gantry.Nuke;

/// <summary>Lists the environments in order, with the parameters and registries of each, when <c>--help</c> is given.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ListEnvironmentsAttribute : BuildExtensionAttributeBase, IOnBuildInitialized
{
    /// <summary>After the logo and before NUKE's own help, which ends the program.</summary>
    public override float Priority { get; set; } = 7;

    /// <inheritdoc/>
    public void OnBuildInitialized(
        IReadOnlyCollection<ExecutableTarget> executableTargets,
        IReadOnlyCollection<ExecutableTarget> executionPlan)
    {
        if (Build is not IHazRegistries { Help: true } registries || EnvironmentDeclarations.Of(Build) is not { } environments)
            return;

        BuildOutput.Out.WriteLine("Environments (in their order, with their registries):");
        BuildOutput.Out.WriteLine();
        foreach (var environment in environments)
        {
            var parameters = environment.RegistryParameters.Zip(registries.RegistriesOf(environment));
            BuildOutput.Out.WriteLine($"  {environment.DisplayName}");
            foreach (var (parameter, address) in parameters)
                BuildOutput.Out.WriteLine($"    {CommandLine.Dashed(parameter)}  {address}");
            if (environment.Gates.Count > 0)
                BuildOutput.Out.WriteLine($"    gates: {string.Join("; ", environment.Gates.Select(gate => gate.Description))}");
            foreach (var deployment in environment.Deployments)
                BuildOutput.Out.WriteLine($"    then: {deployment.Description}");
            foreach (var check in environment.HealthChecks)
                BuildOutput.Out.WriteLine($"    then: {check.Description}");
        }

        BuildOutput.Out.WriteLine();
    }
}
