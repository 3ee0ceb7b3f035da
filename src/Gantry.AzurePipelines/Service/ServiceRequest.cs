using System.Net;

namespace Gantry.AzurePipelines.Service;

/// <summary>A request to Azure DevOps.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The escaped path after the project (or after the organization): <c>_apis/pipelines/7/preview</c>.</param>
/// <param name="Version">The version of the API: <c>7.1-preview.1</c>.</param>
/// <param name="Purpose">The purpose, and the permission that it requires.</param>
internal sealed record ServiceRequest(HttpMethod Method, string Path, string Version, RequestPurpose Purpose)
{
    /// <summary>The query; values are not escaped yet.</summary>
    public IReadOnlyList<(string Name, string Value)> Query { get; init; } = [];

    /// <summary>The body as JSON; null for none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>The media type of the body.</summary>
    public string BodyType { get; init; } = "application/json";

    /// <summary>The media type of changes to a work item (RFC 6902).</summary>
    public const string JsonPatch = "application/json-patch+json";

    /// <summary>True for requests about users and groups, which have their own host and belong to no project.</summary>
    public bool OfIdentities { get; init; }

    /// <summary>The project, when it is not that of the client.</summary>
    public string? Project { get; init; }

    /// <summary>True when the request may be sent again although its outcome is unknown.</summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>The status codes of refusals that the caller reads itself, when they have the error format of the service.</summary>
    public IReadOnlyList<HttpStatusCode> ReadRefusals { get; init; } = [];

    /// <summary>Returns the method and path for messages, without the query.</summary>
    public override string ToString() => $"{Method} {Path}";
}

/// <summary>The purpose of a request, for messages.</summary>
/// <param name="Action">The action: <c>change the checks of the environment 'prod'</c>.</param>
/// <param name="Right">The required permission: <c>the role Administrator of the environment 'prod'</c>.</param>
/// <param name="Scope">The scope that a personal access token needs, as the page for tokens names it.</param>
internal sealed record RequestPurpose(string Action, string Right, string Scope);
