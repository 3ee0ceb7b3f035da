using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Gantry.Testing.AzureDevOps;

/// <summary>Previews a pipeline like the service: checks the resources that it uses, and resolves templates from the repository.</summary>
internal static class FakePreview
{
    public static JsonObject Answer(FakeProject project, int id, JsonNode? node, IReadOnlyList<string> faults)
    {
        var pipeline = project.Pipelines.Find(pipeline => pipeline.Id == id)
            ?? throw new RefusedRequestException(500, "PipelineNotFoundException", $"Pipeline {id} not found");
        var body = StrictBody.RequireMembers(node, "RunPipelineParameters", "previewRun", "yamlOverride?", "resources?");
        if (!StrictBody.Boolean(body["previewRun"], "previewRun"))
            throw RefusedRequestException.Malformed(
                "The request specifies YAML override content but that is allowed only for dry run builds.");
        var branch = body["resources"] is { } resources
            ? StrictBody.Text(
                StrictBody.RequireMembers(
                    StrictBody.RequireMembers(
                        StrictBody.RequireMembers(resources, "RunResourcesParameters", "repositories")["repositories"],
                        "repositories",
                        "self")["self"],
                    "RepositoryResourceParameters",
                    "refName")["refName"],
                "refName")
            : "refs/heads/main";

        // The trap: a request without any content is answered with the committed file.
        if (body["yamlOverride"] is not { } text || StrictBody.Text(text, "yamlOverride").Length == 0)
            return new() { ["finalYaml"] = pipeline.CommittedYaml };

        var yaml = StrictBody.Text(text, "yamlOverride");
        var all = new List<string>(faults);
        var final = yaml;
        foreach (var template in Scalars(yaml, "template").Where(template => !template.Contains('@')))
        {
            if (project.Repository.TryGetValue($"{branch}:/{template.TrimStart('/')}", out var content))
                final += content;
            else
                all.Add($"File /{template.TrimStart('/')} not found in repository {pipeline.Repository} branch {branch} version 1a2b3c.");
        }

        all.AddRange(Unusable(project, pipeline, yaml));
        return all.Count == 0
            ? new() { ["finalYaml"] = final }
            : throw new RefusedRequestException(400, "PipelineValidationException", string.Join('\n', all));
    }

    private static IEnumerable<string> Unusable(FakeProject project, FakePipeline pipeline, string yaml)
    {
        foreach (var name in Scalars(yaml, "environment"))
        {
            var environment = project.Environments.Find(environment => environment.Name == name);
            if (environment is null || !project.MayUse($"environment/{environment.Id}", pipeline.Id))
                yield return $"Job Promote: Environment {name} could not be found. "
                    + "The environment does not exist or has not been authorized for use.";
        }

        foreach (var name in Scalars(yaml, "azureSubscription"))
        {
            if (!project.ServiceConnections.TryGetValue(name, out var id) || !project.MayUse($"endpoint/{id}", pipeline.Id))
                yield return "The pipeline is not valid. Job Promote: Step AzureCLI input connectedServiceNameARM references service "
                    + $"connection {name} which could not be found. The service connection does not exist, has been disabled or has not "
                    + "been authorized for use.";
        }

        foreach (var name in Scalars(yaml, "group"))
        {
            if (!project.VariableGroups.TryGetValue(name, out var id) || !project.MayUse($"variablegroup/{id}", pipeline.Id))
                yield return "An error occurred while loading the YAML build pipeline. "
                    + $"Variable group {name} was not found or is not authorized for use.";
        }
    }

    // The values of a key, anywhere in the document.
    private static IEnumerable<string> Scalars(string yaml, string key)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return stream.Documents[0].AllNodes.OfType<YamlMappingNode>()
            .SelectMany(mapping => mapping.Children)
            .Where(entry => entry is { Key: YamlScalarNode { Value: { } name }, Value: YamlScalarNode { Value: not null } } && name == key)
            .Select(entry => ((YamlScalarNode)entry.Value).Value!)
            .Where(value => !value.Contains("${{"))
            .Distinct();
    }
}
