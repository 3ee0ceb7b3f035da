using System.Reflection;

namespace Gantry.Nuke.Parameters;

/// <summary>
/// Ends the build with one clear sentence for a target, parameter or profile that nobody declares, a value that does not parse and a
/// required one that is missing; NUKE by itself ignores, warns and asks. Put it on the build class: then it holds for every run, and not
/// only for those with a target of these components.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StrictParametersAttribute : BuildExtensionAttributeBase, IOnBuildCreated, IOnBuildInitialized
{
    /// <summary>Before NUKE injects values, whose warnings would come first.</summary>
    public override float Priority { get; set; } = 200;

    /// <inheritdoc/>
    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets) => CommandLineRules.Check(
        Build,
        [.. executableTargets.Select(target => target.Name)],
        [.. executableTargets.Where(target => target.Listed).Select(target => target.Name)]);

    /// <inheritdoc/>
    public void OnBuildInitialized(IReadOnlyCollection<ExecutableTarget> executableTargets, IReadOnlyCollection<ExecutableTarget> executionPlan)
    {
        var running = executionPlan.Where(CommandLineTargets.WillRun).ToList();
        foreach (var target in running)
        foreach (var parameter in target.DelegateRequirements.Select(RequiredParameter.Of).OfType<MemberInfo>())
        {
            if (Value(parameter) is null or "")
                throw BuildErrors.RequiredParameterMissing(target.Name, CommandLine.Dashed(DeclaredParameter.NameOf(parameter)));
        }

        if (Build is IHazRegistries registries)
            RegistryParameters.Check(registries, running);
    }

    private object? Value(MemberInfo member) => member is FieldInfo field ? field.GetValue(Build) : ((PropertyInfo)member).GetValue(Build);
}
