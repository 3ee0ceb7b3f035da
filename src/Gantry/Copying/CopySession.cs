using System.Collections.Concurrent;
using Gantry.Registries;
using Gantry.Registries.Layout;

namespace Gantry.Copying;

/// <summary>
/// Runs the same work at several targets in parallel. A failure at one target stops that target only; sources are read once for all
/// targets.
/// </summary>
internal sealed class CopySession : IAsyncDisposable
{
    private readonly int _targets;
    private readonly CopyOptions _options;
    private readonly CopyProgress _progress;
    private readonly string _spoolFolder;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _cancellation;
    private readonly ConcurrentDictionary<string, IBlobSource> _feeds = new();

    public CopySession(int targets, CopyOptions options, CopyProgress progress, string spoolFolder, CancellationToken cancellationToken)
    {
        _targets = targets;
        _options = options;
        _progress = progress;
        _spoolFolder = spoolFolder;
        _cancellation = cancellationToken;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Cancelled when the session ends: for work that all targets share.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Gets the blob source of a repository.</summary>
    public IBlobSource GetBlobSource(IImageRepository source) =>
        _feeds.GetOrAdd(
            source.Location,
            _ => _targets > 1 ? new FanOutBlobSource(source, _targets, _spoolFolder, Token) : new DirectBlobSource(source));

    /// <summary>Runs the work once per target and returns each result; throws only when cancelled.</summary>
    /// <param name="work">Writes to one target: receives its number and its writer, and adds each finished image.</param>
    /// <param name="completes">False when more is written to the repositories later, in another session.</param>
    public async Task<IReadOnlyList<CopyOutcome>> RunAsync(
        Func<int, TargetWriter, ConcurrentDictionary<int, ImageOutcome>, Task> work, bool completes = true)
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, _targets).Select(number => RunOneAsync(number, work, completes)));
        _cancellation.ThrowIfCancellationRequested();
        return outcomes;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var feed in _feeds.Values.OfType<FanOutBlobSource>())
            await feed.DisposeAsync();
        _stop.Dispose();
    }

    // An incomplete archive does not exist.
    private static bool ShowsWritesImmediately(ImageOutcome image) =>
        image.Target.Repository is not LayoutRepository { ShowsWritesImmediately: false };

    private async Task<CopyOutcome> RunOneAsync(
        int number, Func<int, TargetWriter, ConcurrentDictionary<int, ImageOutcome>, Task> work, bool completes)
    {
        using var lane = new TargetWriter(number, _options, _progress, Token);
        var done = new ConcurrentDictionary<int, ImageOutcome>();
        try
        {
            await work(number, lane, done);
            if (completes)
                await lane.CompleteAsync();
        }
        catch (Exception exception)
        {
            lane.Fail(exception);
        }

        foreach (var feed in _feeds.Values)
            feed.CompleteTarget(number);
        return new CopyOutcome
        {
            Images =
            [
                .. done
                    .OrderBy(image => image.Key)
                    .Select(image => image.Value)
                    .Where(image => lane.Failure is null || ShowsWritesImmediately(image)),
            ],
            Error = lane.Failure,
        };
    }
}
