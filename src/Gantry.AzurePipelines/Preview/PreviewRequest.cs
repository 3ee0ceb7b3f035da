namespace Gantry.AzurePipelines.Preview;

/// <summary>The pipelines to preview.</summary>
public sealed record PreviewRequest
{
    /// <summary>The declaration.</summary>
    public required PipelineDeclaration Declaration { get; init; }

    /// <summary>The URL of the repository of the pipelines for a browser; null when it is not known.</summary>
    public string? Repository { get; init; }

    /// <summary>Names or ids of the pipelines to use, when several run the same file.</summary>
    public IReadOnlyList<string> Pipelines { get; init; } = [];

    /// <summary>The full name of the branch from which templates in other files are read; null for the pipeline's default branch.</summary>
    public string? Branch { get; init; }

    /// <summary>The generated files that differ from those in that branch. The service previews the files of the branch.</summary>
    public IReadOnlyList<string> UnpushedFiles { get; init; } = [];
}

/// <summary>The result of a preview.</summary>
/// <param name="File">The file.</param>
/// <param name="Pipeline">The name of the previewed pipeline, for messages; null when there is none.</param>
/// <param name="Diagnostics">The errors; empty when the service would run the pipeline.</param>
public sealed record PreviewedPipeline(string File, string? Pipeline, IReadOnlyList<Diagnostic> Diagnostics);
