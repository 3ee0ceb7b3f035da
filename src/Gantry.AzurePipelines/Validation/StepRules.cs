using System.Text.RegularExpressions;
using Gantry.AzurePipelines.Expressions;
using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Validation;

/// <summary>Checks steps: complete, on an agent that can run them, with literals where the service resolves names before the run.</summary>
internal static partial class StepRules
{
    private static readonly string[] AgentlessTasks =
        [
            "AzureFunction", "AzureMonitor", "CheckAzurePolicyCompliance", "Delay", "InvokeRESTAPI", "ManualValidation",
            "PublishToAzureServiceBus", "queryWorkItems",
        ];

    // Inputs of tasks for a service connection: of Azure, registries, clusters, AWS and Artifactory.
    private static readonly string[] ConnectionInputs =
        [
            "azureSubscription", "connectedServiceName", "connectedServiceNameARM", "azureServiceConnection", "serviceConnection",
            "containerRegistry", "azureDevOpsServiceConnection", "azureSubscriptionEndpoint", "azureSubscriptionEndpointForSecrets",
            "dockerRegistryEndpoint", "kubernetesServiceEndpoint", "kubernetesServiceConnection", "awsCredentials", "artifactoryConnection",
            "artifactoryService", "jfrogPlatformConnection",
        ];

    public static IEnumerable<Diagnostic> Check(PipelineIndex index) => index.Steps.SelectMany(Check);

    private static IEnumerable<Diagnostic> Check(IndexedStep step)
    {
        var agentless = step.Job.Pool is ServerPool;
        switch (step.Step)
        {
            case UnreadableStep unreadable:
                yield return PipelineErrors.UnreadableYaml(step.Path, "a step", unreadable.Error);
                yield break;

            case ScriptStep script when string.IsNullOrWhiteSpace(script.Text):
                yield return PipelineErrors.NothingInside(step.Path, step.Description, "script");
                break;

            case TaskStep task when !IsTaskName(task.TaskName):
                yield return PipelineErrors.MalformedTask(step.Path, task.TaskName);
                break;

            case TaskStep task when IsAgentless(task) != agentless:
                yield return PipelineErrors.WrongMachine(
                    step.Path, step.Description, agentless ? "the job has no agent" : "the task needs a job without an agent");
                break;

            case not TaskStep when agentless:
                yield return PipelineErrors.WrongMachine(step.Path, step.Description, "the job has no agent");
                break;
        }

        foreach (var diagnostic in NameRules.Unique(
            step.Step.Environment, variable => variable.Key, _ => step.Path, "variable", step.Description))
            yield return diagnostic;

        if (step.Step is TaskStep connected)
        {
            foreach (var diagnostic in NameRules.Unique(connected.Inputs, input => input.Key, _ => step.Path, "input", step.Description))
                yield return diagnostic;
            foreach (var input in ConnectionInputs.Where(input => connected.Input(input) is { } value && IsNoLiteral(value)))
                yield return PipelineErrors.NotLiteral(step.Path, $"the input '{input}' of {step.Description}", connected.Input(input)!);
        }
    }

    /// <summary>True for a text that is no name which the service can look up before the run.</summary>
    public static bool IsNoLiteral(string text) => string.IsNullOrWhiteSpace(text) || HasVariable(text);

    /// <summary>Gets the service connections that a task is given.</summary>
    public static IEnumerable<string> ConnectionsOf(TaskStep task) => ConnectionInputs.Select(task.Input).OfType<string>();

    /// <summary>True for a text that is complete only during the run.</summary>
    public static bool HasVariable(string text) =>
        MacroParser.RuntimeExpression(text) is not null || MacroParser.Parse(text, out _).Any(part => part is MacroPart);

    /// <summary>True for the name of a task with its version.</summary>
    public static bool IsTaskName(string text) => TaskPattern().IsMatch(text);

    private static bool IsAgentless(TaskStep task) => AgentlessTasks.Any(name => JobRules.IsTask(task, name));

    [GeneratedRegex(
        @"\A[A-Za-z0-9_.-]+@[0-9]+(\.[0-9]+){0,2}\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex TaskPattern();
}
