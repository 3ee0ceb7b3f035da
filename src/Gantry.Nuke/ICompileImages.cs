using Gantry.Nuke.Publishing;

namespace Gantry.Nuke;

/// <summary>
/// Compiles the projects of the images with NUKE's <see cref="ICompile"/>: the same bytes on a laptop and on an agent, and only the
/// projects of images unless the tests run as well. A build class with its own target <c>Compile</c> does not need this component.
/// </summary>
/// <remarks>
/// Adds the members of NUKE's components: the targets Restore and Compile, and the properties Solution and Configuration.
/// </remarks>
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

    /// <summary>Applies the publish settings of NUKE's own hook to the images as well.</summary>
    Configure<DotNetPublishSettings> IPublishImages.ImagePublishSettings => PublishSettings;

    // Tests need the whole solution; without them, only the projects of images are compiled.
    private bool TestIsInvoked =>
        ExecutionPlan.Any(target => target.Name == nameof(ITest.Test) && target.Status != ExecutionStatus.Skipped);

    private AbsolutePath WriteFilter() => ImageProjects.WriteFilter(Images, Solution, RootDirectory, TemporaryDirectory);
}
