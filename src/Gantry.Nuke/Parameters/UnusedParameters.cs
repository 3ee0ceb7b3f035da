using System.Reflection;
using Gantry.Nuke.Environments;

namespace Gantry.Nuke.Parameters;

/// <summary>
/// Rejects parameters of these components on the command line that no target of the run uses: what a person typed would be ignored, and
/// <c>PromoteDev --prune</c> shows that something else was meant. Parameters of the build class and of the build system are not checked.
/// </summary>
internal static class UnusedParameters
{
    /// <summary>Throws <c>GAN7053</c> for the first one.</summary>
    /// <param name="build">The build.</param>
    /// <param name="running">The targets that run.</param>
    public static void Check(INukeBuild build, IReadOnlyList<ExecutableTarget> running)
    {
        if (build.Help || BuildServerConfigurationGeneration.IsActive)
            return;

        var components = ComponentParameters.Of(build);
        foreach (var (given, _) in CommandLine.Read(EnvironmentInfo.CommandLineArguments))
        {
            if (components.Find(given) is not { } parameter || running.Any(target => parameter.IsUsedBy(TargetUses.Of(target))))
                continue;
            throw ParameterErrors.UnusedParameter(
                given,
                [.. running.Where(target => target.Invoked || target.IsDefault).Select(target => target.Name)],
                [.. TargetUses.Where(build, parameter.IsUsedBy)]);
        }
    }
}

/// <summary>The parameters of these components that a build has, and those of its environments.</summary>
internal sealed class ComponentParameters
{
    private readonly HashSet<string> _members;
    private readonly HashSet<string> _registries;

    private ComponentParameters(IEnumerable<string> members, IEnumerable<string> registries)
    {
        _members = [.. members.Select(CommandLine.Normal)];
        _registries = [.. registries.Select(CommandLine.Normal)];
    }

    public static ComponentParameters Of(INukeBuild build)
    {
        var environments = EnvironmentDeclarations.Of(build)?.ToList() ?? [];
        return new(
            DeclaredParameter.MembersOf(build.GetType()).Where(IsOfComponent).Select(DeclaredParameter.NameOf),
            [
                nameof(IHazRegistries.ImageStore), nameof(IHazRegistries.BaseRegistry),
                nameof(IHazSigningKeys.SigningKey), nameof(IHazSigningKeys.BaseSigningKey),
                .. environments.SelectMany(environment => environment.RegistryParameters), .. AzureParameters.Names(environments),
                .. environments.Select(environment => environment.SigningKeyParameter),
            ]);
    }

    /// <summary>Finds the parameter of a component; null for one of the build class or of the build system.</summary>
    public ComponentParameter? Find(string name)
    {
        var normal = CommandLine.Normal(name);
        if (_registries.Contains(normal))
            return new(name, IsOfRegistry: true);
        return _members.Contains(normal) ? new(name, IsOfRegistry: false) : null;
    }

    private static bool IsOfComponent(MemberInfo member) => member.DeclaringType!.Assembly == typeof(ComponentParameters).Assembly;
}

/// <summary>A parameter of a component.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsOfRegistry">True for a registry, and for an identity of a registry or an environment.</param>
internal sealed record ComponentParameter(string Name, bool IsOfRegistry)
{
    public bool IsUsedBy(ParameterUses uses) => IsOfRegistry ? uses.Registries : uses.Contains(Name);
}
