using System.Globalization;
using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Validation;

/// <summary>Checks jobs: their pools, environments and timeouts.</summary>
internal static class JobRules
{
    /// <summary>The maximum time that a job without an agent may wait for a person: thirty days.</summary>
    public const int LongestValidationMinutes = 30 * 24 * 60;

    /// <summary>The maximum delay of the service: sixty days.</summary>
    public const int LongestDelayMinutes = 60 * 24 * 60;

    private const int DefaultTimeoutMinutes = 60;

    // The limits of the service's schema.
    private const int RetriesOfService = 10;
    private const int CancellationMinutesOfService = 35790;

    public static IEnumerable<Diagnostic> Check(PipelineIndex index) =>
        index.Jobs.SelectMany(job => CheckJob(job).Concat(CheckNumbers(job)).Concat(CheckWaiting(job)))
            .Concat(
                from stage in index.Stages
                from job in stage.Stage.Jobs
                where job.Plain?.Error is not null
                select PipelineErrors.UnreadableYaml(job.Origin ?? stage.Path, "a job", job.Plain!.Error!));

    private static IEnumerable<Diagnostic> CheckJob(IndexedJob job)
    {
        if (job.Pool is null or HostedPool { Image: "" } or NamedPool { Name: "" })
            yield return PipelineErrors.MissingPool(job.Path, job.Description);
        if (job.Steps.Count == 0)
            yield return PipelineErrors.NothingInside(job.Path, job.Description, "steps");
        if (job.Job.Environment is { } environment && string.IsNullOrWhiteSpace(environment))
            yield return PipelineErrors.MissingEnvironment(job.Path, job.Job.Name);
        if (job.Job.Environment is not null && job.Pool is ServerPool)
            yield return PipelineErrors.WrongMachine(job.Path, job.Description, "it needs an agent");
        if (job.Pool is ServerPool && job.Job.Container is not null)
            yield return PipelineErrors.WrongMachine(job.Path, $"the container of {job.Description}", "the job has no agent");
    }

    private static IEnumerable<Diagnostic> CheckNumbers(IndexedJob job)
    {
        (string Path, string What, int? Value, int Minimum, int Maximum)[] numbers =
        [
            (job.Path, $"the timeout of {job.Description}", job.Job.TimeoutInMinutes, 0, int.MaxValue),
            (job.Path, $"the cancel timeout of {job.Description}", job.Job.CancelTimeoutInMinutes, 1, CancellationMinutesOfService),
            .. job.Steps.Select(step =>
                (step.Path, $"the timeout of {step.Description}", step.Step.TimeoutInMinutes, 0, int.MaxValue)),
            .. job.Steps.Select(step =>
                (step.Path, $"the retry count of {step.Description}", step.Step.RetryCountOnTaskFailure, 0, RetriesOfService)),
            .. job.Steps.Select(step =>
                (step.Path, $"the fetch depth of {step.Description}", (step.Step as CheckoutStep)?.FetchDepth, 0, int.MaxValue)),
        ];
        return from number in numbers
               where number.Value < number.Minimum || number.Value > number.Maximum
               select PipelineErrors.OutOfRange(number.Path, number.What, number.Value!.Value, number.Minimum, number.Maximum);
    }

    private static IEnumerable<Diagnostic> CheckWaiting(IndexedJob job)
    {
        var limit = job.Job.TimeoutInMinutes ?? DefaultTimeoutMinutes;
        foreach (var step in job.Steps)
        {
            if (step.Step is not TaskStep task || WaitingMinutes(task) is not { } wait)
                continue;
            var longest = IsTask(task, "Delay") ? LongestDelayMinutes : LongestValidationMinutes;
            if (limit != 0 && limit <= wait)
                yield return PipelineErrors.TimeoutTooShort(step.Path, job.Job.Name, limit, wait);
            if (Math.Max(limit, wait) > longest)
                yield return PipelineErrors.TimeoutTooLong(step.Path, job.Job.Name, Math.Max(limit, wait), longest);
        }
    }

    private static int? WaitingMinutes(TaskStep task)
    {
        if (IsTask(task, "ManualValidation"))
            return task.TimeoutInMinutes;
        return IsTask(task, "Delay") && int.TryParse(task.Input("delayForMinutes"), CultureInfo.InvariantCulture, out var minutes)
            ? minutes
            : null;
    }

    public static bool IsTask(TaskStep step, string name) => step.TaskName.StartsWith(name + "@", PipelineIndex.IgnoreCase);
}
