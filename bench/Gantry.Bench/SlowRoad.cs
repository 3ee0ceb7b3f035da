using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Gantry.Bench;

/// <summary>How slow a road is.</summary>
/// <param name="RoundTrip">What a request waits for its answer at least.</param>
/// <param name="BytesPerSecond">What a connection carries.</param>
internal sealed record Road(TimeSpan RoundTrip, double BytesPerSecond);

/// <summary>
/// A way to a registry that is far away: every connection costs a round trip more to make, every byte arrives half a round trip later,
/// and no connection carries more than so many bytes a second.
/// </summary>
internal sealed class SlowRoad : IDisposable
{
    private const int Piece = 32 * 1024;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    private readonly Road _road;

    public SlowRoad(int target, Road road)
    {
        _target = target;
        _road = road;
        _listener.Start(512);
        _ = AcceptAsync();
    }

    public string Host => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = CarryAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // Closed.
        }
    }

    private async Task CarryAsync(TcpClient accepted)
    {
        using var near = accepted;
        using var far = new TcpClient { NoDelay = true };
        near.NoDelay = true;
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
            await Task.WhenAll(CarryAsync(near, far, handshake: true), CarryAsync(far, near, handshake: false));
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // One end is gone.
        }
    }

    private async Task CarryAsync(TcpClient from, TcpClient to, bool handshake)
    {
        var underway = Channel.CreateBounded<(long Due, byte[] Bytes)>(new BoundedChannelOptions(64) { SingleReader = true, SingleWriter = true });
        var delay = _road.RoundTrip / 2;
        var delivering = DeliverAsync(underway.Reader, to);
        try
        {
            var buffer = new byte[Piece];
            for (var first = true; ; first = false)
            {
                var read = await from.GetStream().ReadAsync(buffer, _stop.Token);
                if (read == 0)
                    break;
                var wait = first && handshake ? delay + _road.RoundTrip : delay;
                await underway.Writer.WriteAsync((Stopwatch.GetTimestamp() + (long)(wait.TotalSeconds * Stopwatch.Frequency), buffer[..read]), _stop.Token);
            }
        }
        finally
        {
            underway.Writer.TryComplete();
            await delivering;
        }
    }

    private async Task DeliverAsync(ChannelReader<(long Due, byte[] Bytes)> underway, TcpClient to)
    {
        var free = 0L;
        await foreach (var (due, bytes) in underway.ReadAllAsync(_stop.Token))
        {
            var start = Math.Max(Math.Max(due, free), Stopwatch.GetTimestamp());
            free = start + (long)(bytes.Length / _road.BytesPerSecond * Stopwatch.Frequency);
            var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), start);
            if (wait > TimeSpan.FromMilliseconds(1))
                await Task.Delay(wait, _stop.Token);
            await to.GetStream().WriteAsync(bytes, _stop.Token);
        }

        to.Client.Shutdown(SocketShutdown.Send);
    }
}
