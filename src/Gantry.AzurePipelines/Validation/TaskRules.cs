using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Validation;

/// <summary>Checks tasks against those that come with Azure DevOps: known, with inputs that they have and those that they need.</summary>
internal static class TaskRules
{
    public static IEnumerable<Diagnostic> Check(PipelineIndex index) =>
        from step in index.Steps
        where step.Step is TaskStep
        from diagnostic in Check((TaskStep)step.Step, step.Path)
        select diagnostic;

    private static IEnumerable<Diagnostic> Check(TaskStep step, string path)
    {
        if (!StepRules.IsTaskName(step.TaskName) || IsOfExtension(step.TaskName))
            yield break;
        if (TaskCatalogue.Find(step.TaskName) is not { } task)
        {
            yield return LimitErrors.UnknownTask(path, step.TaskName);
            yield break;
        }

        // Which inputs a template expression adds is not known here.
        var given = step.Inputs.Select(input => input.Key).ToList();
        if (!task.IsOpen)
        {
            foreach (var input in given.Where(input => !IsTemplate(input) && !task.Inputs.Any(known => known.IsCalled(input))))
                yield return LimitErrors.UnknownInput(path, task.Name, input, task.Inputs.Select(known => known.Name));
        }

        foreach (var input in task.Inputs.Where(input => input.IsRequired && !given.Any(name => IsTemplate(name) || input.IsCalled(name))))
            yield return LimitErrors.MissingInput(path, task.Name, input.Name);
    }

    private static bool IsTemplate(string input) => input.Contains("${{", StringComparison.Ordinal);

    // The full name has the publisher, the extension and the contribution before that of the task.
    private static bool IsOfExtension(string task) => task.Split('@')[0].Count(letter => letter == '.') >= 3;
}
