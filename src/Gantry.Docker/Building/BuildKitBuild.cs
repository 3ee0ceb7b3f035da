using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Gantry.Docker.Engine;
using Gantry.Images;
using Google.Protobuf;

namespace Gantry.Docker.Building;

/// <summary>
/// One build with the engine's BuildKit. This request is sent without Docker.DotNet, which supports only the classic builder: it has no
/// <c>version</c> parameter, and its message reader fails on BuildKit's messages.
/// </summary>
/// <remarks>
/// Docker's own client opens a session in which BuildKit asks for credentials. Without a session, BuildKit reaches only registries that
/// need no credentials. Images of other registries must be in the engine before the build; see <see cref="BaseImagePuller"/>.
/// </remarks>
internal sealed class BuildKitBuild(DockerBuild build, IBuildLog log)
{
    private const string Trace = "moby.buildkit.trace";

    private readonly BuildKitProgress _progress = new(log);
    private string? _image;
    private string? _error;

    /// <summary>Builds the image and returns its identifier.</summary>
    public async Task<string> RunAsync(Stream context, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(context, cancellationToken);
        }
        catch (Exception exception)
        {
            if (build.Engine.Translate($"build {build.DisplayName}", exception, cancellationToken) is { } translated)
                throw translated;
            throw;
        }

        _progress.Flush();
        if (_error is not null)
            throw build.Failed(_error, _progress.Failed);
        return _image ?? throw DockerErrors.NoImage(build.DisplayName);
    }

    private async Task SendAsync(Stream context, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/build?" + Query());
        request.Headers.Add(DockerCredentials.Header, build.Credentials.ToHeader());
        request.Content = new StreamContent(context) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-tar") } };
        using var response = await build.Engine.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw build.Engine.Refused(
                $"build {build.DisplayName}",
                response.StatusCode,
                Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken)));

        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken), Encoding.UTF8);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length > 0)
                Read(line);
        }
    }

    private void Read(string line)
    {
        try
        {
            var message = JsonSerializer.Deserialize(line, DockerJson.Default.EngineMessage) ?? throw new JsonException("it is null");
            if (message.Error is not null)
                _error = message.Error;
            if (message is { Id: Trace, Aux.ValueKind: JsonValueKind.String })
                _progress.Report(BuildKitTrace.Parse(message.Aux.Value.GetBytesFromBase64()));
            else if (message.Aux is { ValueKind: JsonValueKind.Object } aux
                && aux.TryGetProperty("ID", out var id)
                && id.ValueKind == JsonValueKind.String)
                _image = id.GetString();
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidProtocolBufferException
            or InvalidOperationException)
        {
            // Progress is only displayed: a line that cannot be parsed is logged as it is, and does not fail the build.
            log.Information(line);
        }
    }

    private string Query()
    {
        var parameters = new List<(string Name, string? Value)>
        {
            ("version", "2"),
            ("dockerfile", build.Dockerfile),
            ("platform", build.Platform.ToString()),
            ("buildargs", JsonSerializer.Serialize(build.Arguments, DockerJson.Default.IReadOnlyDictionaryStringString)),
            ("labels", JsonSerializer.Serialize(build.Labels, DockerJson.Default.IReadOnlyDictionaryStringString)),
            ("networkmode", build.Options.NetworkMode),
            ("target", build.Options.Target),
            ("nocache", build.NoCache ? "1" : null),
        };
        return string.Join('&', parameters
            .Where(parameter => parameter.Value is not null)
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}"));
    }
}
