using System.Diagnostics;
using System.Text;
using Gantry.Oci;

namespace Gantry.Testing;

/// <summary>How a real registry is started.</summary>
public sealed record RealRegistryOptions
{
    /// <summary>Whether it wants <see cref="RealRegistry.UserName"/> and <see cref="RealRegistry.Password"/>.</summary>
    public bool Authentication { get; init; }

    /// <summary>A PEM certificate and key file: then it speaks TLS.</summary>
    public (string Certificate, string Key)? Tls { get; init; }

    /// <summary>A PEM file of the authority that client certificates have to come from.</summary>
    public string? ClientAuthority { get; init; }

    /// <summary>More lines for its configuration, at the top level.</summary>
    public string MoreConfiguration { get; init; } = "";
}

/// <summary>The registry that most others are built on (<c>docker-registry serve</c>), on a loopback port, with a storage folder of its own.</summary>
public sealed class RealRegistry : IAsyncDisposable
{
    public const string UserName = "gantry";
    public const string Password = "swordfish";
    private const string PasswordLine = "gantry:$2y$04$N0BfFFJmbwayok1c9f2T7ereWVxp3qr1sKYIfQ2yNQzG0SxIwFv5W";
    private readonly TempFolder _folder = new();
    private readonly StringBuilder _log = new();
    private Process? _process;

    private RealRegistry(int port) => Port = port;

    public int Port { get; }

    /// <summary>Host and port.</summary>
    public string Host => $"localhost:{Port}";

    public HostAddress Address => (HostAddress)RegistryAddress.Parse(Host);

    /// <summary>Where it keeps everything.</summary>
    public string Storage => _folder.Combine("storage");

    /// <summary>What it has logged, access log included.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    public static async Task<RealRegistry> StartAsync(RealRegistryOptions? options = null, CancellationToken cancellationToken = default)
    {
        // The port is found before the registry listens on it: somebody else may take it in between.
        for (var attempt = 1; ; attempt++)
        {
            var registry = new RealRegistry(FreePort.Find());
            if (await registry.TryStartAsync(options ?? new RealRegistryOptions(), cancellationToken))
                return registry;
            await registry.DisposeAsync();
            if (attempt == 5)
                throw new InvalidOperationException($"docker-registry does not start: {registry.Log}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            if (!_process.HasExited)
                _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _folder.Dispose();
    }

    private async Task<bool> TryStartAsync(RealRegistryOptions options, CancellationToken cancellationToken)
    {
        var configuration = _folder.Write("config.yml", Encoding.UTF8.GetBytes(Configure(options)));
        _process = new Process { StartInfo = ChildProcess.StartInfo(Component.DockerRegistry.Require(), ["serve", configuration]) };
        _process.StartInfo.Environment["OTEL_TRACES_EXPORTER"] = "none";
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(5));
        while (!_process.HasExited)
        {
            if (await IsListeningAsync(patience.Token))
                return !_process.HasExited;
            await Task.Delay(10, patience.Token);
        }

        return false;
    }

    private async Task<bool> IsListeningAsync(CancellationToken cancellationToken)
    {
        using var client = new System.Net.Sockets.TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", Port, cancellationToken);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    private string Configure(RealRegistryOptions options)
    {
        var authentication = "";
        if (options.Authentication)
            authentication = $"auth: {{htpasswd: {{realm: gantry, path: '{_folder.Write("htpasswd", Encoding.UTF8.GetBytes(PasswordLine + "\n"))}'}}}}\n";
        var tls = options.Tls is { } pair ? $"  tls: {{certificate: '{pair.Certificate}', key: '{pair.Key}'{(options.ClientAuthority is { } ca ? $", clientcas: ['{ca}']" : "")}}}\n" : "";
        return $"""
            version: 0.1
            log: {"{level: info, accesslog: {disabled: false}}"}
            storage:
              filesystem: {"{rootdirectory: '"}{Storage}{"'}"}
              delete: {"{enabled: true}"}
              maintenance: {"{uploadpurging: {enabled: false}}"}
            http:
              addr: '127.0.0.1:{Port}'
              secret: gantry
            {tls}{authentication}{options.MoreConfiguration}
            """.ReplaceLineEndings("\n");
    }

    private void Note(string? line)
    {
        lock (_log)
            _log.AppendLine(line);
    }
}
