using System.Net;
using System.Text.Json;

namespace Gantry.AzurePipelines.Service;

/// <summary>A response of Azure DevOps that was not refused.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body.</param>
/// <param name="Continuation">The token for the next page; null when there is none.</param>
internal sealed record ServiceResponse(HttpStatusCode Status, byte[] Body, string? Continuation);

/// <summary>The error format of Azure DevOps.</summary>
internal sealed record ErrorDocument
{
    /// <summary>The message for people.</summary>
    public string? Message { get; init; }

    /// <summary>The type for programs: <c>EnvironmentExistsException</c>.</summary>
    public string? TypeKey { get; init; }

    /// <summary>Further details, only for pipelines.</summary>
    public ErrorProperties? CustomProperties { get; init; }

    /// <summary>All error messages, one sentence each.</summary>
    public IReadOnlyList<string> Sentences
    {
        get
        {
            var results =
                CustomProperties?.ValidationResults?.Select(result => result?.Message ?? "").Where(text => text.Length > 0).ToList() ?? [];
            return [.. (results.Count > 0 ? results : [Message ?? ""])
                .SelectMany(text => text.Split('\n'))
                .Select(line => Format.OneLine(line))
                .Where(line => line.Length > 0)];
        }
    }

    /// <summary>Returns the message in one line of limited length; empty when there is none.</summary>
    public string Sentence => Format.OneLine(Message ?? "");

    /// <summary>Reads the error in a response. Returns null when there is none, for example for a page of a proxy.</summary>
    public static ErrorDocument? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ServiceJson.Default.ErrorDocument) is { Message.Length: > 0 } error ? error : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>The details of an error.</summary>
internal sealed record ErrorProperties(IReadOnlyList<ErrorResult?>? ValidationResults = null);

/// <summary>One error of a pipeline.</summary>
internal sealed record ErrorResult(string? Message = null);
