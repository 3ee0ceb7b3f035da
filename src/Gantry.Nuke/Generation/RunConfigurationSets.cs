using System.Reflection;
using System.Runtime.Versioning;
using Gantry.AzurePipelines.RunConfigurations;
using Gantry.Nuke.Parameters;

namespace Gantry.Nuke.Generation;

/// <summary>Creates the run configurations of a build class.</summary>
internal static class RunConfigurationSets
{
    /// <summary>Creates the configurations, with the changes of the build class.</summary>
    public static RunConfigurationSet Of(INukeBuild build, RunConfigurationsAttribute attribute, IReadOnlyCollection<ExecutableTarget> executableTargets)
    {
        var set = WithProjectPaths(build, new RunConfigurationSet
        {
            Targets = [.. executableTargets.Where(target => target.Listed).Select(target => TargetOf(build, target, attribute))],
            Editors = attribute.Editors,
        });
        return build is IGenerateFiles generating ? generating.RunConfigurationSettings(set) : set;
    }

    private static RunTarget TargetOf(INukeBuild build, ExecutableTarget target, RunConfigurationsAttribute attribute) => new(target.Name)
    {
        Description = target.Description,
        Profile = attribute.Profile,
        Inputs = [.. Required(target).Distinct().Select(InputOf), .. ReleaseInputs(build, target)],
    };

    // A release built on a developer's machine goes to the first environment; the others usually get an existing release.
    private static IEnumerable<RunInput> ReleaseInputs(INukeBuild build, ExecutableTarget target)
    {
        if (build is not IPromote)
            yield break;
        if (target.Name == nameof(IPromote.FindRelease))
            yield return new RunInput(nameof(IPushBase.Release), "Version of the release");
        else if (EnvironmentDeclarations.Of(build)?.Any(environment => environment.After is not null && EnvironmentDeclarations.TargetName(environment) == target.Name) == true)
            yield return new RunInput(nameof(IPushBase.Release), "Version of an existing release; empty for the one that is built now") { Default = "" };
    }

    // The parameters that the target and its dependencies require. Secrets are excluded, because the input of an editor ends up on a
    // command line.
    private static IEnumerable<MemberInfo> Required(ExecutableTarget target) =>
        target.ExecutionDependencies.SelectMany(Required)
            .Concat(target.DelegateRequirements.Select(RequiredParameter.Of).OfType<MemberInfo>())
            .Where(member => !member.IsDefined(typeof(SecretAttribute)));

    private static RunInput InputOf(MemberInfo member)
    {
        var parameter = DeclaredParameter.Of(member);
        return new(parameter.Name, member.GetCustomAttribute<ParameterAttribute>()!.Description ?? parameter.Name) { Values = parameter.Choices() };
    }

    // A build that was published to another place does not know its project.
    private static RunConfigurationSet WithProjectPaths(INukeBuild build, RunConfigurationSet set)
    {
        var framework = build.GetType().Assembly.GetCustomAttribute<TargetFrameworkAttribute>() is { } target
            ? "net" + new FrameworkName(target.FrameworkName).Version.ToString(2)
            : set.Framework;
        if (build.BuildProjectFile is not { } project)
            return set with { Framework = framework };

        string folder = build.RootDirectory.GetUnixRelativePathTo(project.Parent);
        return set with
        {
            BuildProject = $"{folder}/{project.Name}",
            BuildProgram = $"{folder}/bin/Debug/{build.GetType().Assembly.GetName().Name}.dll",
            Framework = framework,
        };
    }
}
