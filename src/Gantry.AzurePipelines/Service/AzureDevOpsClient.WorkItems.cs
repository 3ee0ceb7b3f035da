using System.Text.Json.Nodes;

namespace Gantry.AzurePipelines.Service;

/// <content>Work items of Azure Boards.</content>
public sealed partial class AzureDevOpsClient
{
    private const string WorkItems = "_apis/wit/workitems";
    private const string WorkItemTypes = "_apis/wit/workitemtypes";

    /// <summary>Finds work items with a query, and returns their ids in its order.</summary>
    /// <param name="wiql">The query, in the Work Item Query Language.</param>
    /// <param name="maximum">The maximum number of ids.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <seealso href="https://learn.microsoft.com/rest/api/azure/devops/wit/wiql/query-by-wiql">Wiql, query by wiql</seealso>
    internal async Task<IReadOnlyList<int>> QueryWorkItemsAsync(string wiql, int maximum, CancellationToken cancellationToken)
    {
        var found = await SendAsync(
            new(HttpMethod.Post, "_apis/wit/wiql", Released, RequestPurposes.ReadWorkItems)
            {
                Query = [("$top", Text(maximum))],
                Body = Json(new QueryDocument(wiql), ServiceJson.Default.QueryDocument),
            },
            ServiceJson.Default.QueryResultDocument,
            cancellationToken);
        return [.. (found.WorkItems ?? []).OfType<WorkItemReference>().Select(item => item.Id)];
    }

    /// <summary>Reads work items with all of their fields.</summary>
    /// <param name="ids">The ids, at most 200.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <seealso href="https://learn.microsoft.com/rest/api/azure/devops/wit/work-items/list">Work items, list</seealso>
    internal Task<IReadOnlyList<WorkItemDocument>> ReadWorkItemsAsync(IReadOnlyList<int> ids, CancellationToken cancellationToken) =>
        ListAsync(
            new(HttpMethod.Get, WorkItems, Released, RequestPurposes.ReadWorkItems)
            {
                // One that was deleted meanwhile is left out.
                Query = [("ids", string.Join(',', ids.Select(Text))), ("errorPolicy", "omit")],
            },
            ServiceJson.Default.ListDocumentWorkItemDocument,
            cancellationToken);

    /// <summary>Lists the states of a type of work items, each with its category.</summary>
    /// <seealso href="https://learn.microsoft.com/rest/api/azure/devops/wit/work-item-type-states/list">
    /// Work item type states, list
    /// </seealso>
    internal Task<IReadOnlyList<WorkItemStateDocument>> ListWorkItemStatesAsync(string type, CancellationToken cancellationToken) =>
        ListAsync(
            new(HttpMethod.Get, $"{WorkItemTypes}/{Uri.EscapeDataString(type)}/states", Released, RequestPurposes.ReadWorkItemType(type)),
            ServiceJson.Default.ListDocumentWorkItemStateDocument,
            cancellationToken);

    /// <summary>Lists the fields of a type of work items.</summary>
    /// <seealso href="https://learn.microsoft.com/rest/api/azure/devops/wit/work-item-types-field/list">
    /// Work item types field, list
    /// </seealso>
    internal Task<IReadOnlyList<WorkItemFieldDocument>> ListWorkItemFieldsAsync(string type, CancellationToken cancellationToken) =>
        ListAsync(
            new(HttpMethod.Get, $"{WorkItemTypes}/{Uri.EscapeDataString(type)}/fields", Released, RequestPurposes.ReadWorkItemType(type)),
            ServiceJson.Default.ListDocumentWorkItemFieldDocument,
            cancellationToken);

    /// <summary>Creates a work item.</summary>
    /// <param name="type">The type.</param>
    /// <param name="changes">Its fields.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <seealso href="https://learn.microsoft.com/rest/api/azure/devops/wit/work-items/create">Work items, create</seealso>
    internal Task<WorkItemDocument> CreateWorkItemAsync(
        string type, IReadOnlyList<PatchOperation> changes, CancellationToken cancellationToken) => SendAsync(
        new(HttpMethod.Post, $"{WorkItems}/${Uri.EscapeDataString(type)}", Released, RequestPurposes.CreateWorkItem(type))
        {
            Body = Json([.. changes], ServiceJson.Default.PatchOperationArray),
            BodyType = ServiceRequest.JsonPatch,
            IsRepeatable = false,
        },
        ServiceJson.Default.WorkItemDocument,
        cancellationToken);

    /// <summary>Changes a work item of a revision; throws <c>GAN9057</c> when it has been changed since it was read.</summary>
    /// <param name="item">The work item, as it was read.</param>
    /// <param name="changes">The fields to set.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <seealso href="https://learn.microsoft.com/rest/api/azure/devops/wit/work-items/update">Work items, update</seealso>
    internal Task<WorkItemDocument> ChangeWorkItemAsync(
        WorkItemDocument item, IReadOnlyList<PatchOperation> changes, CancellationToken cancellationToken) => SendAsync(
        new(HttpMethod.Patch, $"{WorkItems}/{Text(item.Id)}", Released, RequestPurposes.ChangeWorkItem(item.Id))
        {
            Body = Json(
                [new PatchOperation { Op = "test", Path = "/rev", Value = JsonValue.Create(item.Rev) }, .. changes],
                ServiceJson.Default.PatchOperationArray),
            BodyType = ServiceRequest.JsonPatch,
            IsRepeatable = false,
        },
        ServiceJson.Default.WorkItemDocument,
        cancellationToken);
}
