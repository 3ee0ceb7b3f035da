using Nuke.Common.CI;
using Nuke.Common.Utilities;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.Execution;

internal sealed class ArgumentsFromParametersFileAttribute : BuildExtensionAttributeBase, IOnBuildCreated
{
    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets)
    {
        var secrets = InjectionMembers.ParametersOf(Build.GetType(), includeUnlisted: true)
            .Where(x => x.HasCustomAttribute<SecretAttribute>())
            .Select(ParameterService.GetMemberName);
        ParameterService.Files = new ParameterFiles(Build.RootDirectory, NukeBuild.LoadedLocalProfiles, secrets);
    }
}

internal sealed class InjectParameterValuesAttribute : BuildExtensionAttributeBase, IOnBuildCreated
{
    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets)
    {
        var build = (NukeBuild)Build;
        build.Plan = ParameterService.GetParameter<bool?>(nameof(NukeBuild.Plan)) ?? false;
        build.Help = ParameterService.GetParameter<bool?>(nameof(NukeBuild.Help)) ?? false;
        build.NoLogo = ParameterService.GetParameter<bool?>(nameof(NukeBuild.NoLogo)) ?? false;
        build.Continue = ParameterService.GetParameter<bool?>(nameof(NukeBuild.Continue)) ?? false;
        NukeBuild.Verbosity = ParameterService.GetParameter<Verbosity?>(nameof(NukeBuild.Verbosity)) ?? NukeBuild.Verbosity;

        InjectionMembers.Inject(build, (_, attribute) => attribute.GetType() == typeof(ParameterAttribute));
    }
}

internal sealed class InjectNonParameterValuesAttribute : BuildExtensionAttributeBase, IOnBuildInitialized
{
    public void OnBuildInitialized(
        IReadOnlyCollection<ExecutableTarget> executableTargets,
        IReadOnlyCollection<ExecutableTarget> executionPlan)
        => InjectionMembers.Inject((NukeBuild)Build, (_, attribute) => attribute.GetType() != typeof(ParameterAttribute));
}

internal sealed class WriteSchemaAttribute : BuildExtensionAttributeBase, IOnBuildCreated
{
    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets)
    {
        if (!BuildServerConfigurationGeneration.IsActive && Build.BuildProjectFile != null)
            BuildSchema.Update((NukeBuild)Build);
    }
}

internal sealed class HandlePlanRequestsAttribute : BuildExtensionAttributeBase, IOnBuildInitialized
{
    public void OnBuildInitialized(
        IReadOnlyCollection<ExecutableTarget> executableTargets,
        IReadOnlyCollection<ExecutableTarget> executionPlan)
    {
        if (!Build.Plan)
            return;

        ExecutionPlanPage.Show((NukeBuild)Build);
        throw new BuildExitException(0);
    }
}

internal sealed class HandleHelpRequestsAttribute : BuildExtensionAttributeBase, IOnBuildInitialized
{
    public void OnBuildInitialized(
        IReadOnlyCollection<ExecutableTarget> executableTargets,
        IReadOnlyCollection<ExecutableTarget> executionPlan)
    {
        if (!Build.Help && executionPlan.Count > 0)
            return;

        var help = new HelpText((NukeBuild)Build);
        Host.Debug(help.Targets());
        Host.Debug(help.Parameters());
        throw new BuildExitException(0);
    }
}

/// <summary>Calls the virtual methods of the build, after all extensions.</summary>
internal sealed class InvokeEventsAttribute : BuildExtensionAttributeBase,
    IOnBuildCreated, IOnBuildInitialized, IOnBuildFinished, IOnTargetRunning, IOnTargetSkipped, IOnTargetSucceeded, IOnTargetFailed
{
    private NukeBuild NukeBuild => (NukeBuild)Build;

    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets) => NukeBuild.OnBuildCreated();

    public void OnBuildInitialized(
        IReadOnlyCollection<ExecutableTarget> executableTargets,
        IReadOnlyCollection<ExecutableTarget> executionPlan)
        => NukeBuild.OnBuildInitialized();

    public void OnBuildFinished() => NukeBuild.OnBuildFinished();
    public void OnTargetRunning(ExecutableTarget target) => NukeBuild.OnTargetRunning(target.Name);
    public void OnTargetSkipped(ExecutableTarget target) => NukeBuild.OnTargetSkipped(target.Name);
    public void OnTargetSucceeded(ExecutableTarget target) => NukeBuild.OnTargetSucceeded(target.Name);
    public void OnTargetFailed(ExecutableTarget target) => NukeBuild.OnTargetFailed(target.Name);
}
