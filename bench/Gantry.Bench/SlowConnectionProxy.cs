using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Gantry.Bench;

/// <summary>The speed of a slow connection.</summary>
/// <param name="RoundTrip">The minimum time between a request and its answer.</param>
/// <param name="BytesPerSecond">The throughput of a connection.</param>
internal sealed record ConnectionSpeed(TimeSpan RoundTrip, double BytesPerSecond);

/// <summary>
/// A proxy for a distant registry: connecting takes one more round trip, every byte arrives half a round trip later, and no connection
/// exceeds the given bytes per second.
/// </summary>
internal sealed class SlowConnectionProxy : IDisposable
{
    private const int Piece = 32 * 1024;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    public SlowConnectionProxy(int target, ConnectionSpeed connectionSpeed)
    {
        _target = target;
        Speed = connectionSpeed;
        _listener.Start(512);
        _ = AcceptAsync();
    }

    /// <summary>The speed of everything that is sent from now on.</summary>
    public ConnectionSpeed Speed { get; set; }

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
            // One end closed the connection.
        }
    }

    private async Task CarryAsync(TcpClient from, TcpClient to, bool handshake)
    {
        var underway = Channel.CreateBounded<(long Due, byte[] Bytes)>(
            new BoundedChannelOptions(64) { SingleReader = true, SingleWriter = true });
        var delivering = DeliverAsync(underway.Reader, to);
        try
        {
            var buffer = new byte[Piece];
            for (var first = true; ; first = false)
            {
                var read = await from.GetStream().ReadAsync(buffer, _stop.Token);
                if (read == 0)
                    break;
                var wait = (Speed.RoundTrip / 2) + (first && handshake ? Speed.RoundTrip : TimeSpan.Zero);
                await underway.Writer.WriteAsync(
                    (Stopwatch.GetTimestamp() + (long)(wait.TotalSeconds * Stopwatch.Frequency), buffer[..read]), _stop.Token);
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
            free = start + (long)(bytes.Length / Speed.BytesPerSecond * Stopwatch.Frequency);
            var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), start);
            if (wait > TimeSpan.FromMilliseconds(1))
                await Task.Delay(wait, _stop.Token);
            await to.GetStream().WriteAsync(bytes, _stop.Token);
        }

        to.Client.Shutdown(SocketShutdown.Send);
    }
}
