using Polly;
using Polly.Retry;

namespace Gantry.Registries.Remote;

/// <summary>Retries transient failures.</summary>
/// <remarks>
/// An operation that succeeds at once, as nearly all do, does not use the pipeline, which is created after the first failure. In a program
/// that is compiled ahead of time, creating it and instantiating it for each new type costs more than a whole copy that finds everything in
/// place.
/// </remarks>
internal sealed class RegistryRetry(RegistryRetryOptions options, TimeProvider time)
{
    // A name that does not resolve or a port that refuses connections rarely changes; a person waits for the answer.
    private const int ConnectAttempts = 2;
    private const int UnsettledAttempts = 3;
    private readonly Lazy<ResiliencePipeline> _pipeline = new(() => Build(options, time));

    /// <summary>Runs an operation until it succeeds, fails permanently, or the attempts are used up.</summary>
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
    private async Task<T> RepeatAsync<T>(TransientException first, Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken)
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

    private static ResiliencePipeline Build(RegistryRetryOptions options, TimeProvider time)
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = time };

        // The throttle of the host keeps the pause, before every request.
        if (options.RateLimitAttempts > 0)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Exception is TransientException { Kind: FailureKind.RateLimit }),
                MaxRetryAttempts = options.RateLimitAttempts,
                Delay = TimeSpan.Zero,
            });
        }

        if (options.Attempts > 0)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Exception is TransientException failure && failure.Kind switch
                {
                    FailureKind.Connect => arguments.AttemptNumber < ConnectAttempts,
                    FailureKind.Unsettled => arguments.AttemptNumber < UnsettledAttempts,
                    FailureKind.Broken => true,
                    _ => false,
                }),
                MaxRetryAttempts = options.Attempts,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.Delay,
                MaxDelay = options.MaximumDelay,
            });
        }

        return builder.Build();
    }
}
