using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using Gantry.Testing;
using Microsoft.AspNetCore.Http;

namespace Pipeline.Tests.Fixtures;

/// <summary>
/// A host on this machine that a webhook makes pull: it extracts the sample service from the image in the webhook, by its digest, from a
/// folder of image layouts, and runs it.
/// </summary>
internal sealed class WebhookHost : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _registry;
    private readonly int _port = FreePort.Find();
    private LoopbackServer _webhook = null!;
    private Process? _service;

    private WebhookHost(string registry) => _registry = registry;

    /// <summary>Gets the address of the webhook, with credentials.</summary>
    public string WebhookUrl => $"http://deployer:secret-of-the-host@{_webhook.Address.Authority}/hook";

    /// <summary>Gets the address of the service's version.</summary>
    public string VersionUrl => $"http://127.0.0.1:{_port}/version";

    /// <summary>Gets the digests of the received webhooks, in order, including refused ones.</summary>
    public List<string> ReceivedDigests { get; } = [];

    /// <summary>True when the host refuses webhooks.</summary>
    public bool RefusesWebhooks { get; set; }

    /// <param name="registry">The folder that holds an image layout for each repository.</param>
    public static async Task<WebhookHost> StartAsync(string registry)
    {
        var host = new WebhookHost(registry);
        host._webhook = await LoopbackServer.StartAsync(host.TellAsync);
        return host;
    }

    /// <summary>Kills the service, as in a crash.</summary>
    public async Task StopServiceAsync()
    {
        if (_service is { } service)
        {
            service.Kill(entireProcessTree: true);
            await service.WaitForExitAsync();
            service.Dispose();
        }

        _service = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopServiceAsync();
        await _webhook.DisposeAsync();
        _folder.Dispose();
    }

    private async Task TellAsync(HttpContext context, ReceivedRequest request)
    {
        using var pushed = JsonDocument.Parse(request.Body);
        var target = pushed.RootElement.GetProperty("target");
        var digest = target.GetProperty("digest").GetString()!;
        ReceivedDigests.Add(digest);
        if (RefusesWebhooks || request.Headers["Authorization"] != "Basic " + Convert.ToBase64String("deployer:secret-of-the-host"u8))
        {
            context.Response.StatusCode = 403;
            return;
        }

        await StopServiceAsync();
        var folder = Directory.CreateDirectory(_folder.Combine(Guid.NewGuid().ToString("N"))).FullName;
        await UnpackAsync(Path.Combine(_registry, target.GetProperty("repository").GetString()!, "blobs"), digest, folder);
        _service = Process.Start(new ProcessStartInfo(
            "dotnet", [Path.Combine(folder, "App.dll"), "--urls", new Uri(VersionUrl).GetLeftPart(UriPartial.Authority)])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _service.OutputDataReceived += (_, _) => { };
        _service.ErrorDataReceived += (_, _) => { };
        _service.BeginOutputReadLine();
        _service.BeginErrorReadLine();
        context.Response.StatusCode = 202;
    }

    // The content of /app, from all layers.
    private static async Task UnpackAsync(string blobs, string digest, string folder)
    {
        using var manifest = JsonDocument.Parse(await File.ReadAllBytesAsync(PathOf(blobs, digest)));
        foreach (var layer in manifest.RootElement.GetProperty("layers").EnumerateArray())
        {
            await using var file = File.OpenRead(PathOf(blobs, layer.GetProperty("digest").GetString()!));
            await using var unpacked = new GZipStream(file, CompressionMode.Decompress);
            await using var archive = new TarReader(unpacked);
            while (await archive.GetNextEntryAsync() is { } entry)
            {
                if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)
                    || !entry.Name.TrimStart('/').StartsWith("app/", StringComparison.Ordinal))
                    continue;
                var path = Path.Combine(folder, entry.Name.TrimStart('/')["app/".Length..]);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await entry.ExtractToFileAsync(path, overwrite: true);
            }
        }
    }

    private static string PathOf(string blobs, string digest) => Path.Combine(blobs, digest.Replace(':', Path.DirectorySeparatorChar));
}
