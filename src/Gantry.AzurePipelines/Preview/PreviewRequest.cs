namespace Gantry.AzurePipelines.Preview;

/// <summary>Which pipelines the service is asked about.</summary>
public sealed record PreviewRequest
{
    /// <summary>The declaration.</summary>
    public required PipelineDeclaration Declaration { get; init; }

    /// <summary>The address of the repository that the pipelines belong to, as a browser opens it; null: it is not known.</summary>
    public string? Repository { get; init; }

    /// <summary>Names or ids of the pipelines that are meant, where several run the same file.</summary>
    public IReadOnlyList<string> Pipelines { get; init; } = [];

    /// <summary>The branch that templates in other files are taken from, in full; null: the pipeline's default branch.</summary>
    public string? Branch { get; init; }

    /// <summary>The generated files that are not in that branch as they are here. The service answers for what is there.</summary>
    public IReadOnlyList<string> UnpushedFiles { get; init; } = [];
}

/// <summary>What the service says of a pipeline.</summary>
/// <param name="File">The file.</param>
/// <param name="Pipeline">The pipeline that was asked, for people; null: there is none.</param>
/// <param name="Diagnostics">What is wrong; empty: the service would run it.</param>
public sealed record PreviewedPipeline(string File, string? Pipeline, IReadOnlyList<Diagnostic> Diagnostics);
