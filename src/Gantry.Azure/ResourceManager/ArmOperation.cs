using System.Net;

namespace Gantry.Azure;

/// <summary>Waits for what Azure Resource Manager goes on doing after it has answered.</summary>
/// <seealso href="https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations">Track asynchronous Azure operations</seealso>
internal sealed class ArmOperation(ArmClient client, TimeProvider time)
{
    // The service says how often it wants to be asked; this is for one that does not.
    private static readonly TimeSpan UsualPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    public async Task<bool> WaitAsync(ArmAnswer answer, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var (asyncOperation, location) = (answer.AsyncOperation, answer.Location);
        while (!IsDone(answer, asyncOperation is not null))
        {
            if (time.GetElapsedTime(started) > Patience)
                throw ArmErrors.Endless(answer.What, Patience);
            if ((asyncOperation ?? location) is not { } address)
                return false;
            await Task.Delay(Pause(answer), time, cancellationToken);
            answer = await client.FollowAsync(address, answer.What, cancellationToken);

            // Refused is what was asked for, not the question how far it is.
            if (answer.Status == HttpStatusCode.Conflict)
                throw ArmErrors.OperationFailed(answer.What, "Failed", answer.FindError());
            answer.EnsureSuccess();
            location = answer.Location ?? location;
        }

        return true;
    }

    private static bool IsDone(ArmAnswer answer, bool hasStatus)
    {
        if (!hasStatus)
            return answer.Status != HttpStatusCode.Accepted;
        if (answer.AsyncOperation is not null)
            return false; // The answer to the request itself: its body is not about the operation.

        var operation = answer.Read(ArmJson.Default.ArmOperationState);
        return operation.Status?.ToUpperInvariant() switch
        {
            "SUCCEEDED" => true,
            "FAILED" or "CANCELED" => throw ArmErrors.OperationFailed(answer.What, operation.Status, operation.Error),
            null => throw ArmErrors.UnexpectedAnswer(answer.What, answer.Status, "it does not tell how far it is"),
            _ => false,
        };
    }

    private static TimeSpan Pause(ArmAnswer answer) => answer.RetryAfter is not { } asked ? UsualPause : asked < LongestPause ? asked : LongestPause;
}
