using Gantry.Azure.ResourceManager;
using Gantry.Http;

namespace Gantry.Azure.Deployments;

/// <summary>Retries while another change is in progress, during which services refuse further changes.</summary>
internal sealed class ConflictRetry(TimeProvider time, Action<string>? log)
{
    private readonly Retry _retry = new(
        new HttpRetryOptions { Attempts = 6, Delay = TimeSpan.FromSeconds(5), MaximumDelay = TimeSpan.FromMinutes(1) }, time, log);

    public Task<T> ExecuteAsync<T>(Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken) => _retry.ExecuteAsync(
        async token =>
        {
            try
            {
                return await action(token);
            }
            catch (GantryException error) when (error.Code == ArmErrors.ConflictCode)
            {
                throw new TransientException(FailureKind.Broken, error);
            }
        },
        cancellationToken);
}
