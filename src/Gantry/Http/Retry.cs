using System.Globalization;
using Polly;
using Polly.Retry;

namespace Gantry.Http;

/// <summary>Retries transient failures: the one implementation of retries.</summary>
/// <remarks>
/// An operation that succeeds at once, as nearly all do, does not use the pipeline, which is created after the first failure. In a program
/// that is compiled ahead of time, creating it and instantiating it for each new type costs more than a whole copy that finds everything in
/// place.
/// </remarks>
/// <param name="options">The limits and pauses.</param>
/// <param name="time">The clock for pauses.</param>
/// <param name="log">Receives one line about each retry; null for none.</param>
public sealed class Retry(HttpRetryOptions options, TimeProvider time, Action<string>? log = null)
{
    private static readonly ResiliencePropertyKey<ProgressDeadline?> s_deadline = new("Gantry.Deadline");
    private readonly Lock _lock = new();
    private ResiliencePipeline? _pipeline;

    /// <summary>Runs an operation until it succeeds, fails permanently, or the attempts are used up.</summary>
    /// <param name="action">The operation. A <see cref="TransientException"/> is retried; in the end its error is thrown.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public Task<T> ExecuteAsync<T>(Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken) =>
        ExecuteAsync(action, null, cancellationToken);

    /// <summary>Receives a line for people before a longer pause; null for none.</summary>
    internal Action<string>? Notice { get; init; }

    /// <summary>Runs an operation until it succeeds, fails permanently, or its time without progress is over.</summary>
    internal async Task<T> ExecuteAsync<T>(
        Func<CancellationToken, Task<T>> action, ProgressDeadline? deadline, CancellationToken cancellationToken)
    {
        try
        {
            return await action(cancellationToken);
        }
        catch (TransientException failure)
        {
            return await RepeatAsync(failure, action, deadline, cancellationToken);
        }
    }

    /// <summary>Continues after a first attempt, which counts as the pipeline's first.</summary>
    private async Task<T> RepeatAsync<T>(
        TransientException first, Func<CancellationToken, Task<T>> action, ProgressDeadline? deadline,
        CancellationToken cancellationToken)
    {
        var attempts = 0;
        var result = default(T);
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(s_deadline, deadline);
        try
        {
            await Pipeline().ExecuteAsync(
                async running => result = attempts++ > 0 ? await action(running.CancellationToken) : throw first,
                context);
            return result!;
        }
        catch (TransientException failure)
        {
            throw failure.Error;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private ResiliencePipeline Pipeline()
    {
        lock (_lock)
            return _pipeline ??= Build();
    }

    private ResiliencePipeline Build()
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = time };

        // The throttle of the host keeps the pause, before every request.
        if (options.RateLimitAttempts > 0)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = static arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is TransientException { Kind: FailureKind.RateLimit } && IsInTime(arguments.Context)),
                MaxRetryAttempts = options.RateLimitAttempts,
                Delay = TimeSpan.Zero,
                OnRetry = Report,
            });
        }

        if (options.Attempts > 0)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is TransientException failure
                    && failure.Kind switch
                    {
                        FailureKind.Connect => arguments.AttemptNumber < options.ConnectAttempts,
                        FailureKind.Unsettled or FailureKind.Broken => true,
                        _ => false,
                    }
                    && IsInTime(arguments.Context)
                    && Grants(arguments.Context, failure.Pause)),
                MaxRetryAttempts = options.Attempts,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.Delay,
                MaxDelay = options.MaximumDelay,
                DelayGenerator = static arguments => ValueTask.FromResult<TimeSpan?>(
                    arguments.Outcome.Exception is TransientException { Pause: { Ticks: > 0 } asked } ? asked : null),
                OnRetry = Report,
            });
        }

        return builder.Build();
    }

    private static ProgressDeadline? Deadline(ResilienceContext context) => context.Properties.GetValue(s_deadline, null);

    private static bool IsInTime(ResilienceContext context) => Deadline(context)?.IsOver != true;

    private static bool Grants(ResilienceContext context, TimeSpan? pause) =>
        pause is not { Ticks: > 0 } asked || Deadline(context)?.Grant(asked) != false;

    private ValueTask Report(OnRetryArguments<object> arguments)
    {
        var failure = (TransientException)arguments.Outcome.Exception!;
        var asked = failure.Pause is { Ticks: > 0 };
        var wait = asked ? failure.Pause!.Value : arguments.RetryDelay;
        Telemetry.AddRetry(failure.Error, wait);
        if (!asked)
            Deadline(arguments.Context)?.AddPause(wait);
        if (failure.Kind != FailureKind.RateLimit && wait >= Limits.ShortestPauseToReport)
            Notice?.Invoke($"waiting {Format.Duration(wait)} before another attempt: {failure.Error.Problem}");
        log?.Invoke(string.Create(
            CultureInfo.InvariantCulture, $"retry {arguments.AttemptNumber + 1} in {wait.TotalSeconds:0.###} s: {failure.Error.Problem}"));
        return ValueTask.CompletedTask;
    }
}
