using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gantry.IO;

namespace Gantry.Docker.Engine;

/// <summary>Docker's contexts: named engines, kept under <c>contexts/</c> in the folder of Docker's configuration.</summary>
/// <seealso href="https://docs.docker.com/engine/manage-resources/contexts/">Docker contexts</seealso>
internal static class DockerContexts
{
    private const string Default = "default";

    /// <summary>Returns the name of the selected context and where it was selected, or null for the default engine.</summary>
    public static (string? Name, string Origin) Chosen(DockerEnvironment environment)
    {
        if (environment.FindVariable("DOCKER_CONTEXT") is { } named)
            return (named == Default ? null : named, "DOCKER_CONTEXT");

        var file = Path.Combine(environment.ConfigurationFolder, "config.json");
        var current = File.Exists(file) ? Find(file, DockerJson.Default.ClientConfiguration)?.CurrentContext : null;
        return (current is null or "" or Default ? null : current, file);
    }

    /// <summary>Reads the engine of a context, or throws <c>GAN6005</c>.</summary>
    public static DockerEndpoint Read(DockerEnvironment environment, string name, string origin)
    {
        // The folder is named after the digest of the context name, so that any name is a valid folder name.
        var folder = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        var contexts = Path.Combine(environment.ConfigurationFolder, "contexts");
        var file = Path.Combine(contexts, "meta", folder, "meta.json");
        if (!File.Exists(file))
            throw DockerErrors.UnknownContext(name, origin, contexts);

        var metadata = Find(file, DockerJson.Default.ContextMetadata)
            ?? throw DockerErrors.UnreadableConfiguration(file, "there is nothing in it");
        var endpoint = metadata.Endpoints?.GetValueOrDefault("docker");
        if (endpoint?.Host is not { Length: > 0 } host)
            throw DockerErrors.UnreadableConfiguration(file, "it names no Docker endpoint");

        var context = $"context '{name}'";
        var tls = DockerTls.FromFolder(Path.Combine(contexts, "tls", folder, "docker"), context, verify: !endpoint.SkipTlsVerify);
        return DockerEndpoint.Parse(host, context, tls);
    }

    // Null for a file without content, which Docker accepts as a configuration.
    private static T? Find<T>(string file, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            var text = RegularFile.ReadAllText(file);
            return string.IsNullOrWhiteSpace(text) ? null : JsonSerializer.Deserialize(text, type);
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw DockerErrors.UnreadableConfiguration(file, exception.Message, exception);
        }
    }
}
