using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gantry.IO;

namespace Gantry.Nuke.Publishing;

/// <summary>
/// The manifests of static web assets (<c>App.staticwebassets.endpoints.json</c>). The .NET SDK writes the times of files into them, which
/// are those of the clone and of the build. In an image, all files have the time of the commit.
/// </summary>
internal static class StaticAssetEndpoints
{
    private const string Pattern = "*.staticwebassets.endpoints.json";
    private const string Header = "Last-Modified";

    // As the SDK writes it: quotes in tags of entities stay readable.
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Sets the times in the manifests of a published application. What is no such manifest stays as it is.</summary>
    /// <param name="folder">The folder of the application.</param>
    /// <param name="date">The time of the files in the image.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task SetTimeAsync(string folder, DateTimeOffset date, CancellationToken cancellationToken)
    {
        var text = date.UtcDateTime.ToString("R", CultureInfo.InvariantCulture);
        foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder, Pattern) : [])
        {
            if (Change(await RegularFile.ReadAllBytesAsync(file, cancellationToken), text) is { } changed)
                await File.WriteAllTextAsync(file, changed, cancellationToken);
        }
    }

    private static string? Change(byte[] json, string time)
    {
        try
        {
            var manifest = JsonNode.Parse(json);
            var headers = (manifest?["Endpoints"] as JsonArray ?? [])
                .SelectMany(endpoint => endpoint?["ResponseHeaders"] as JsonArray ?? [])
                .OfType<JsonObject>()
                .Where(header => header["Name"] is JsonValue name && name.TryGetValue<string>(out var text) && text == Header)
                .ToList();
            foreach (var header in headers)
                header["Value"] = time;
            return headers.Count == 0 ? null : manifest!.ToJsonString(Options);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // A file of the application with the same name.
            return null;
        }
    }
}
