using System.Net;
using System.Net.Sockets;

namespace Gantry.Cli.Tests;

/// <summary>Passes connections on to a port of this machine and counts what it passes, so that something can happen at a byte instead of at a time.</summary>
internal sealed class CountingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private readonly int _target;
    private long _passed;

    public CountingProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The bytes passed towards the registry since the last <see cref="Reset"/>.</summary>
    public long Passed => Interlocked.Read(ref _passed);

    /// <summary>Called with the bytes passed so far, after each piece.</summary>
    public Action<long> OnPassed { get; set; } = _ => { };

    public void Reset() => Interlocked.Exchange(ref _passed, 0);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = PassAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // Closed.
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient { NoDelay = true };
        near.NoDelay = true;
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
            await Task.WhenAll(PumpAsync(near, far, counts: true), PumpAsync(far, near, counts: false));
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of them is gone; so is the connection.
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, bool counts)
    {
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await from.GetStream().ReadAsync(buffer, _stop.Token)) > 0)
        {
            await to.GetStream().WriteAsync(buffer.AsMemory(0, read), _stop.Token);
            if (counts)
                OnPassed(Interlocked.Add(ref _passed, read));
        }

        to.Client.Shutdown(SocketShutdown.Send);
    }
}
