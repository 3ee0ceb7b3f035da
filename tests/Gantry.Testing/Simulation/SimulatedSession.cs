using Gantry.Http;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Testing.Simulation;

/// <summary>
/// One session of one identity. It does what <see cref="RegistrySession"/> does between requests: connections to a registry are limited,
/// all requests to it wait while it asks for a pause, and what fails is tried again after pauses that double.
/// </summary>
internal sealed class SimulatedSession(SimulatedRegistries registries, string identity, VirtualTime time) : IRegistryClient
{
    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);
    private readonly HttpRetryOptions _retry = new();

    public IImageRepository Open(RegistryAddress address, string repository)
    {
        Names.Repository(repository);
        var location = address.Describe(repository);
        return new SimulatedRepository(this, registries, location[..location.IndexOf('/', StringComparison.Ordinal)], location);
    }

    /// <summary>Sends a request and receives its answer.</summary>
    /// <param name="name">The registry.</param>
    /// <param name="kind">The kind of the request.</param>
    /// <param name="upload">The bytes of its body.</param>
    /// <param name="act">What the registry does with it.</param>
    /// <param name="download">Returns the bytes of the answer.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public async Task<T> SendAsync<T>(
        string name, RequestKind kind, long upload, Func<T> act, Func<T, long> download, CancellationToken cancellationToken)
    {
        var registry = registries.Registry(name);
        if (!_lines.TryGetValue(name, out var line))
            _lines[name] = line = new Line(registry.Conditions.Connections);
        await line.EnterAsync(cancellationToken);
        try
        {
            for (var (failures, refusals) = (0, 0); ;)
            {
                await WaitAsync(line, cancellationToken);
                await time.DelayAsync(registry.Conditions.RoundTrip, cancellationToken);
                registries.Requesting?.Invoke();
                if (registry.Fails)
                {
                    await PauseAsync(registry, failures++, cancellationToken);
                }
                else if (registry.Admit(identity, kind) is { } pause)
                {
                    if (refusals++ >= _retry.RateLimitAttempts || pause > _retry.MaximumRateLimitDelay)
                        throw new GantryException("GAN2011", $"{name} answers no more requests", "try again later");
                    line.PausedUntil = time.Elapsed + pause;
                }
                else
                {
                    await registry.UploadAsync(upload, cancellationToken);
                    var answer = act();
                    await registry.DownloadAsync(download(answer), cancellationToken);
                    return answer;
                }
            }
        }
        finally
        {
            line.Leave();
        }
    }

    private async Task WaitAsync(Line line, CancellationToken cancellationToken)
    {
        while (line.PausedUntil > time.Elapsed)
            await time.DelayAsync(line.PausedUntil - time.Elapsed, cancellationToken);
    }

    private async Task PauseAsync(SimulatedRegistry registry, int failures, CancellationToken cancellationToken)
    {
        registry.Traffic.Reads++;
        registry.Traffic.Last = time.Elapsed;
        if (failures >= _retry.Attempts)
            throw new GantryException("GAN2012", $"{registry.Name} answers 503", "try again when it works");
        await time.DelayAsync(_retry.Delay * Math.Pow(2, failures), cancellationToken);
    }

    private sealed class Line(int connections)
    {
        private readonly Queue<TaskCompletionSource> _waiting = new();
        private int _free = connections;

        public TimeSpan PausedUntil { get; set; }

        public async Task EnterAsync(CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_free > 0)
            {
                _free--;
                return;
            }

            var turn = new TaskCompletionSource();
            _waiting.Enqueue(turn);
            await using var registration = cancellationToken.Register(() => turn.TrySetCanceled(cancellationToken));
            await turn.Task;
        }

        public void Leave()
        {
            while (_waiting.TryDequeue(out var next))
            {
                if (next.TrySetResult())
                    return;
            }

            _free++;
        }
    }
}
