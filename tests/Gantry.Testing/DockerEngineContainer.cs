using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Gantry.Testing;

/// <summary>
/// A container that serves HTTP on a loopback port. It shares the network of the machine, because the engine of the tests has no bridge.
/// </summary>
public sealed class DockerEngineContainer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);

    private readonly DockerClient _client;
    private readonly string _id;

    private DockerEngineContainer(DockerClient client, string id, int port)
    {
        _client = client;
        _id = id;
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    /// <summary>Gets a client for requests to the container.</summary>
    public HttpClient Http { get; }

    /// <summary>Starts a container.</summary>
    /// <param name="engine">The engine that has the image.</param>
    /// <param name="image">The name of the image.</param>
    /// <param name="environment">Returns the environment variables that make it listen on a port, as <c>NAME=value</c>.</param>
    /// <param name="command">Replaces the command of the image; null keeps it.</param>
    public static async Task<DockerEngineContainer> StartAsync(
        DockerDaemon engine, string image, Func<int, IEnumerable<string>> environment, IList<string>? command = null)
    {
        var port = FreePort.Find();
        var client = engine.CreateClient();
        var created = await client.Containers.CreateContainerAsync(new CreateContainerParameters
        {
            Image = image,
            Env = [.. environment(port)],
            Cmd = command,
            HostConfig = new HostConfig { NetworkMode = "host" },
        });
        var container = new DockerEngineContainer(client, created.ID, port);
        try
        {
            await client.Containers.StartContainerAsync(created.ID, new ContainerStartParameters());
            return container;
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts an ASP.NET Core image.</summary>
    public static Task<DockerEngineContainer> StartAspNetAsync(DockerDaemon engine, string image) =>
        StartAsync(engine, image, port => [$"ASPNETCORE_HTTP_PORTS={port}"]);

    /// <summary>
    /// Sends a request until the container answers, and returns the answer; throws with the container's output when it ends or does not
    /// answer for minutes.
    /// </summary>
    public async Task<string> GetAsync(string path)
    {
        using var timeout = new CancellationTokenSource(StartTimeout);
        var ended = _client.Containers.WaitContainerAsync(_id, timeout.Token);
        while (!ended.IsCompleted)
        {
            try
            {
                return await Http.GetStringAsync(path, timeout.Token);
            }
            catch (HttpRequestException exception) when (exception.StatusCode is null or HttpStatusCode.ServiceUnavailable)
            {
                // The container does not listen yet.
                await Task.WhenAny(ended, Task.Delay(RetryDelay));
            }
        }

        throw new InvalidOperationException($"The container does not answer: {await LogAsync()}");
    }

    /// <summary>Reads the output of the container.</summary>
    public async Task<string> LogAsync()
    {
        using var stream = await _client.Containers.GetContainerLogsAsync(
            _id, tty: false, new ContainerLogsParameters { ShowStdout = true, ShowStderr = true });
        var (output, error) = await stream.ReadOutputToEndAsync(CancellationToken.None);
        return output + error;
    }

    /// <summary>Stops and removes the container.</summary>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _client.Containers.RemoveContainerAsync(_id, new ContainerRemoveParameters { Force = true });
        _client.Dispose();
    }
}
