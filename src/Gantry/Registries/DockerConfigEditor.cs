using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gantry.IO;

namespace Gantry.Registries;

/// <summary>Changes the credentials in Docker's <c>config.json</c>, and nothing else in it.</summary>
internal sealed class DockerConfigEditor(string file, TimeProvider time)
{
    private const string Entries = "auths";

    // As Docker writes the file.
    private static readonly JsonWriterOptions s_options = new()
    {
        Indented = true,
        IndentCharacter = '\t',
        IndentSize = 1,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonDocumentOptions s_reading = new() { AllowDuplicateProperties = false };

    public Task SetAsync(string key, PasswordCredential credential, CancellationToken cancellationToken) =>
        ChangeAsync(
            entries =>
            {
                var pair = Encoding.UTF8.GetBytes($"{credential.UserName}:{credential.Password}");
                entries[key] = new JsonObject { ["auth"] = Convert.ToBase64String(pair) };
            },
            cancellationToken);

    public Task RemoveAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
        ChangeAsync(
            entries =>
            {
                foreach (var key in keys)
                    entries.Remove(key);
            },
            cancellationToken);

    private async Task ChangeAsync(Action<JsonObject> change, CancellationToken cancellationToken)
    {
        // A link is often how dotfiles are kept: what it points to is replaced, and not the link.
        var link = File.Exists(file) ? File.ResolveLinkTarget(file, returnFinalTarget: true) : null;
        var target = link?.FullName ?? Path.GetFullPath(file);
        var config = await ReadAsync(target, cancellationToken);
        if (config[Entries] is not JsonObject entries)
            config[Entries] = entries = [];
        change(entries);
        await WriteAsync(target, config, cancellationToken);
    }

    private async Task<JsonObject> ReadAsync(string target, CancellationToken cancellationToken)
    {
        try
        {
            var text = File.Exists(target) ? await RegularFile.ReadAllTextAsync(target, cancellationToken) : "";
            if (string.IsNullOrWhiteSpace(text))
                return [];
            return JsonNode.Parse(text, documentOptions: s_reading) as JsonObject
                ?? throw RegistryErrors.CredentialFile(file, "it is not the JSON that Docker writes");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The exception of the parser may quote the malformed text, which could be a password.
            throw RegistryErrors.CredentialFile(file, "it is not the JSON that Docker writes");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw RegistryErrors.CredentialFile(file, exception.Message.TrimEnd('.'));
        }
    }

    private async Task WriteAsync(string target, JsonObject config, CancellationToken cancellationToken)
    {
        var partial = $"{target}{AtomicFile.PartialMark}{Path.GetRandomFileName()}";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await using (var stream = Create(partial))
            await using (var writer = new Utf8JsonWriter(stream, s_options))
            {
                config.WriteTo(writer);
                await writer.FlushAsync(cancellationToken);
            }

            await AtomicFile.ReplaceAsync(partial, target, time, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw RegistryErrors.CredentialFileNotWritten(file, exception.Message.TrimEnd('.'));
        }
        finally
        {
            AtomicFile.TryDelete(partial);
        }
    }

    // Only its owner can read it, from the first byte on.
    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }
}
