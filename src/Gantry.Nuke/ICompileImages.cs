using Gantry.Promotion;
using Serilog;

namespace Gantry.Nuke;

/// <summary>
/// Compiles the applications of the images outside of any container and publishes each to <c>artifacts/&lt;image&gt;/</c>, from where its
/// Dockerfile copies it.
/// </summary>
/// <remarks>
/// A laptop and an agent compile the same bytes: Release unless told otherwise, always as a continuous-integration build (no path of the
/// machine in the symbols), with the commit as the only build metadata.
/// </remarks>
public interface ICompileImages : ICompile, IHazReleaseVersion, IHazContainerImages
{
    /// <summary>Compiles and publishes.</summary>
    Target ICompile.Compile => _ => _
        .Description("Compiles the applications outside of any container, to artifacts/<image>")
        .Inherit<ICompile>(x => x.Compile)
        .Executes(() =>
        {
            Log.Information("Version {Version}", ((IHazGitVersion)this).Versioning.SemVer);
            if (ReleaseVersion is null && Revision.UncommittedTree is not null)
                Log.Warning("The working copy has uncommitted changes ({Files:l}), so the version says 'dirty'", Revision.DescribeUncommitted());

            foreach (var image in Images.Where(image => image.Project is not null))
            {
                var output = ImageProjects.OutputOf(image, ArtifactsDirectory);
                output.CreateOrCleanDirectory();
                DotNetTasks.DotNetPublish(_ => _
                    .Apply(PublishSettingsBase)
                    .Apply(PublishSettings)
                    .SetProject(ImageProjects.PathOf(image, Solution))
                    .SetOutput(output));
            }
        });

    /// <inheritdoc/>
    Configure<DotNetRestoreSettings> IRestore.RestoreSettings => _ => _
        .When(!TestIsInvoked, _ => _.SetProjectFile(ImageProjects.WriteFilter(Images, Solution, TemporaryDirectory)));

    /// <inheritdoc/>
    Configure<DotNetBuildSettings> ICompile.CompileSettings => _ => _
        .When(!TestIsInvoked, _ => _.SetProjectFile(ImageProjects.WriteFilter(Images, Solution, TemporaryDirectory)))
        .EnableContinuousIntegrationBuild()
        .EnableNoLogo();

    /// <inheritdoc/>
    Configure<DotNetPublishSettings> ICompile.PublishSettings => _ => _
        .EnableContinuousIntegrationBuild();

    /// <inheritdoc/>
    Configuration IHazConfiguration.Configuration => TryGetValue(() => Configuration) ?? Configuration.Release;

    // Tests want the whole solution; without them only what goes into images is compiled.
    private bool TestIsInvoked => ExecutionPlan.Any(target => target.Name == nameof(ITest.Test) && target.Status != ExecutionStatus.Skipped);
}
