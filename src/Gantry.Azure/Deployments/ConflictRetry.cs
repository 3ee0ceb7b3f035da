using Gantry.Azure.ResourceManager;
using Polly;
using Polly.Retry;

namespace Gantry.Azure.Deployments;

/// <summary>Retries while another change is in progress, during which services refuse further changes.</summary>
internal static class ConflictRetry
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);

    public static ResiliencePipeline OnConflict(TimeProvider time) => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = 6,
            BackoffType = DelayBackoffType.Exponential,
            Delay = FirstPause,
            MaxDelay = TimeSpan.FromMinutes(1),
            UseJitter = true,
            ShouldHandle = new PredicateBuilder().Handle<GantryException>(error => error.Code == ArmErrors.ConflictCode),
        })
        .Build();
}
