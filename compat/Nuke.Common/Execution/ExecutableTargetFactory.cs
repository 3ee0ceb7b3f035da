using System.Linq.Expressions;
using System.Reflection;
using Nuke.Common.Utilities;

namespace Nuke.Common.Execution;

/// <summary>Makes targets of a build's properties, its own first and then those of its components.</summary>
internal static class ExecutableTargetFactory
{
    public static IReadOnlyList<ExecutableTarget> CreateAll<T>(T build, params Expression<Func<T, Target>>[] defaultTargetExpressions)
        where T : NukeBuild
    {
        var defaultTargets = defaultTargetExpressions.Select(x => x.Compile(preferInterpretation: true)(build)).ToList();
        var targets = GetProperties(build.GetType()).Select(x => Create(x, build, defaultTargets)).ToList();
        targets.ForEach(x => AddDependencies(x, targets));
        return targets;
    }

    public static IEnumerable<PropertyInfo> GetProperties(Type buildType) => buildType
        .GetAllMembers(
            x => x is PropertyInfo property && property.PropertyType == typeof(Target),
            ReflectionUtility.Instance,
            allowAmbiguity: false,
            filterQuasiOverridden: true)
        .Cast<PropertyInfo>();

    private static ExecutableTarget Create(PropertyInfo property, NukeBuild build, List<Target> defaultTargets)
    {
        var factory = (Target)property.GetValue(build, BindingFlags.DoNotWrapExceptions, null, null, null);
        var definition = new TargetDefinition(property, build);
        factory(definition);

        return new ExecutableTarget
        {
            Name = property.GetDisplayShortName(),
            Member = property,
            Definition = definition,
            Description = definition.DescriptionText,
            Factory = factory,
            IsDefault = defaultTargets.Contains(factory),
            Listed = !definition.IsUnlisted,
            Actions = definition.Actions,
            DynamicConditions = definition.DynamicConditions,
            StaticConditions = definition.StaticConditions,
            DelegateRequirements = definition.DelegateRequirements,
            DependencyBehavior = definition.DependencyBehavior,
            ProceedAfterFailure = definition.IsProceedAfterFailure,
            AssuredAfterFailure = definition.IsAssuredAfterFailure,
            ArtifactProducts = definition.ArtifactProducts
        };
    }

    private static void AddDependencies(ExecutableTarget target, List<ExecutableTarget> targets)
    {
        target.ExecutionDependencies.AddRange(Find(x => x.DependsOnTargets, x => x.DependentForTargets));
        target.OrderDependencies.AddRange(Find(x => x.AfterTargets, x => x.BeforeTargets));
        target.TriggerDependencies.AddRange(Find(x => x.TriggeredByTargets, x => x.TriggersTargets));
        target.Triggers.AddRange(Find(x => x.TriggersTargets, x => x.TriggeredByTargets));

        Assert.False(
            target.AllDependencies.Concat(target.Triggers).Contains(target),
            $"Target '{target.Name}' cannot have a dependency on itself");

        IEnumerable<ExecutableTarget> Find(Func<TargetDefinition, List<Target>> own, Func<TargetDefinition, List<Target>> others)
            => own(target.Definition)
                .Select(x => targets.SingleOrDefault(y => y.Factory.Equals(x))
                    .NotNull($"Target '{target.Name}' depends on a target that is not part of the build"))
                .Concat(targets.Where(x => x != target && others(x.Definition).Contains(target.Factory)));
    }
}
