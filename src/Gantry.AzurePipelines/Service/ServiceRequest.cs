using System.Net;

namespace Gantry.AzurePipelines.Service;

/// <summary>A request to Azure DevOps.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path behind the project (or behind the organization), its parts escaped: <c>_apis/pipelines/7/preview</c>.</param>
/// <param name="Version">The version of the API: <c>7.1-preview.1</c>.</param>
/// <param name="Purpose">What it is for and which right it takes.</param>
internal sealed record ServiceRequest(HttpMethod Method, string Path, string Version, RequestPurpose Purpose)
{
    /// <summary>What follows the path; values are not escaped yet.</summary>
    public IReadOnlyList<(string Name, string Value)> Query { get; init; } = [];

    /// <summary>The body as JSON; null: none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>Whether users and groups are asked for, which have a host of their own and belong to no project.</summary>
    public bool OfIdentities { get; init; }

    /// <summary>Whether it may be sent again when it is not known what became of it.</summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>Refusals that the caller reads for itself, when they are errors as the service writes them.</summary>
    public IReadOnlyList<HttpStatusCode> ReadRefusals { get; init; } = [];

    /// <summary>The method and path for messages, without what follows it.</summary>
    public override string ToString() => $"{Method} {Path}";
}

/// <summary>What a request is for, as a sentence needs it.</summary>
/// <param name="Action">What it does: <c>change the checks of the environment 'prod'</c>.</param>
/// <param name="Right">The right that it takes: <c>the role Administrator of the environment 'prod'</c>.</param>
/// <param name="Scope">The scope that a personal access token needs for it, as the page for tokens names it.</param>
internal sealed record RequestPurpose(string Action, string Right, string Scope);
