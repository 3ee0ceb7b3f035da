using Gantry.Environments;
using Gantry.Images.Applications;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Parameters;
using Gantry.Nuke.Publishing;
using Gantry.Nuke.Signing;
using Gantry.Nuke.Versioning;

namespace Gantry.Nuke;

/// <summary>
/// Publishes the application of each image to <c>artifacts/&lt;image&gt;/</c>, outside of any container; its Dockerfile copies it from
/// there. The target <c>Compile</c> runs first when the build has one: that of <see cref="ICompileImages"/>, of NUKE's components or its
/// own.
/// </summary>
/// <remarks>
/// If the Dockerfile copies the folders of layers in <c>artifacts/&lt;image&gt;/</c> (<see cref="ApplicationLayout.Folders"/>), the
/// application is sorted into them, so that layers that have not changed are not moved again.
/// A laptop and an agent publish the same bytes: in Release unless specified otherwise, always as a continuous-integration build (no local
/// paths in the symbols), with the commit as the only build metadata.
/// </remarks>
public interface IPublishImages : IHazReleaseVersion, IHazContainerImages
{
    /// <summary>The configuration to publish: the parameter <c>--configuration</c> when the build has it, else <c>Release</c>.</summary>
    string ImageConfiguration =>
        DeclaredParameter.Find(this, "Configuration") is { Name: var name } ? TextParameter.Find(name, this) ?? "Release" : "Release";

    /// <summary>Changes the publish settings of the applications: <c>_ => _.SetProperty("PublishReadyToRun", true)</c>.</summary>
    Configure<DotNetPublishSettings> ImagePublishSettings => _ => _;

    /// <summary>Gets the file that records the sources from which the folders of the images were published.</summary>
    sealed AbsolutePath PublishedFile => PublishedImages.RecordIn(ArtifactsDirectory);

    /// <summary>Publishes the project of every image that has a project.</summary>
    Target PublishImages => _ => _
        .Description("Publishes the applications of the images, outside of any container, to artifacts/<image>")
        .TryDependsOn(this, nameof(ICompile.Compile))
        .TryBefore<ITest>(x => x.Test)
        .WhenSkipped(DependencyBehavior.Skip)
        .Uses(new(nameof(ReleaseVersion)))
        .ExecutesAsync(this, async cancellationToken =>
        {
            ReportSummary(summary =>
            {
                summary["Version"] = BuildVersion.SemVer;
                return summary;
            });
            var folders = new List<(ContainerImage Image, LayerFolders Folders)>();
            foreach (var image in Published.Images)
                folders.Add((image, await LayerFolders.FindAsync(image, RootDirectory, ArtifactsDirectory, cancellationToken)));
            if (await EarlierPublication.IsCurrentAsync(cancellationToken))
            {
                BuildOutput.Information($"The sources have not changed since they were published: nothing is published again");
                await Published.RecordAsync(cancellationToken);
                return;
            }

            PublishedFile.DeleteFile();
            EarlierPublication.Forget();
            var date = SourceDate.Of(Revision, EnvironmentInfo.Variables);
            foreach (var (image, layers) in folders)
            {
                Publish(image, cancellationToken);
                var output = ImageProjects.OutputOf(image, ArtifactsDirectory);
                await StaticAssetEndpoints.SetTimeAsync(output, date, cancellationToken);
                await ArrangeAsync(output, layers, cancellationToken);
            }

            await Published.RecordAsync(cancellationToken);
            await EarlierPublication.RememberAsync(cancellationToken);
        });

    /// <summary>What was published before, on the machine of a person: a build server publishes in each run.</summary>
    internal sealed EarlierPublication EarlierPublication => this.Once(() => new EarlierPublication(
        this,
        TemporaryDirectory / "published",
        ArtifactsDirectory,
        () =>
        [
            Published.Sources.ToString(),
            SourceDate.Of(Revision, EnvironmentInfo.Variables).ToString("O"),
            .. Published.Images.Select(image => $"{image}\n{PublishContext.Describe(SettingsFor(image))}"),
        ])
    {
        Images = Published.Images,
        Sdk = () => DotNetSdk.FindVersion(RootDirectory) ?? "",
    });

    internal sealed PublishedImages Published => this.Once(() =>
        new PublishedImages(this, ArtifactsDirectory, Images, new(BuildVersion.SemVer, Revision.Commit, Revision.UncommittedTree)));

    private static async Task ArrangeAsync(AbsolutePath output, LayerFolders layers, CancellationToken cancellationToken)
    {
        if (!layers.AreLayers)
        {
            if (layers.IsCopied)
                BuildOutput.Information(
                    $"{layers.Path} is one layer. A COPY of each of {string.Join(", ", ApplicationLayout.Folders)} in it makes layers that "
                        + "stay when only code changes: docs/images.md");
            return;
        }

        var layout = await ApplicationLayout.ArrangeAsync(output, cancellationToken);
        var counts = Enum.GetValues<ApplicationLayer>().Select(layer =>
            $"{ApplicationLayout.FolderOf(layer)} {layout.Files.Values.Count(other => other == layer)}");
        BuildOutput.Information(layout.OneLayerReason is { } reason
            ? $"{layers.Path} is one layer, {ApplicationLayout.FolderOf(ApplicationLayer.Assemblies)}: {reason}"
            : $"Files of each layer in {layers.Path}: {string.Join(", ", counts)}");
    }

    private void Publish(ContainerImage image, CancellationToken cancellationToken)
    {
        ImageProjects.OutputOf(image, ArtifactsDirectory).CreateOrCleanDirectory();
        try
        {
            EarlierPublication.Listing.Run(() => DotNetTasks.DotNetPublish(_ => SettingsFor(image)));
        }
        catch (ProcessException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C also ends the publishing process.
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    // MSBuild takes a comma in --output for the end of the value: the folder of the repository stays out of the command line.
    private DotNetPublishSettings SettingsFor(ContainerImage image)
    {
        var (project, output) = (ImageProjects.PathOf(image, RootDirectory), ImageProjects.OutputOf(image, ArtifactsDirectory));
        return new DotNetPublishSettings()
            .Apply(ImagePublishSettingsBase)
            .Apply(ImagePublishSettings)
            .SetProject(project)
            .SetProperty("PublishDir", $"{project.Parent.GetUnixRelativePathTo(output)}/");
    }

    private Configure<DotNetPublishSettings> ImagePublishSettingsBase => _ => _
        .SetConfiguration(ImageConfiguration)
        .EnableNoLogo()
        .EnableContinuousIntegrationBuild()
        .SetAssemblyVersion(BuildVersion.AssemblySemVer)
        .SetFileVersion(BuildVersion.AssemblySemFileVer)
        .SetInformationalVersion(BuildVersion.InformationalVersion);
}
