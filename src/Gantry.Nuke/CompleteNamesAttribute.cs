using Serilog.Events;

namespace Gantry.Nuke;

/// <summary>
/// Completes the names of targets in the errors and warnings at the end of a build: NUKE cuts them after 20 letters, so that
/// <c>ProvisionEnvironments</c> loses one.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class CompleteNamesAttribute : BuildExtensionAttributeBase, IOnTargetSucceeded, IOnTargetFailed
{
    private const string Property = "ExecutingTarget";

    /// <inheritdoc/>
    public void OnTargetSucceeded(ExecutableTarget target) => CompleteNames(target);

    /// <inheritdoc/>
    public void OnTargetFailed(ExecutableTarget target) => CompleteNames(target);

    private void CompleteNames(ExecutableTarget target)
    {
        foreach (var entry in Logging.InMemorySink.Instance.LogEvents.ToList().Where(entry => HasPartOf(target.Name, entry)))
            entry.AddOrUpdateProperty(new LogEventProperty(Property, new ScalarValue(target.Name)));
    }

    private bool HasPartOf(string name, LogEvent entry) =>
        entry.Properties.GetValueOrDefault(Property) is ScalarValue { Value: string { Length: > 0 } written }
        && written.Length < name.Length
        && name.StartsWith(written, StringComparison.Ordinal)
        && Build.ExecutionPlan.All(other => other.Name != written);
}
