using System.Linq.Expressions;
using System.Reflection;
using Gantry.Nuke.Execution;

namespace Gantry.Nuke.Parameters;

/// <summary>Finds out which targets use which parameters of these components.</summary>
internal static class TargetUses
{
    // What a target of a build class or of the build system may use without declaring it.
    private static readonly ParameterUses Undeclared =
        new(nameof(IHazReleaseVersion.ReleaseVersion), nameof(IPushBase.Release), nameof(IPushBase.ReleaseDigest)) { Registries = true };

    /// <summary>True when the target declares what it uses, as the targets of these components do.</summary>
    public static bool IsDeclared(ExecutableTarget target) => ParameterUses.Of(target.DelegateRequirements) is not null;

    /// <summary>Returns what a target uses.</summary>
    public static ParameterUses Of(ExecutableTarget target) => ParameterUses.Of(target.DelegateRequirements) ?? Undeclared;

    /// <summary>Lists the targets of a build that declare to use something, whether they run or not.</summary>
    public static IEnumerable<string> Where(INukeBuild build, Func<ParameterUses, bool> uses) => NamedTargets.All(build)
        .Where(target => DefinitionReader.Read(target.Target) is { } declared && uses(declared))
        .Select(target => target.Name)
        .Distinct(StringComparer.Ordinal);

    /// <summary>Reads the requirements of a definition. A running target only sees the targets that run with it.</summary>
    internal class DefinitionReader : DispatchProxy
    {
        private readonly List<LambdaExpression> _requirements = [];

        public static ParameterUses? Read(Target target)
        {
            var definition = Create<ITargetDefinition, DefinitionReader>();
            target(definition);
            return ParameterUses.Of(((DefinitionReader)(object)definition)._requirements);
        }

        protected override object? Invoke(MethodInfo? method, object?[]? arguments)
        {
            foreach (var argument in arguments ?? [])
                _requirements.AddRange(argument as IEnumerable<LambdaExpression> ?? (argument is LambdaExpression one ? [one] : []));

            return this;
        }
    }
}
