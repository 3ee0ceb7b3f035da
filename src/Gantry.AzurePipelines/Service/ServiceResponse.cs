using System.Net;
using System.Text.Json;

namespace Gantry.AzurePipelines.Service;

/// <summary>An answer of Azure DevOps that was not refused.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body.</param>
/// <param name="Continuation">What asks for the next page; null: there is none.</param>
internal sealed record ServiceResponse(HttpStatusCode Status, byte[] Body, string? Continuation);

/// <summary>How Azure DevOps writes errors.</summary>
internal sealed record ErrorDocument
{
    /// <summary>What is wrong, for people.</summary>
    public string? Message { get; init; }

    /// <summary>What is wrong, for programs: <c>EnvironmentExistsException</c>.</summary>
    public string? TypeKey { get; init; }

    /// <summary>What else there is to say; only of pipelines.</summary>
    public ErrorProperties? CustomProperties { get; init; }

    /// <summary>Everything that is wrong, a sentence each.</summary>
    public IReadOnlyList<string> Sentences
    {
        get
        {
            var results = CustomProperties?.ValidationResults?.Select(result => result.Message ?? "").Where(text => text.Length > 0).ToList() ?? [];
            return [.. (results.Count > 0 ? results : [Message ?? ""]).SelectMany(text => text.Split('\n')).Select(OneLine).Where(line => line.Length > 0)];
        }
    }

    /// <summary>The message in one line of bounded length; empty when there is none.</summary>
    public string Sentence => OneLine(Message ?? "");

    /// <summary>The error in an answer, or null when it is none: a page of a proxy, for example.</summary>
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

    /// <summary>A text in one line of bounded length, without the full stop at its end.</summary>
    public static string OneLine(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
        return line.Length <= 400 ? line : line[..400] + "…";
    }
}

/// <summary>What else an error says.</summary>
internal sealed record ErrorProperties(IReadOnlyList<ErrorResult>? ValidationResults);

/// <summary>One thing that is wrong with a pipeline.</summary>
internal sealed record ErrorResult(string? Message);
