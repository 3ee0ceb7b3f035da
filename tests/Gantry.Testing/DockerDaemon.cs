using System.Diagnostics;
using System.Text;
using Docker.DotNet;

namespace Gantry.Testing;

/// <summary>
/// A separate Docker engine for a test run: <c>dockerd</c> as root, with its own folders and without network bridges, so that it runs
/// beside any other engine and in a virtual machine without a firewall.
/// </summary>
public sealed class DockerDaemon : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder;
    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DockerDaemon(DirectoryInfo folder, Process process)
    {
        _folder = folder;
        _process = process;
    }

    /// <summary>Gets the socket of the engine's API.</summary>
    public string Socket => Path.Combine(_folder.FullName, "docker.sock");

    /// <summary>Gets the value for DOCKER_HOST.</summary>
    public string Host => "unix://" + Socket;

    /// <summary>Creates a client of the engine.</summary>
    public DockerClient CreateClient() => new DockerClientConfiguration(new Uri(Host)).CreateClient();

    /// <summary>Returns why tests that start an engine are skipped; null when they run.</summary>
    /// <param name="components">The names of other programs that the test needs.</param>
    public static string? FindSkipReason(params ReadOnlySpan<string> components)
    {
        if (RequiredProgram.MayNotBeSkipped)
            return null;
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            return "needs Linux and root, to start a Docker engine";

        RequiredProgram[] all = [RequiredProgram.DockerRegistry, RequiredProgram.Skopeo];
        var wanted = new List<RequiredProgram> { RequiredProgram.DockerEngine, RequiredProgram.Busybox };
        foreach (var name in components)
            wanted.Add(all.Single(component => component.Name == name));
        return RequiredProgram.FindSkipReason([.. wanted]);
    }

    /// <summary>Starts an engine and waits until it listens.</summary>
    /// <param name="arguments">Further arguments: <c>--insecure-registry</c>, <c>--host</c>, …</param>
    public static async Task<DockerDaemon> StartAsync(params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("gantry-dockerd-");
        var start = new ProcessStartInfo(RequiredProgram.DockerEngine.RequirePath())
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        string[] own =
        [
            "--storage-driver", "vfs", "--iptables=false", "--bridge=none",
            "--data-root", Path.Combine(folder.FullName, "data"),
            "--exec-root", Path.Combine(folder.FullName, "exec"),
            "--pidfile", Path.Combine(folder.FullName, "dockerd.pid"),
            "--host", "unix://" + Path.Combine(folder.FullName, "docker.sock"),
        ];
        foreach (var argument in own.Concat(arguments))
            start.ArgumentList.Add(argument);

        var host = new DockerDaemon(folder, new Process { StartInfo = start, EnableRaisingEvents = true });
        try
        {
            await host.StartAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the engine and its containers, and deletes its files.</summary>
    public async ValueTask DisposeAsync()
    {
        // dockerd stops its containerd only when it is terminated, not when it is killed.
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            await kill.WaitForExitAsync();
            using var timeout = new CancellationTokenSource(StopTimeout);
            try
            {
                await _process.WaitForExitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The kernel has not released a mount yet; the system removes the folder later.
        }
    }

    private async Task StartAsync()
    {
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException("dockerd ended."));
        _process.Start();
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        try
        {
            await _listening.Task.WaitAsync(StartTimeout);
        }
        catch (Exception exception)
        {
            lock (_log)
                throw new InvalidOperationException($"dockerd did not start:\n{_log}", exception);
        }
    }

    private void Read(string? line)
    {
        if (line is null)
            return;
        lock (_log)
            _log.AppendLine(line);
        if (line.Contains("API listen on", StringComparison.Ordinal) && line.Contains(Socket, StringComparison.Ordinal))
            _listening.TrySetResult();
    }
}
