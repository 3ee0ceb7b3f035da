using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gantry.AzurePipelines.Environments;

namespace Gantry.AzurePipelines.Service;

/// <summary>
/// A client of the REST API of Azure DevOps for environments, their checks, previews of pipelines, and work items.
/// </summary>
/// <remarks>
/// Transient failures are retried, and the pauses that the service asks for are respected. A request that creates something is retried only
/// when it certainly did not arrive. Requests are sent one at a time.
/// </remarks>
/// <seealso href="https://learn.microsoft.com/rest/api/azure/devops/">Azure DevOps Services REST API reference</seealso>
public sealed partial class AzureDevOpsClient : IDisposable
{
    // Released resources still accept a version with this suffix; preview resources accept no other.
    private const string FirstPreview = "7.1-preview.1";
    private const string SecondPreview = "7.1-preview.2";
    private const string Released = "7.1";

    private const string Environments = "_apis/distributedtask/environments";
    private const string Checks = "_apis/pipelines/checks/configurations";

    private readonly ServiceTransport _transport;

    /// <summary>Creates a client.</summary>
    /// <param name="project">The project.</param>
    /// <param name="credential">The credential.</param>
    /// <param name="time">The clock.</param>
    /// <param name="handler">The handler that sends the requests; when null, a default one. It must not follow redirects.</param>
    public AzureDevOpsClient(
        AzureDevOpsProject project, IAzureDevOpsCredential credential, TimeProvider time, HttpMessageHandler? handler = null) =>
        _transport = new(project, credential, time, handler);

    /// <summary>The project.</summary>
    public AzureDevOpsProject Project => _transport.Project;

    /// <summary>Receives one line about each request and retry, without secrets; null for none.</summary>
    public Action<string>? Log
    {
        get => _transport.Log;
        init => _transport.Log = value;
    }

    /// <summary>
    /// Receives a line for people when the service does not answer for a while, and before a longer pause; null for none.
    /// </summary>
    public Action<string>? Notice
    {
        get => _transport.Notice;
        init => _transport.Notice = value;
    }

    /// <summary>The time without an answer after which a request fails, over all its attempts.</summary>
    public TimeSpan NoProgressTimeout
    {
        get => _transport.NoProgressTimeout;
        init => _transport.NoProgressTimeout = value;
    }

    /// <summary>The time limit for an answer, in one attempt.</summary>
    internal TimeSpan RequestTimeout
    {
        init => _transport.RequestTimeout = value;
    }

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    /// <summary>Lists all environments of the project.</summary>
    internal Task<IReadOnlyList<EnvironmentDocument>> ListEnvironmentsAsync(CancellationToken cancellationToken) =>
        ListAsync(
            new(HttpMethod.Get, Environments, FirstPreview, RequestPurposes.ReadEnvironments),
            ServiceJson.Default.ListDocumentEnvironmentDocument,
            cancellationToken);

    internal Task<EnvironmentDocument> CreateEnvironmentAsync(EnvironmentBody body, CancellationToken cancellationToken) => SendAsync(
        new(HttpMethod.Post, Environments, FirstPreview, RequestPurposes.CreateEnvironment(body.Name))
        {
            Body = Json(body, ServiceJson.Default.EnvironmentBody),
            IsRepeatable = false,
        },
        ServiceJson.Default.EnvironmentDocument,
        cancellationToken);

    internal Task ChangeEnvironmentAsync(int id, EnvironmentBody body, CancellationToken cancellationToken) => _transport.SendAsync(
        new(HttpMethod.Patch, $"{Environments}/{Text(id)}", FirstPreview, RequestPurposes.ChangeEnvironment(body.Name))
        {
            Body = Json(body, ServiceJson.Default.EnvironmentBody),
        },
        cancellationToken);

    internal Task DeleteEnvironmentAsync(EnvironmentDocument environment, CancellationToken cancellationToken) => _transport.SendAsync(
        new(HttpMethod.Delete, $"{Environments}/{Text(environment.Id)}", FirstPreview, RequestPurposes.DeleteEnvironment(environment.Name))
        {
            ReadRefusals = [HttpStatusCode.NotFound],
        },
        cancellationToken);

    /// <summary>Lists all checks of an environment, with their settings.</summary>
    internal Task<IReadOnlyList<CheckDocument>> ListChecksAsync(EnvironmentDocument environment, CancellationToken cancellationToken) =>
        ListAsync(
            new(HttpMethod.Get, Checks, FirstPreview, RequestPurposes.ReadChecks(environment.Name))
            {
                Query = [("resourceType", "environment"), ("resourceId", Text(environment.Id)), ("$expand", "settings")],
            },
            ServiceJson.Default.ListDocumentCheckDocument,
            cancellationToken);

    internal Task CreateCheckAsync(CheckConfiguration check, CancellationToken cancellationToken) => _transport.SendAsync(
        new(HttpMethod.Post, Checks, FirstPreview, RequestPurposes.ChangeChecks(check.Resource.Name))
        {
            Body = Json(check, ServiceJson.Default.CheckConfiguration),
            IsRepeatable = false,
        },
        cancellationToken);

    internal Task ChangeCheckAsync(int id, CheckConfiguration check, CancellationToken cancellationToken) => _transport.SendAsync(
        new(HttpMethod.Patch, $"{Checks}/{Text(id)}", FirstPreview, RequestPurposes.ChangeChecks(check.Resource.Name))
        {
            Body = Json(check, ServiceJson.Default.CheckConfiguration),
        },
        cancellationToken);

    internal Task DeleteCheckAsync(int id, string environment, CancellationToken cancellationToken) => _transport.SendAsync(
        new(HttpMethod.Delete, $"{Checks}/{Text(id)}", FirstPreview, RequestPurposes.ChangeChecks(environment))
        {
            ReadRefusals = [HttpStatusCode.NotFound],
        },
        cancellationToken);

    internal Task<PermissionsDocument> ReadPermissionsAsync(ProtectedResource resource, CancellationToken cancellationToken) => SendAsync(
        new(HttpMethod.Get, PermissionsOf(resource), FirstPreview, RequestPurposes.ReadPermissions(resource)),
        ServiceJson.Default.PermissionsDocument,
        cancellationToken);

    /// <summary>Permits one pipeline to use a resource. The permissions of others stay as they are.</summary>
    internal Task PermitAsync(ProtectedResource resource, int pipeline, CancellationToken cancellationToken) => _transport.SendAsync(
        new(HttpMethod.Patch, PermissionsOf(resource), FirstPreview, RequestPurposes.ChangePermissions(resource))
        {
            Body = Json(
                new PermissionsDocument { Pipelines = [new PermissionDocument { Id = pipeline, Authorized = true }] },
                ServiceJson.Default.PermissionsDocument),
        },
        cancellationToken);

    /// <summary>Finds users and groups by display name, account name or unique name.</summary>
    internal Task<IReadOnlyList<IdentityDocument>> FindIdentitiesAsync(string text, CancellationToken cancellationToken) =>
        ReadIdentitiesAsync([("searchFilter", "General"), ("filterValue", text)], cancellationToken);

    internal Task<IReadOnlyList<IdentityDocument>> FindIdentitiesByIdAsync(Guid id, CancellationToken cancellationToken) =>
        ReadIdentitiesAsync([("identityIds", id.ToString("D"))], cancellationToken);

    internal Task<IReadOnlyList<IdentityDocument>> FindIdentitiesByDescriptorAsync(
        string descriptor, CancellationToken cancellationToken) =>
        ReadIdentitiesAsync([("subjectDescriptors", descriptor)], cancellationToken);

    internal Task<IReadOnlyList<EndpointDocument>> FindServiceConnectionsAsync(string name, CancellationToken cancellationToken) =>
        ListAsync(
            new(HttpMethod.Get, "_apis/serviceendpoint/endpoints", Released, RequestPurposes.ReadServiceConnections)
            {
                Query = [("endpointNames", name)],
            },
            ServiceJson.Default.ListDocumentEndpointDocument,
            cancellationToken);

    internal Task<IReadOnlyList<VariableGroupDocument>> FindVariableGroupsAsync(string name, CancellationToken cancellationToken) =>
        ListAsync(
            new(HttpMethod.Get, "_apis/distributedtask/variablegroups", SecondPreview, RequestPurposes.ReadVariableGroups)
            {
                Query = [("groupName", name)],
            },
            ServiceJson.Default.ListDocumentVariableGroupDocument,
            cancellationToken);

    /// <summary>Finds a repository of any project of the organization, or returns null when it is not there or cannot be read.</summary>
    internal async Task<RepositoryDocument?> FindRepositoryAsync(string project, string name, CancellationToken cancellationToken)
    {
        var request = new ServiceRequest(
            HttpMethod.Get, $"_apis/git/repositories/{Uri.EscapeDataString(name)}", Released, RequestPurposes.ReadRepositories)
        {
            Project = project,
            ReadRefusals = [HttpStatusCode.NotFound],
        };
        var answer = await _transport.SendAsync(request, cancellationToken);
        return answer.Status == HttpStatusCode.NotFound ? null : Read(request, answer, ServiceJson.Default.RepositoryDocument);
    }

    /// <summary>Finds the pipelines of a YAML file.</summary>
    internal Task<IReadOnlyList<DefinitionDocument>> FindPipelinesAsync(string file, CancellationToken cancellationToken) => ListAsync(
        new(HttpMethod.Get, "_apis/build/definitions", Released, RequestPurposes.ReadPipelines)
        {
            Query = [("yamlFilename", file), ("includeAllProperties", "true")],
        },
        ServiceJson.Default.ListDocumentDefinitionDocument,
        cancellationToken);

    /// <summary>Finds a run of a pipeline, or returns null when there is none.</summary>
    internal async Task<RunDocument?> FindRunAsync(int id, CancellationToken cancellationToken)
    {
        var request = new ServiceRequest(HttpMethod.Get, $"_apis/build/builds/{Text(id)}", Released, RequestPurposes.ReadRun(id))
        {
            ReadRefusals = [HttpStatusCode.NotFound],
        };
        var answer = await _transport.SendAsync(request, cancellationToken);
        return answer.Status == HttpStatusCode.NotFound ? null : Read(request, answer, ServiceJson.Default.RunDocument);
    }

    /// <summary>Lists the latest deployments to an environment.</summary>
    internal async Task<IReadOnlyList<DeploymentDocument>> ListDeploymentsAsync(
        EnvironmentDocument environment, CancellationToken cancellationToken)
    {
        // One page is enough: it begins with the deployments that are in progress.
        var request = new ServiceRequest(
            HttpMethod.Get,
            $"{Environments}/{Text(environment.Id)}/environmentdeploymentrecords",
            FirstPreview,
            RequestPurposes.ReadDeployments(environment.Name)) { Query = [("top", "100")] };
        var answer = await _transport.SendAsync(request, cancellationToken);
        return [.. (Read(request, answer, ServiceJson.Default.ListDocumentDeploymentDocument).Value ?? []).OfType<DeploymentDocument>()];
    }

    /// <summary>Lists the records of a run: its stages with their checkpoints, of the latest attempt of each.</summary>
    internal async Task<IReadOnlyList<TimelineRecordDocument>> ListTimelineAsync(int run, CancellationToken cancellationToken)
    {
        var timeline = await SendAsync(
            new(HttpMethod.Get, $"_apis/build/builds/{Text(run)}/timeline", Released, RequestPurposes.ReadRun(run)),
            ServiceJson.Default.TimelineDocument,
            cancellationToken);
        return [.. (timeline.Records ?? []).OfType<TimelineRecordDocument>()];
    }

    /// <summary>Lists the evaluations of the checks that a stage waited for, with the resources of the checks.</summary>
    /// <param name="run">The run.</param>
    /// <param name="checkpoint">The id of the checkpoint of the stage.</param>
    /// <param name="cancellationToken">The token.</param>
    internal async Task<IReadOnlyList<CheckRunDocument>> ListCheckRunsAsync(
        int run, string checkpoint, CancellationToken cancellationToken)
    {
        var suite = await SendAsync(
            new(
                HttpMethod.Get, $"_apis/pipelines/checks/runs/{Uri.EscapeDataString(checkpoint)}", FirstPreview,
                RequestPurposes.ReadApprovals(run)) { Query = [("$expand", "resources")] },
            ServiceJson.Default.CheckSuiteDocument,
            cancellationToken);
        return [.. (suite.CheckRuns ?? []).OfType<CheckRunDocument>()];
    }

    /// <summary>Lists approvals, with the answer of each person.</summary>
    internal Task<IReadOnlyList<ApprovalDocument>> ListApprovalsAsync(
        int run, IReadOnlyList<string> ids, CancellationToken cancellationToken) => ListAsync(
            new(HttpMethod.Get, "_apis/pipelines/approvals", FirstPreview, RequestPurposes.ReadApprovals(run))
            {
                Query = [("approvalIds", string.Join(',', ids)), ("$expand", "steps"), ("top", Text(ids.Count))],
            },
            ServiceJson.Default.ListDocumentApprovalDocument,
            cancellationToken);

    /// <summary>Previews a pipeline; the caller reads refusals.</summary>
    internal Task<ServiceResponse> PreviewAsync(
        DefinitionDocument pipeline, PreviewParameters question, CancellationToken cancellationToken) => _transport.SendAsync(
            new(HttpMethod.Post, $"_apis/pipelines/{Text(pipeline.Id)}/preview", Released, RequestPurposes.Preview(pipeline.Name))
            {
                Body = Json(question, ServiceJson.Default.PreviewParameters),
                ReadRefusals = [HttpStatusCode.BadRequest, HttpStatusCode.NotFound, HttpStatusCode.InternalServerError],
            },
            cancellationToken);

    private Task<IReadOnlyList<IdentityDocument>> ReadIdentitiesAsync(
        IReadOnlyList<(string, string)> query, CancellationToken cancellationToken) => ListAsync(
            new(HttpMethod.Get, "_apis/identities", Released, RequestPurposes.ReadIdentities)
            {
                Query = [.. query, ("queryMembership", "None")],
                OfIdentities = true,
            },
            ServiceJson.Default.ListDocumentIdentityDocument,
            cancellationToken);

    private async Task<T> SendAsync<T>(ServiceRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        Read(request, await _transport.SendAsync(request, cancellationToken), type);

    private async Task<IReadOnlyList<T>> ListAsync<T>(
        ServiceRequest request, JsonTypeInfo<ListDocument<T>> type, CancellationToken cancellationToken)
        where T : class
    {
        var all = new List<T>();
        var page = request;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var answer = await _transport.SendAsync(page, cancellationToken);
            var entries = Read(page, answer, type).Value ?? throw ServiceErrors.UnexpectedAnswer(Project, page, "no list");

            // For the id of an identity that does not exist, the list has null.
            all.AddRange(entries
                .Where(entry => entry is not null || !page.OfIdentities)
                .Select(entry => entry ?? throw ServiceErrors.UnexpectedAnswer(Project, page, "null in its list")));
            if (answer.Continuation is not { } continuation)
                return all;

            // A list that goes on with the same token, or with the same entries, has no end.
            if (!seen.Add(continuation) | !seen.Add(Convert.ToHexString(SHA256.HashData(answer.Body))))
                throw ServiceErrors.UnexpectedAnswer(Project, page, "the same page again");
            page = request with { Query = [.. request.Query, ("continuationToken", continuation)] };
        }
    }

    private T Read<T>(ServiceRequest request, ServiceResponse answer, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(answer.Body, type) ?? throw ServiceErrors.UnexpectedAnswer(Project, request, "null");
        }
        catch (JsonException exception)
        {
            throw ServiceErrors.UnexpectedAnswer(Project, request, "its JSON is not what is documented", exception);
        }
    }

    private static string PermissionsOf(ProtectedResource resource) => $"_apis/pipelines/pipelinepermissions/{resource.Type}/{resource.Id}";

    private static byte[] Json<T>(T body, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(body, type);

    private static string Text(int id) => id.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A resource that a pipeline can use only with permission.</summary>
/// <param name="Type"><c>environment</c>, <c>endpoint</c>, <c>variablegroup</c> or <c>repository</c>.</param>
/// <param name="Id">The id.</param>
/// <param name="Name">The name.</param>
internal sealed record ProtectedResource(string Type, string Id, string Name)
{
    public static ProtectedResource Of(EnvironmentDocument environment) =>
        new("environment", environment.Id.ToString(CultureInfo.InvariantCulture), environment.Name);

    /// <summary>Returns a description: <c>the environment 'prod'</c>.</summary>
    public override string ToString() => Type switch
    {
        "endpoint" => $"the service connection '{Name}'",
        "variablegroup" => $"the variable group '{Name}'",
        "repository" => $"the repository '{Name}'",
        _ => $"the environment '{Name}'",
    };
}
