using System.Net;
using System.Text.Json;
using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Service;

namespace Gantry.AzurePipelines.Preview;

/// <summary>Asks the service whether it would run the pipelines of a declaration. Nothing is run or written.</summary>
/// <remarks>
/// The generated file is sent with the request, so it need not be committed. Templates in other files are not sent: the service reads them
/// from the repository, both those that the pipeline is generated with and those that gates require.
/// </remarks>
/// <param name="client">The project.</param>
/// <seealso href="https://learn.microsoft.com/rest/api/azure/devops/pipelines/preview/preview">Preview</seealso>
public sealed class PipelinePreviewer(AzureDevOpsClient client)
{
    /// <summary>
    /// Previews each pipeline. Errors of the declaration have their own codes; <c>GAN9043</c> to <c>GAN9049</c>, <c>GAN9053</c> and
    /// <c>GAN9054</c> when the service cannot preview it.
    /// </summary>
    public async Task<IReadOnlyList<PreviewedPipeline>> PreviewAsync(PreviewRequest request, CancellationToken cancellationToken)
    {
        var contents = PipelineGenerator.Generate(request.Declaration)
            .EnsureValid()
            .ToDictionary(file => file.Path, file => file.Content, StringComparer.Ordinal);
        var files = PipelineGenerator.Pipelines(request.Declaration);
        var pipelines = await new PipelineLookup(client, request.Repository, request.Pipelines).FindAsync(
            [.. files.Select(file => file.Path)], cancellationToken);

        var previewed = new List<PreviewedPipeline>();
        foreach (var file in files)
        {
            var origin = file.Pipeline.Origin ?? DeclarationPath.Declaration;
            var diagnostics = pipelines[file.Path] is { } pipeline
                ? await AskAsync(request, file, pipeline, contents[file.Path], cancellationToken)
                : [PreviewErrors.NoPipeline(origin, file.Path)];
            if (pipelines[file.Path] is not null && contents.ContainsKey(file.Template) && request.UnpushedFiles.Contains(file.Template))
                diagnostics = [.. diagnostics, PreviewErrors.Unpushed(origin, file.Template, request.Branch)];
            previewed.Add(new(file.Path, pipelines[file.Path] is { } asked ? PipelineLookup.Describe(asked) : null, diagnostics));
        }

        return previewed;
    }

    /// <summary>
    /// Throws one <see cref="GantryException"/> for everything that the service refuses, or returns when it would run all pipelines.
    /// </summary>
    public static void ThrowIfRefused(IReadOnlyList<PreviewedPipeline> previewed)
    {
        var errors = previewed
            .SelectMany(pipeline => pipeline.Diagnostics)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .ToList();
        if (errors.Count > 0)
            throw FileErrors.Invalid(errors);
    }

    private async Task<IReadOnlyList<Diagnostic>> AskAsync(
        PreviewRequest request, PipelineFile file, DefinitionDocument pipeline, string content, CancellationToken cancellationToken)
    {
        var question = new PreviewParameters
        {
            // Never empty: for an empty value, the service previews the committed file.
            YamlOverride = content,
            Resources = request.Branch is { } branch ? new(new Dictionary<string, PreviewRepository> { ["self"] = new(branch) }) : null,
        };
        var answer = await client.PreviewAsync(pipeline, question, cancellationToken);
        var origin = file.Pipeline.Origin ?? DeclarationPath.Declaration;
        if (answer.Status is HttpStatusCode.OK or HttpStatusCode.Created)
            return IsOf(file, FinalYaml(answer)) ? [] : [PreviewErrors.OtherPipeline(origin, file.Path)];

        var error = ErrorDocument.Read(answer.Body)!;
        if (answer.Status == HttpStatusCode.NotFound || error.TypeKey == "PipelineNotFoundException")
            return [PreviewErrors.NoPipeline(origin, file.Path)];
        if (answer.Status == HttpStatusCode.InternalServerError)
            throw PreviewErrors.Failed(client.Project, PipelineLookup.Describe(pipeline), error);

        var parser = new PreviewErrorParser(request.Declaration, file);
        return [.. error.Sentences.Select(parser.Parse).Distinct()];
    }

    private static string FinalYaml(ServiceResponse answer)
    {
        try
        {
            return JsonSerializer.Deserialize(answer.Body, ServiceJson.Default.PreviewDocument)?.FinalYaml ?? "";
        }
        catch (JsonException)
        {
            return "";
        }
    }

    // The response must contain the stages of the request. A template that gates require may change them, but not remove all of them.
    private static bool IsOf(PipelineFile file, string yaml)
    {
        bool IsIn(Stage stage) => yaml.Contains(stage.Name, StringComparison.Ordinal);
        return file.Pipeline.Extends is { } extends
            ? extends.Stages.OfType<Stage>().Any(IsIn)
            : file.Pipeline.Stages.OfType<Stage>().All(IsIn);
    }
}
