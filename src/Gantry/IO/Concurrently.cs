namespace Gantry.IO;

/// <summary>
/// Runs the same operation for many items concurrently, with a limit, on the scheduler of the caller. The first failure stops the rest and
/// is the one that is thrown.
/// </summary>
internal static class Concurrently
{
    private const int AtOnce = 16;

    public static async Task<IReadOnlyList<TResult>> SelectAsync<T, TResult>(
        IEnumerable<T> items, Func<T, CancellationToken, Task<TResult>> select, CancellationToken cancellationToken, int atOnce = AtOnce)
    {
        var all = items.ToList();
        if (all.Count == 1)
            return [await select(all[0], cancellationToken)];

        var results = new TResult[all.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, all.Count),
            Options(atOnce, cancellationToken),
            async (index, token) => results[index] = await select(all[index], token));
        return results;
    }

    public static Task ForEachAsync<T>(
        IEnumerable<T> items, Func<T, CancellationToken, Task> act, CancellationToken cancellationToken, int atOnce = AtOnce) =>
        Parallel.ForEachAsync(
            items,
            Options(atOnce, cancellationToken),
            async (item, token) => await act(item, token));

    private static ParallelOptions Options(int atOnce, CancellationToken cancellationToken) => new()
    {
        MaxDegreeOfParallelism = atOnce,
        CancellationToken = cancellationToken,
        TaskScheduler = TaskScheduler.Current,
    };
}
