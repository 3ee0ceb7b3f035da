using System.Text.Json;
using Gantry.Http;

namespace Gantry.Registries.Remote;

/// <summary>Reads the reason of a refusal from an answer, with a size limit and without anything that could be secret.</summary>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes">
/// OCI distribution-spec 1.1.1, error codes
/// </seealso>
internal static class ErrorReader
{
    private const int MaximumMessage = 160;

    /// <summary>Returns the registry's own error code, for decisions, when there is one; and the reason, for people.</summary>
    public static async Task<(string? Code, string Reason)> ReadAsync(HttpAnswer response, CancellationToken cancellationToken)
    {
        var status = $"status {(int)response.StatusCode}";
        var error = await ReadFirstAsync(response, cancellationToken);
        return (error?.Code, error is null ? status : $"{Describe(error)} ({status})");
    }

    private static async Task<ErrorEntry?> ReadFirstAsync(HttpAnswer response, CancellationToken cancellationToken)
    {
        try
        {
            var body = await response.ReadBytesAsync(Limits.ErrorBytes, "error", cancellationToken);
            return body.Length == 0
                ? null
                : JsonSerializer.Deserialize(body, RegistryJson.Default.ErrorList)
                    ?.Errors?.FirstOrDefault(entry => entry?.Code is not null);
        }
        catch (Exception exception) when (exception is JsonException or GantryException or TransientException)
        {
            // The status is sufficient; an unreadable explanation is not an error of its own.
            return null;
        }
    }

    private static string Describe(ErrorEntry error)
    {
        var code = Format.OneLine(error.Code!, MaximumMessage);
        var message = Format.OneLine(error.Message ?? "", MaximumMessage);

        // An address in a message may carry a signature in its query.
        return message.Length == 0
            || message.Contains("://", StringComparison.Ordinal)
            || message.Equals(code, StringComparison.OrdinalIgnoreCase)
                ? code
                : $"{code}, {message}";
    }
}
