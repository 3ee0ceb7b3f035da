using System.Net;

namespace Gantry.Registries;

/// <summary>A request to a registry beside the distribution API.</summary>
public sealed class RegistryApiRequest
{
    /// <summary>The host, with its port.</summary>
    public required string Host { get; init; }

    /// <summary>The method.</summary>
    public required HttpMethod Method { get; init; }

    /// <summary>The path and query: <c>/acr/v1/team/app/_tags/1.4.2?api-version=2021-07-01</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The scope of the access token: <c>repository:team/app:metadata_read</c>.</summary>
    public required string Scope { get; init; }

    /// <summary>The action of the request, for messages: <c>reading the lock of 1.4.2</c>.</summary>
    public required string What { get; init; }

    /// <summary>The body, as JSON; null for none.</summary>
    public byte[]? Json { get; init; }
}

/// <summary>The answer to a request to a registry beside the distribution API.</summary>
public sealed class RegistryApiAnswer
{
    internal RegistryApiAnswer(HttpStatusCode status, string? mediaType, byte[] body, string? refusal)
    {
        Status = status;
        MediaType = mediaType;
        Body = body;
        Refusal = refusal;
    }

    /// <summary>The status.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>The media type of the body; null when there is none.</summary>
    public string? MediaType { get; }

    /// <summary>The body; empty for a refusal.</summary>
    public byte[] Body { get; }

    /// <summary>The reason of a refusal, for people; null for a success.</summary>
    public string? Refusal { get; }
}
