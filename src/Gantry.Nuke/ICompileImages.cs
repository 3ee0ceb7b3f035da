namespace Gantry.Nuke;

/// <summary>
/// Compiles the projects of the images with NUKE's <see cref="ICompile"/>: the same bytes on a laptop and an agent, and only what goes into
/// images unless the tests run, too. A build class that has a target <c>Compile</c> of its own does without.
/// </summary>
/// <remarks>It brings what NUKE's components have: the targets Restore and Compile, and the members Solution and Configuration.</remarks>
public interface ICompileImages : ICompile, IPublishImages
{
    /// <inheritdoc/>
    Configure<DotNetRestoreSettings> IRestore.RestoreSettings => _ => TargetWork.Evaluate(() => _
        .When(!TestIsInvoked, _ => _.SetProjectFile(WriteFilter())));

    /// <inheritdoc/>
    Configure<DotNetBuildSettings> ICompile.CompileSettings => _ => TargetWork.Evaluate(() => _
        .When(!TestIsInvoked, _ => _.SetProjectFile(WriteFilter()))
        .SetAssemblyVersion(BuildVersion.AssemblySemVer)
        .SetFileVersion(BuildVersion.AssemblySemFileVer)
        .SetInformationalVersion(BuildVersion.InformationalVersion)
        .EnableContinuousIntegrationBuild()
        .EnableNoLogo());

    /// <inheritdoc/>
    Configuration IHazConfiguration.Configuration => TryGetValue(() => Configuration) ?? Configuration.Release;

    /// <inheritdoc/>
    string IPublishImages.ImageConfiguration => Configuration;

    /// <summary>What a build class says to NUKE's own hook holds for the images, too.</summary>
    Configure<DotNetPublishSettings> IPublishImages.ImagePublishSettings => PublishSettings;

    // Tests want the whole solution; without them only what goes into images is compiled.
    private bool TestIsInvoked => ExecutionPlan.Any(target => target.Name == nameof(ITest.Test) && target.Status != ExecutionStatus.Skipped);

    private AbsolutePath WriteFilter() => ImageProjects.WriteFilter(Images, Solution, RootDirectory, TemporaryDirectory);
}
