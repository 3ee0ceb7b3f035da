using System.Net;

namespace Gantry.Azure.ResourceManager;

/// <summary>Waits for operations that Azure Resource Manager continues after its response.</summary>
/// <seealso href="https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations">
/// Track asynchronous Azure operations
/// </seealso>
internal sealed class ArmOperation(ArmClient client, TimeProvider time)
{
    // The service says how often to ask; this interval applies when it does not.
    private static readonly TimeSpan UsualPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    /// <summary>Waits until the operation has ended. Returns false when this identity may not read its state.</summary>
    public async Task<bool> WaitAsync(ArmResponse answer, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var (asyncOperation, location) = (answer.AsyncOperation, answer.Location);

        // The response to the request itself: its body does not describe the operation.
        var isDone = asyncOperation is null && IsDoneByCode(answer);
        while (!isDone)
        {
            if (time.GetElapsedTime(started) > Patience)
                throw ArmErrors.TimedOut(answer.What, Patience);
            if ((asyncOperation ?? location) is not { } address)
                return false;
            await Task.Delay(Pause(answer), time, cancellationToken);
            answer = await client.FollowAsync(address, answer.What, cancellationToken);

            // The state of the operation has an address below the subscription. An identity with roles on single resources has no rights
            // there.
            if (answer.Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
                return false;

            // A conflict is the result of the operation, not of the request for its state.
            if (answer.Status == HttpStatusCode.Conflict)
                throw ArmErrors.OperationFailed(answer.What, "Failed", answer.FindError());
            answer.EnsureSuccess();

            // Some services return a new, freshly signed address each time.
            location = answer.Location ?? location;
            if (asyncOperation is null)
            {
                isDone = IsDoneByCode(answer);
                continue;
            }

            asyncOperation = answer.AsyncOperation ?? asyncOperation;
            isDone = IsDoneByBody(answer);
        }

        return true;
    }

    private static bool IsDoneByCode(ArmResponse answer) => answer.Status != HttpStatusCode.Accepted;

    private static bool IsDoneByBody(ArmResponse answer)
    {
        var operation = answer.Read(ArmJson.Default.ArmOperationState);
        return operation.Status?.ToUpperInvariant() switch
        {
            "SUCCEEDED" => true,
            "FAILED" or "CANCELED" => throw ArmErrors.OperationFailed(answer.What, operation.Status, operation.Error),
            null => throw ArmErrors.UnexpectedAnswer(answer.What, answer.Status, "it does not report the state of the operation"),
            _ => false,
        };
    }

    private static TimeSpan Pause(ArmResponse answer) =>
        answer.RetryAfter is not { } asked ? UsualPause : asked < LongestPause ? asked : LongestPause;
}
