using System.Net;

namespace Gantry.Azure.ResourceManager;

/// <summary>Waits for what Azure Resource Manager goes on doing after it has answered.</summary>
/// <seealso href="https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations">Track asynchronous Azure operations</seealso>
internal sealed class ArmOperation(ArmClient client, TimeProvider time)
{
    // The service says how often it wants to be asked; this is for one that does not.
    private static readonly TimeSpan UsualPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    /// <summary>Waits until it is done; false when nobody here may see how far it is.</summary>
    public async Task<bool> WaitAsync(ArmResponse answer, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var (asyncOperation, location) = (answer.AsyncOperation, answer.Location);

        // The answer to the request itself: its body is not about the operation.
        var isDone = asyncOperation is null && IsDoneByCode(answer);
        while (!isDone)
        {
            if (time.GetElapsedTime(started) > Patience)
                throw ArmErrors.TimedOut(answer.What, Patience);
            if ((asyncOperation ?? location) is not { } address)
                return false;
            await Task.Delay(Pause(answer), time, cancellationToken);
            answer = await client.FollowAsync(address, answer.What, cancellationToken);

            // How far it is stands at an address of the subscription, on which an identity with roles on single resources has no right.
            if (answer.Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
                return false;

            // Refused is what was asked for, not the question how far it is.
            if (answer.Status == HttpStatusCode.Conflict)
                throw ArmErrors.OperationFailed(answer.What, "Failed", answer.FindError());
            answer.EnsureSuccess();

            // Some services give the address anew each time, freshly signed.
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
            null => throw ArmErrors.UnexpectedAnswer(answer.What, answer.Status, "it does not tell how far it is"),
            _ => false,
        };
    }

    private static TimeSpan Pause(ArmResponse answer) => answer.RetryAfter is not { } asked ? UsualPause : asked < LongestPause ? asked : LongestPause;
}
