using System.Reflection;
using System.Runtime.Versioning;
using Gantry.AzurePipelines.RunConfigurations;
using Gantry.Environments;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Parameters;

namespace Gantry.Nuke.Generation;

/// <summary>Creates the run configurations of a build class.</summary>
internal static class RunConfigurationSets
{
    /// <summary>Creates the configurations.</summary>
    public static RunConfigurationSet Of(
        INukeBuild build, Editors editors, string? profile, IReadOnlyCollection<ExecutableTarget> executableTargets)
    {
        var promotions = executableTargets.Any(target => target.Name == nameof(IPromote.FindRelease)) ? LaterPromotions(build) : [];
        return WithProjectPaths(build, new RunConfigurationSet
        {
            Targets =
            [
                .. from target in executableTargets
                   where target.Listed
                   select new RunTarget(target.Name)
                   {
                       Description = target.Description,
                       Profile = profile,
                       Inputs = [.. Required(target).Distinct().Select(InputOf), .. ReleaseInputs(target.Name, promotions)],
                   },
            ],
            Editors = editors,
        });
    }

    // A release built on a developer's machine goes to the first environment; the others usually get an existing release.
    private static HashSet<string> LaterPromotions(INukeBuild build) => (EnvironmentDeclarations.Of(build) ?? EnvironmentSet.Create([]))
        .Where(environment => environment.After is not null)
        .Select(EnvironmentDeclarations.TargetName)
        .ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<RunInput> ReleaseInputs(string target, HashSet<string> laterPromotions)
    {
        if (target == nameof(IPromote.FindRelease))
            yield return new RunInput(nameof(IPushBase.Release), "Version of the release");
        else if (laterPromotions.Contains(target))
            yield return new RunInput(nameof(IPushBase.Release), "Version of an existing release; empty for the one that is built now")
            {
                Default = "",
            };
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
        return new(parameter.Name, member.GetCustomAttribute<ParameterAttribute>()!.Description ?? parameter.Name)
        {
            Values = parameter.Choices(),
        };
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
