namespace Gantry.IO;

/// <summary>
/// Remembers the answer to one question: concurrent callers share it. A question that failed, or whose asker was cancelled, is asked again.
/// </summary>
internal sealed class SharedAnswer<TAnswer>
{
    private Lazy<Task<TAnswer>>? _answer;

    /// <summary>Returns the answer; asks when there is none.</summary>
    /// <param name="ask">Asks the question. Its cancellation is that of the caller.</param>
    public async Task<TAnswer> GetAsync(Func<Task<TAnswer>> ask)
    {
        while (true)
        {
            var own = new Lazy<Task<TAnswer>>(ask);
            var answer = Interlocked.CompareExchange(ref _answer, own, null) ?? own;
            try
            {
                return await answer.Value;
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref _answer, null, answer);

                // Another caller was cancelled, because something failed at its own target.
                if (answer == own || exception is not OperationCanceledException)
                    throw;
            }
        }
    }
}
