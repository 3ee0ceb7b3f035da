namespace Gantry.AzurePipelines;

/// <summary>The files to generate, as paths relative to the root of the repository, with '/' between folders.</summary>
public sealed record PipelineFiles
{
    /// <summary>The pipeline that builds.</summary>
    public string Pipeline { get; init; } = "azure-pipelines.yml";

    /// <summary>The pipeline that promotes existing releases.</summary>
    public string ReleasePipeline { get; init; } = "azure-pipelines.release.yml";

    /// <summary>The pipeline that goes back to an earlier release.</summary>
    public string RollbackPipeline { get; init; } = "azure-pipelines.rollback.yml";

    /// <summary>The template of the stages that promote.</summary>
    public string Template { get; init; } = "azure-pipelines.promote.yml";

    /// <summary>The template of the stages that promote, in the release pipeline.</summary>
    public string ReleaseTemplate { get; init; } = "azure-pipelines.release.promote.yml";

    /// <summary>The environments of Azure DevOps with their checks.</summary>
    public string Environments { get; init; } = "azure-environments.json";

    /// <summary>The file that contains the declaration, for the comment at the top.</summary>
    public string Source { get; init; } = "build/Build.cs";

    /// <summary>
    /// Returns the files beside the pipeline that builds: for <c>ci/app.yml</c>, <c>ci/app.release.yml</c> and
    /// <c>ci/azure-environments.json</c>.
    /// </summary>
    public static PipelineFiles Beside(string pipeline)
    {
        var folder = RelativePath.Folder(pipeline) is { Length: > 0 } name ? name + "/" : "";
        var stem = folder + Path.GetFileNameWithoutExtension(pipeline);
        var extension = Path.GetExtension(pipeline);
        return new()
        {
            Pipeline = pipeline,
            ReleasePipeline = $"{stem}.release{extension}",
            RollbackPipeline = $"{stem}.rollback{extension}",
            Template = $"{stem}.promote{extension}",
            ReleaseTemplate = $"{stem}.release.promote{extension}",
            Environments = folder + "azure-environments.json",
        };
    }
}
