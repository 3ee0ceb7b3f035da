using System.Globalization;
using Gantry.AzurePipelines.Expressions;
using Gantry.AzurePipelines.Yaml;
using Gantry.PipelineAgent.Expressions;
using Gantry.PipelineAgent.Plans;

namespace Gantry.PipelineAgent;

/// <summary>The state that all parts of a run share.</summary>
internal sealed class RunContext(AgentOptions options, RunRequest request, string commit, RunResult result)
{
    public AgentOptions Options => options;

    public RunRequest Request => request;

    public string Commit => commit;

    public RunResult Result => result;

    public RunPlan Plan { get; set; } = new([], []);

    /// <summary>Gets the variables of the run, before those of stages and jobs.</summary>
    public VariableSet Variables { get; } = new();

    public string Folder => Path.Combine(options.WorkFolder, string.Create(CultureInfo.InvariantCulture, $"run{result.Id}"));

    /// <summary>Returns the variables that the service knows when it expands the pipeline, as template expressions read them.</summary>
    public static IReadOnlyDictionary<string, string> KnownBefore(RunRequest request)
    {
        var variables = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["Build.Reason"] = request.Reason,
            ["Build.SourceBranch"] = request.Branch,
            ["Build.SourceBranchName"] = request.Branch[(request.Branch.LastIndexOf('/') + 1)..],
        };
        if (request.Reason == "PullRequest")
            variables["System.PullRequest.IsFork"] = request.IsFork ? "True" : "False";
        return variables;
    }

    /// <summary>Sets the variables of the run: those of Azure DevOps first, because the YAML overrides them.</summary>
    public void SetVariables()
    {
        foreach (var (name, value) in request.IsFork ? new Dictionary<string, string>() : options.Secrets)
            Variables.Set(name, value, isSecret: true);
        foreach (var (name, value) in request.Variables)
            Variables.Set(name, value);

        (string Name, string Value)[] predefined =
        [
            ("Build.BuildId", result.Id.ToString(CultureInfo.InvariantCulture)),
            ("Build.BuildNumber", result.BuildNumber),
            ("Build.SourceVersion", commit),
            ("Build.Repository.Name", Path.GetFileName(options.Repository)),
            ("System.CollectionUri", options.CollectionUri),
            ("System.TeamProject", options.TeamProject),
            ("System.DefinitionId", "7"),
            ("Agent.OS", "Linux"),
            ("Agent.Name", "interpreter"),
        ];
        foreach (var (name, value) in predefined.Concat(KnownBefore(request).Select(variable => (variable.Key, variable.Value))))
            Variables.Set(name, value);
        Variables.Set("System.AccessToken", options.AccessToken, isSecret: true);

        foreach (var (fact, value) in request.Containers)
            Variables.Set("resources.container." + fact, value);
        foreach (var (alias, other) in request.Pipelines)
        {
            Variables.Set($"resources.pipeline.{alias}.runID", other.Id.ToString(CultureInfo.InvariantCulture));
            Variables.Set($"resources.pipeline.{alias}.pipelineID", "7");
            Variables.Set($"resources.pipeline.{alias}.projectID", "Contoso");
            Variables.Set($"resources.pipeline.{alias}.sourceBranch", other.Branch);
        }

        Declare(Variables, Plan.Variables, new ExpressionContext());
    }

    /// <summary>Adds the variables of a list in YAML.</summary>
    public void Declare(VariableSet variables, IReadOnlyList<YamlMapping> entries, ExpressionContext context)
    {
        foreach (var entry in entries)
        {
            if (entry.Text("group") is { } group)
            {
                var values = options.VariableGroups.TryGetValue(group, out var known)
                    ? known
                    : throw new PipelineException($"Variable group {group} was not found or is not authorized for use.");
                foreach (var (name, value) in values)
                    variables.Set(name, value);
            }
            else
            {
                var value = entry.Text("value") ?? "";
                if (MacroParser.RuntimeExpression(value) is { } expression)
                    value = ExpressionValues.ToText(
                        ExpressionEvaluator.Evaluate(expression, context.With("variables", variables.ForExpressions())));
                variables.Set(entry.Text("name")!, value);
            }
        }
    }

    /// <summary>Gets the folder of the artifacts of this run, or of the run of a pipeline resource.</summary>
    public string ArtifactFolderOf(string? runId) =>
        runId is null ? result.ArtifactFolder
        : request.Pipelines.Values.FirstOrDefault(other => other.Id.ToString(CultureInfo.InvariantCulture) == runId)?.ArtifactFolder
            ?? throw new PipelineException($"there is no run {runId}");
}
