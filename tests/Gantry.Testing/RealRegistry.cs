using System.Diagnostics;
using System.Text;
using Gantry.Oci;

namespace Gantry.Testing;

/// <summary>The options of a real registry.</summary>
public sealed record RealRegistryOptions
{
    /// <summary>True when it requires <see cref="RealRegistry.UserName"/> and <see cref="RealRegistry.Password"/>.</summary>
    public bool RequiresPassword { get; init; }

    /// <summary>A PEM certificate and key file, for TLS; null for plain HTTP.</summary>
    public (string Certificate, string Key)? Tls { get; init; }

    /// <summary>A PEM file of the authority that must have issued client certificates; null for none.</summary>
    public string? ClientCertificateAuthority { get; init; }

    /// <summary>True when manifests can be deleted; docker-registry does not allow it by default.</summary>
    public bool Deletes { get; init; } = true;

    /// <summary>Additional lines for its configuration, at the top level.</summary>
    public string ExtraConfiguration { get; init; } = "";
}

/// <summary>
/// The reference implementation of a registry (<c>docker-registry serve</c>), on a loopback port, with its own storage folder.
/// </summary>
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

    /// <summary>Gets the folder of its storage.</summary>
    public string Storage => _folder.Combine("storage");

    /// <summary>Gets its log, including the access log.</summary>
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
        // The port is chosen before the registry listens on it: another process may take it in between.
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
        _process = new Process
        {
            StartInfo = ChildProcess.StartInfo(RequiredProgram.DockerRegistry.RequirePath(), ["serve", configuration]),
        };
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
        if (options.RequiresPassword)
            authentication = "auth: {htpasswd: {realm: gantry, path: "
                + $"'{_folder.Write("htpasswd", Encoding.UTF8.GetBytes(PasswordLine + "\n"))}'}}}}\n";
        var tls = options.Tls is { } pair
            ? $"  tls: {{certificate: '{pair.Certificate}', key: "
                + $"'{pair.Key}'{(options.ClientCertificateAuthority is { } ca ? $", clientcas: ['{ca}']" : "")}}}\n"
            : "";
        return $"""
            version: 0.1
            log: {"{level: info, accesslog: {disabled: false}}"}
            storage:
              filesystem: {"{rootdirectory: '"}{Storage}{"'}"}
              delete: {(options.Deletes ? "{enabled: true}" : "{enabled: false}")}
              maintenance: {"{uploadpurging: {enabled: false}}"}
            http:
              addr: '127.0.0.1:{Port}'
              secret: gantry
            {tls}{authentication}{options.ExtraConfiguration}
            """.ReplaceLineEndings("\n");
    }

    private void Note(string? line)
    {
        lock (_log)
            _log.AppendLine(line);
    }
}
