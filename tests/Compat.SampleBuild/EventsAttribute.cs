using Nuke.Common;
using Nuke.Common.Execution;

/// <summary>Logs every event of the build, and fails at the one that an environment variable names.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class EventsAttribute : BuildExtensionAttributeBase,
    IOnBuildCreated, IOnBuildInitialized, IOnBuildFinished, IOnTargetRunning, IOnTargetSkipped, IOnTargetSucceeded, IOnTargetFailed
{
    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets) => On("created");

    public void OnBuildInitialized(
        IReadOnlyCollection<ExecutableTarget> executableTargets,
        IReadOnlyCollection<ExecutableTarget> executionPlan)
        => On("initialized");

    public void OnBuildFinished() => On("finished");
    public void OnTargetRunning(ExecutableTarget target) => On($"running {target.Name}");
    public void OnTargetSkipped(ExecutableTarget target) => On($"skipped {target.Name}");
    public void OnTargetSucceeded(ExecutableTarget target) => On($"succeeded {target.Name}");
    public void OnTargetFailed(ExecutableTarget target) => On($"failed {target.Name}");

    private void On(string what)
    {
        if (EnvironmentInfo.HasVariable("SAMPLE_EVENTS"))
            Console.WriteLine($"event {what}");
        if (EnvironmentInfo.GetVariable("SAMPLE_FAILS_WHEN") == what)
            throw new InvalidOperationException($"GAN7999: not {what}; do something else.");
    }
}
