using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Gantry.Bench;

/// <summary>A real registry (<c>docker-registry</c>) on a loopback port; requests are counted in its access log.</summary>
internal sealed partial class BenchRegistry : IDisposable
{
    private readonly string _folder;
    private readonly Process _process;
    private long _logRead;

    private BenchRegistry(string folder, int port, Process process)
    {
        _folder = folder;
        Port = port;
        _process = process;
    }

    public int Port { get; }

    public string Host => $"127.0.0.1:{Port}";

    public static async Task<BenchRegistry> StartAsync(string work, string name, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(work, name)).FullName;
        var port = FreePort();
        var configuration = Path.Combine(folder, "config.yml");
        await File.WriteAllTextAsync(
            configuration,
            $$$"""
            version: 0.1
            log: {level: error, accesslog: {disabled: false}}
            storage:
              filesystem: {rootdirectory: '{{{folder}}}/storage'}
              maintenance: {uploadpurging: {enabled: false}}
            http: {addr: '127.0.0.1:{{{port.ToString(CultureInfo.InvariantCulture)}}}'}

            """,
            cancellationToken);

        // A shell redirects the log into a file, so that reading it takes no processor time during the measurement.
        var start = new ProcessStartInfo(
            "sh", ["-c", "exec docker-registry serve \"$0\" >\"$1\" 2>&1 </dev/null", configuration, Path.Combine(folder, "log")]);
        start.Environment["OTEL_TRACES_EXPORTER"] = "none";
        var registry = new BenchRegistry(folder, port, Process.Start(start)!);
        await registry.WaitUntilListeningAsync(cancellationToken);
        return registry;
    }

    /// <summary>Gets the processor time used so far.</summary>
    public double ProcessorSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    /// <summary>Removes all content.</summary>
    public void RemoveEverything()
    {
        var storage = Path.Combine(_folder, "storage", "docker");
        if (Directory.Exists(storage))
            Directory.Delete(storage, recursive: true);
    }

    /// <summary>Removes repositories and keeps their blobs, so that mounts find them.</summary>
    public void RemoveRepositories(string repositories)
    {
        var folder = Path.Combine(_folder, "storage", "docker", "registry", "v2", "repositories", repositories);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    /// <summary>Counts the requests since the last call.</summary>
    public int CountRequests()
    {
        using var log = new FileStream(Path.Combine(_folder, "log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Seek(_logRead, SeekOrigin.Begin);
        using var reader = new StreamReader(log);
        var requests = RequestLine().Count(reader.ReadToEnd());
        _logRead = log.Length;
        return requests;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task WaitUntilListeningAsync(CancellationToken cancellationToken)
    {
        while (!_process.HasExited)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(20, cancellationToken);
            }
        }

        throw new InvalidOperationException(
            $"docker-registry did not start: {await File.ReadAllTextAsync(Path.Combine(_folder, "log"), cancellationToken)}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("\"(GET|HEAD|POST|PUT|PATCH|DELETE) /v2/[^\"]* HTTP")]
    private static partial Regex RequestLine();
}
