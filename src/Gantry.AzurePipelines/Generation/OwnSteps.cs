using Gantry.AzurePipelines.Expressions;
using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Generation;

/// <summary>Puts steps of a team's own around those of the build.</summary>
internal static class OwnSteps
{
    /// <summary>Adds what the declaration adds to a stage: steps, jobs, variables.</summary>
    public static Stage AddTo(Stage stage, PipelineDeclaration declaration) =>
        declaration.Additions.Where(additions => IsSame(additions.Stage, stage.Name)).Aggregate(stage, Add);

    /// <summary>Names the place in the declaration of each step, and reads those that are YAML.</summary>
    public static IEnumerable<Step> At(IReadOnlyList<Step> steps, string path) =>
        steps.SelectMany((step, i) => (step is YamlSteps yaml ? PlainSteps.Read(yaml) : [step]).Select(known =>
            known with { Origin = $"{path}[{i}]" }));

    /// <summary>Lets steps run only after a failure, whatever else their conditions say.</summary>
    public static IEnumerable<Step> AfterFailure(IReadOnlyList<Step> steps, string path)
    {
        var failed = Expression.Call("failed").ToString();
        return At(steps, path).Select(step => step with { Condition = step.Condition is { } own ? $"and({failed}, {own})" : failed });
    }

    /// <summary>True for jobs that were there before anything was added.</summary>
    public static bool IsGenerated(Job job) => job.Steps.Any(step => step.IsOfBuild);

    /// <summary>Compares names of stages and jobs as the service does.</summary>
    public static bool IsSame(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);

    private static Stage Add(Stage stage, StageAdditions additions)
    {
        var path = DeclarationPath.For(additions);
        return stage with
        {
            Condition = additions.Condition is { } own
                ? $"and({stage.Condition ?? Conditions.Succeeded.ToString()}, {own})"
                : stage.Condition,
            Variables =
            [
                .. stage.Variables,
                .. additions.VariableGroups.Select(group => new VariableGroup(group) { Origin = path + ".VariableGroups" }),
                .. additions.VariableTemplates.Select(template =>
                    TemplateVariables.Of(template) with { Origin = path + ".VariableTemplates" }),
                .. additions.Variables.Select(variable => new Variable(variable.Key, variable.Value) { Origin = path + ".Variables" }),
            ],
            Jobs =
            [
                .. stage.Jobs.Select(job => IsMeant(job, additions) ? Add(job, additions, path) : job),
                .. additions.Jobs.Select((job, i) => Located(job, $"{path}.Jobs[{i}]")),
            ],
        };
    }

    private static bool IsMeant(Job job, StageAdditions additions) =>
        IsGenerated(job) && (additions.Job is { } name ? IsSame(job.Name, name) : !job.IsBeside);

    /// <summary>Names the place of a job in the declaration, and reads it and its steps when they are YAML.</summary>
    public static Job Located(Job job, string path) =>
        PlainJobs.Read(job with { Steps = [.. At(job.Steps, path + ".Steps")] }) with { Origin = path };

    // Sources, tools and artifacts come before the steps of the build; what publishes comes after them.
    private static Job Add(Job job, StageAdditions additions, string path)
    {
        var steps = job.Steps.ToList();
        var first = steps.FindIndex(step => step.IsOfBuild);
        var end = steps.FindLastIndex(step => step.IsOfBuild) + 1;
        return job with
        {
            Services = [.. job.Services, .. additions.Services],
            Steps =
            [
                .. steps[..first],
                .. At(additions.StepsBefore, path + ".StepsBefore"),
                .. steps[first..end],
                .. At(additions.StepsAfter, path + ".StepsAfter"),
                .. steps[end..],
                .. AfterFailure(additions.OnFailure, path + ".OnFailure"),
            ],
        };
    }
}
