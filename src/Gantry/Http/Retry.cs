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
    private const int UnsettledAttempts = 3;
    private readonly Lazy<ResiliencePipeline> _pipeline = new(() => Build(options, time, log));

    /// <summary>Runs an operation until it succeeds, fails permanently, or the attempts are used up.</summary>
    /// <param name="action">The operation. A <see cref="TransientException"/> is retried; in the end its error is thrown.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<T> ExecuteAsync<T>(Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        try
        {
            return await action(cancellationToken);
        }
        catch (TransientException failure)
        {
            return await RepeatAsync(failure, action, cancellationToken);
        }
    }

    /// <summary>Continues after a first attempt, which counts as the pipeline's first.</summary>
    private async Task<T> RepeatAsync<T>(
        TransientException first, Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        var attempts = 0;
        var result = default(T);
        try
        {
            await _pipeline.Value.ExecuteAsync(
                async token => result = attempts++ > 0 ? await action(token) : throw first,
                cancellationToken);
            return result!;
        }
        catch (TransientException failure)
        {
            throw failure.Error;
        }
    }

    private static ResiliencePipeline Build(HttpRetryOptions options, TimeProvider time, Action<string>? log)
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = time };

        // The throttle of the host keeps the pause, before every request.
        if (options.RateLimitAttempts > 0)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = static arguments =>
                    ValueTask.FromResult(arguments.Outcome.Exception is TransientException { Kind: FailureKind.RateLimit }),
                MaxRetryAttempts = options.RateLimitAttempts,
                Delay = TimeSpan.Zero,
                OnRetry = arguments => Report(arguments, log),
            });
        }

        if (options.Attempts > 0)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = arguments =>
                    ValueTask.FromResult(arguments.Outcome.Exception is TransientException failure && failure.Kind switch
                    {
                        FailureKind.Connect => arguments.AttemptNumber < options.ConnectAttempts,
                        FailureKind.Unsettled => arguments.AttemptNumber < UnsettledAttempts,
                        FailureKind.Broken => true,
                        _ => false,
                    }),
                MaxRetryAttempts = options.Attempts,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.Delay,
                MaxDelay = options.MaximumDelay,
                DelayGenerator = static arguments => ValueTask.FromResult((arguments.Outcome.Exception as TransientException)?.Pause),
                OnRetry = arguments => Report(arguments, log),
            });
        }

        return builder.Build();
    }

    private static ValueTask Report(OnRetryArguments<object> arguments, Action<string>? log)
    {
        var failure = (TransientException)arguments.Outcome.Exception!;
        var wait = failure.Pause ?? arguments.RetryDelay;
        Telemetry.AddRetry(failure.Error, wait);
        log?.Invoke(string.Create(
            CultureInfo.InvariantCulture, $"retry {arguments.AttemptNumber + 1} in {wait.TotalSeconds:0.###} s: {failure.Error.Problem}"));
        return ValueTask.CompletedTask;
    }
}
