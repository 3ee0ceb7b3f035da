using System.Reflection;
using Gantry.Nuke.Parameters;
using Gantry.Nuke.Registries;

namespace Gantry.Nuke;

/// <summary>
/// Fails the build with one clear sentence for an undeclared target, parameter or profile, for a value that does not parse, and for a
/// missing required value, and a parameter that no target of the run uses; NUKE itself ignores, warns or prompts. On the build class it
/// applies to every run, and not only to runs with a target of these components.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StrictParametersAttribute : BuildExtensionAttributeBase, IOnBuildCreated, IOnBuildInitialized
{
    /// <summary>Runs before NUKE injects values, because its warnings would otherwise come first.</summary>
    public override float Priority { get; set; } = 200;

    /// <inheritdoc/>
    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets) => CommandLineRules.Check(
        Build,
        [.. executableTargets.Select(target => target.Name)],
        [.. executableTargets.Where(target => target.Listed).Select(target => target.Name)]);

    /// <inheritdoc/>
    public void OnBuildInitialized(
        IReadOnlyCollection<ExecutableTarget> executableTargets,
        IReadOnlyCollection<ExecutableTarget> executionPlan)
    {
        var running = executionPlan.Where(CommandLineTargets.WillRun).ToList();
        foreach (var target in running)
        foreach (var parameter in target.DelegateRequirements.Select(RequiredParameter.Of).OfType<MemberInfo>())
        {
            if (Value(parameter) is null or "")
                throw ParameterErrors.RequiredParameterMissing(target.Name, CommandLine.Dashed(DeclaredParameter.NameOf(parameter)));
        }

        UnusedParameters.Check(Build, running);
        if (Build is IHazRegistries registries)
            RegistryRules.Check(registries.RegistrySettings, running);
    }

    private object? Value(MemberInfo member) => member is FieldInfo field ? field.GetValue(Build) : ((PropertyInfo)member).GetValue(Build);
}
