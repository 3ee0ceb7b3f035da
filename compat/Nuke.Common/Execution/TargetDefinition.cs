using System.Linq.Expressions;
using System.Reflection;
using Nuke.Common.Utilities;

namespace Nuke.Common.Execution;

internal sealed class TargetDefinition(PropertyInfo property, NukeBuild build) : ITargetDefinition
{
    public string DescriptionText { get; private set; }
    public List<Action> Actions { get; } = [];
    public List<Target> DependsOnTargets { get; } = [];
    public List<Target> DependentForTargets { get; } = [];
    public List<Target> BeforeTargets { get; } = [];
    public List<Target> AfterTargets { get; } = [];
    public List<Target> TriggersTargets { get; } = [];
    public List<Target> TriggeredByTargets { get; } = [];
    public List<(string Text, Func<bool> Delegate)> DynamicConditions { get; } = [];
    public List<(string Text, Func<bool> Delegate)> StaticConditions { get; } = [];
    public List<LambdaExpression> DelegateRequirements { get; } = [];
    public List<string> ArtifactProducts { get; } = [];
    public DependencyBehavior DependencyBehavior { get; private set; }
    public bool IsAssuredAfterFailure { get; private set; }
    public bool IsProceedAfterFailure { get; private set; }
    public bool IsUnlisted { get; private set; }

    public ITargetDefinition Description(string description) => With(() => DescriptionText = description);
    public ITargetDefinition Unlisted() => With(() => IsUnlisted = true);
    public ITargetDefinition AssuredAfterFailure() => With(() => IsAssuredAfterFailure = true);
    public ITargetDefinition ProceedAfterFailure() => With(() => IsProceedAfterFailure = true);
    public ITargetDefinition WhenSkipped(DependencyBehavior dependencyBehavior) => With(() => DependencyBehavior = dependencyBehavior);
    public ITargetDefinition Produces(params string[] artifacts) => With(() => ArtifactProducts.AddRange(artifacts));

    public ITargetDefinition Executes(params Action[] actions) => With(() => Actions.AddRange(actions));
    public ITargetDefinition Executes<T>(Func<T> action) => Executes(new Action(() => action()));

    // A build is a console program without a synchronization context, and a target is over when its task is.
    public ITargetDefinition Executes(Func<Task> action) => Executes(new Action(() => action().GetAwaiter().GetResult()));

    public ITargetDefinition DependsOn(params Target[] targets) => With(() => DependsOnTargets.AddRange(targets));
    public ITargetDefinition DependsOn<T>(params Func<T, Target>[] targets) => DependsOn(TargetsOf(targets));
    public ITargetDefinition TryDependsOn<T>(params Func<T, Target>[] targets) => build is T ? DependsOn(targets) : this;

    public ITargetDefinition DependentFor(params Target[] targets) => With(() => DependentForTargets.AddRange(targets));
    public ITargetDefinition DependentFor<T>(params Func<T, Target>[] targets) => DependentFor(TargetsOf(targets));
    public ITargetDefinition TryDependentFor<T>(params Func<T, Target>[] targets) => build is T ? DependentFor(targets) : this;

    public ITargetDefinition Before(params Target[] targets) => With(() => BeforeTargets.AddRange(targets));
    public ITargetDefinition Before<T>(params Func<T, Target>[] targets) => Before(TargetsOf(targets));
    public ITargetDefinition TryBefore<T>(params Func<T, Target>[] targets) => build is T ? Before(targets) : this;

    public ITargetDefinition After(params Target[] targets) => With(() => AfterTargets.AddRange(targets));
    public ITargetDefinition After<T>(params Func<T, Target>[] targets) => After(TargetsOf(targets));
    public ITargetDefinition TryAfter<T>(params Func<T, Target>[] targets) => build is T ? After(targets) : this;

    public ITargetDefinition Triggers(params Target[] targets) => With(() => TriggersTargets.AddRange(targets));
    public ITargetDefinition Triggers<T>(params Func<T, Target>[] targets) => Triggers(TargetsOf(targets));
    public ITargetDefinition TryTriggers<T>(params Func<T, Target>[] targets) => build is T ? Triggers(targets) : this;

    public ITargetDefinition TriggeredBy(params Target[] targets) => With(() => TriggeredByTargets.AddRange(targets));
    public ITargetDefinition TriggeredBy<T>(params Func<T, Target>[] targets) => TriggeredBy(TargetsOf(targets));
    public ITargetDefinition TryTriggeredBy<T>(params Func<T, Target>[] targets) => build is T ? TriggeredBy(targets) : this;

    public ITargetDefinition OnlyWhenDynamic(Func<bool> condition, string conditionExpression = null)
        => With(() => DynamicConditions.Add((Readable(conditionExpression), condition)));

    public ITargetDefinition OnlyWhenStatic(Func<bool> condition, string conditionExpression = null)
        => With(() => StaticConditions.Add((Readable(conditionExpression), condition)));

    public ITargetDefinition Requires<T>(Expression<Func<T>> parameterRequirement, params Expression<Func<T>>[] parameterRequirements)
        where T : class
        => With(() => DelegateRequirements.AddRange([parameterRequirement, .. parameterRequirements]));

    public ITargetDefinition Requires<T>(Expression<Func<T?>> parameterRequirement, params Expression<Func<T?>>[] parameterRequirements)
        where T : struct
        => With(() => DelegateRequirements.AddRange([parameterRequirement, .. parameterRequirements]));

    public ITargetDefinition Requires(Expression<Func<bool>> requirement, params Expression<Func<bool>>[] requirements)
        => With(() => DelegateRequirements.AddRange([requirement, .. requirements]));

    // Consuming says where files come from; it neither orders nor schedules anything, and no generator here asks for it.
    public ITargetDefinition Consumes(params Target[] targets) => this;
    public ITargetDefinition Consumes<T>(params Func<T, Target>[] targets) => Consumes(TargetsOf(targets));
    public ITargetDefinition Consumes(Target target, params string[] artifacts) => this;
    public ITargetDefinition Consumes<T>(Func<T, Target> target, params string[] artifacts) => this;

    public ITargetDefinition Inherit(params Target[] targets)
    {
        foreach (var target in targets)
            target(this);
        return this;
    }

    public ITargetDefinition Inherit<T>(params Expression<Func<T, Target>>[] targets)
    {
        var properties = targets.Length > 0
            ? targets.Select(x => (PropertyInfo)x.GetMemberInfo())
            : [SingleTargetOf(typeof(T))];
        return Inherit(properties.Select(GetNonVirtual).ToArray());
    }

    private TargetDefinition With(Action change)
    {
        change();
        return this;
    }

    private Target[] TargetsOf<T>(Func<T, Target>[] targets)
        => targets.Length > 0
            ? targets.Select(x => x((T)(object)build)).ToArray()
            : [(Target)SingleTargetOf(typeof(T)).GetValue(build)];

    private PropertyInfo SingleTargetOf(Type component)
    {
        var targets = component.GetProperties(ReflectionUtility.Instance).Where(x => x.PropertyType == typeof(Target)).ToList();
        Assert.HasSingleItem(targets, targets.Count == 0
            ? $"Target '{property.Name}' cannot refer to component '{component.Name}', which has no target"
            : $"Target '{property.Name}' must say which target of component '{component.Name}' it refers to: " +
              targets.Select(x => x.Name).JoinCommaSpace());
        return targets[0];
    }

    // The component's own definition, although the build implements the property anew.
    private Target GetNonVirtual(PropertyInfo component)
    {
        var getter = component.GetMethod!.MethodHandle.GetFunctionPointer();
        return ((Func<Target>)Activator.CreateInstance(typeof(Func<Target>), build, getter))!();
    }

    /// <summary><c>() => Count > 2</c>, on one line and without the lambda.</summary>
    private static string Readable(string expression)
    {
        var text = string.Join(' ', expression.NotNull().Split((char[])null, StringSplitOptions.RemoveEmptyEntries));
        return text.StartsWith("() =>", StringComparison.Ordinal) ? text["() =>".Length..].Trim() : text;
    }
}
