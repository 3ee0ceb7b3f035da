using Polly;
using Polly.Retry;

namespace Gantry.Registries.Distribution;

/// <summary>Tries again what failed for a passing reason.</summary>
internal sealed class RegistryRetry
{
    // A name that does not resolve or a port that nobody listens on rarely changes; a person waits for the answer.
    private const int ConnectAttempts = 2;
    private const int UnsettledAttempts = 3;
    private readonly ResiliencePipeline _pipeline;

    public RegistryRetry(RegistryRetryOptions options, TimeProvider time)
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = time };

        // The pause is kept by the gate of the host, in front of every request.
        if (options.RateLimitAttempts > 0)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Exception is TransientFailure { Kind: FailureKind.RateLimit }),
                MaxRetryAttempts = options.RateLimitAttempts,
                Delay = TimeSpan.Zero,
            });
        }

        if (options.Attempts > 0)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Exception is TransientFailure failure && failure.Kind switch
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

        _pipeline = builder.Build();
    }

    /// <summary>Does something until it succeeds, fails for good, or was tried often enough.</summary>
    public async Task<T> ExecuteAsync<T>(Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        try
        {
            return await _pipeline.ExecuteAsync(static async (attempt, token) => await attempt(token), action, cancellationToken);
        }
        catch (TransientFailure failure)
        {
            throw failure.Error;
        }
    }
}
