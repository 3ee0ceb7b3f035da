namespace Gantry.Nuke;

/// <summary>
/// Describes the targets of NUKE's components, which have no description, in <c>--help</c>, in <c>--plan</c> and in editors. A target that
/// a build class declares itself stays as it is.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class DescribeTargetsAttribute : BuildExtensionAttributeBase, IOnBuildCreated
{
    private static readonly Dictionary<Type, string> Descriptions = new()
    {
        [typeof(IRestore)] = "Restores the packages of the projects",
        [typeof(ICompile)] = "Compiles the projects",
        [typeof(ITest)] = "Runs the tests",
    };

    /// <inheritdoc/>
    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets)
    {
        foreach (var target in executableTargets)
            target.Description ??= Descriptions.GetValueOrDefault(target.Member.DeclaringType!);
    }
}
