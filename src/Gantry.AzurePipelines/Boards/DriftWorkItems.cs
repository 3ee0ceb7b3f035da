using System.Globalization;
using Gantry.AzurePipelines.Service;
using Gantry.Drift;

namespace Gantry.AzurePipelines.Boards;

/// <summary>
/// Reports drift as one work item: opens it, keeps it up to date, and closes it when the drift is mended. The work item itself is the only
/// memory: a tag finds it again, and a fingerprint in its description says which drift it is about.
/// </summary>
/// <param name="client">The project.</param>
public sealed class DriftWorkItems(AzureDevOpsClient client)
{
    private const string Completed = "Completed";
    private const string Removed = "Removed";

    /// <summary>
    /// Reports a state. A state that is not known changes nothing. Throws the errors of Azure DevOps, <c>GAN4508</c> for an alert that
    /// cannot be used, and <c>GAN4520</c> for a type that has no state for what is done.
    /// </summary>
    /// <param name="alert">The declaration.</param>
    /// <param name="report">The report.</param>
    /// <param name="marker">The tag that finds the work item again (<see cref="DriftAlert.MarkerOf"/>).</param>
    /// <param name="run">The address of the run; null when there is none.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<WorkItemReport> ReportAsync(
        WorkItemAlert alert, DriftReport report, string marker, string? run, CancellationToken cancellationToken)
    {
        alert.EnsureValid();
        if (report.State == DriftState.Unknown)
            return new WorkItemReport(WorkItemChange.None, null, null);
        var open = await FindOpenAsync(marker, cancellationToken);
        return report.State switch
        {
            DriftState.Settled => await CloseAsync(open, report, run, cancellationToken),
            _ when open.Count == 0 => await OpenAsync(alert, report, marker, run, cancellationToken),

            // Two runs at the same time may have opened one each. The older one is kept up to date.
            _ => await UpdateAsync(open[0], report, run, cancellationToken),
        };
    }

    private async Task<IReadOnlyList<WorkItemDocument>> FindOpenAsync(string marker, CancellationToken cancellationToken)
    {
        var ids = await client.QueryWorkItemsAsync(
            "SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project "
                + $"AND [System.Tags] CONTAINS '{marker.Replace("'", "''", StringComparison.Ordinal)}' ORDER BY [System.Id] DESC",
            Limits.DriftWorkItems,
            cancellationToken);
        if (ids.Count == 0)
            return [];

        // A person may have changed the type: each type has its own states.
        var closed = new Dictionary<string, IReadOnlySet<string>>(StringComparer.OrdinalIgnoreCase);
        var open = new List<WorkItemDocument>();
        foreach (var item in await client.ReadWorkItemsAsync(ids, cancellationToken))
        {
            var type = item.Text(WorkItemFields.Type) ?? "";
            if (!closed.TryGetValue(type, out var states))
                closed[type] = states = (await client.ListWorkItemStatesAsync(type, cancellationToken))
                    .Where(state => state.Category is Completed or Removed)
                    .Select(state => state.Name)
                    .ToHashSet(StringComparer.OrdinalIgnoreCase);
            if (!states.Contains(item.Text(WorkItemFields.State) ?? ""))
                open.Add(item);
        }

        return [.. open.OrderBy(item => item.Id)];
    }

    private async Task<WorkItemReport> OpenAsync(
        WorkItemAlert alert, DriftReport report, string marker, string? run, CancellationToken cancellationToken)
    {
        // Otherwise it could never be closed.
        _ = await FindCompletedAsync(alert.Type, cancellationToken);
        var created = await client.CreateWorkItemAsync(
            alert.Type,
            [
                PatchOperation.Set(WorkItemFields.Title, DriftText.Title(report)),
                PatchOperation.Set(
                    await FindDescriptionAsync(alert.Type, cancellationToken), DriftText.Description(report, run)),
                PatchOperation.Set(WorkItemFields.Tags, string.Join("; ", alert.Tags.Prepend(marker))),
                .. Optional(WorkItemFields.AreaPath, alert.AreaPath),
                .. Optional(WorkItemFields.IterationPath, alert.IterationPath),
                .. Optional(WorkItemFields.AssignedTo, alert.AssignedTo),
            ],
            cancellationToken);
        return Result(WorkItemChange.Opened, created);
    }

    private async Task<WorkItemReport> UpdateAsync(
        WorkItemDocument item, DriftReport report, string? run, CancellationToken cancellationToken)
    {
        var description = await FindDescriptionAsync(item.Text(WorkItemFields.Type) ?? "", cancellationToken);
        if (item.Text(description)?.Contains(DriftText.FingerprintLine(report), StringComparison.Ordinal) == true)
            return Result(WorkItemChange.None, item);
        return Result(WorkItemChange.Updated, await client.ChangeWorkItemAsync(
            item,
            [
                PatchOperation.Set(WorkItemFields.Title, DriftText.Title(report)),
                PatchOperation.Set(description, DriftText.Description(report, run)),
                PatchOperation.Set(WorkItemFields.History, DriftText.Changed(report, run)),
            ],
            cancellationToken));
    }

    private async Task<WorkItemReport> CloseAsync(
        IReadOnlyList<WorkItemDocument> open, DriftReport report, string? run, CancellationToken cancellationToken)
    {
        foreach (var item in open)
        {
            await client.ChangeWorkItemAsync(
                item,
                [
                    PatchOperation.Set(
                        WorkItemFields.State, await FindCompletedAsync(item.Text(WorkItemFields.Type) ?? "", cancellationToken)),
                    PatchOperation.Set(WorkItemFields.History, DriftText.Mended(report, run)),
                ],
                cancellationToken);
        }

        return open.Count == 0 ? new WorkItemReport(WorkItemChange.None, null, null) : Result(WorkItemChange.Closed, open[0]);
    }

    private async Task<string> FindCompletedAsync(string type, CancellationToken cancellationToken)
    {
        var states = await client.ListWorkItemStatesAsync(type, cancellationToken);
        return states.FirstOrDefault(state => state.Category == Completed)?.Name
            ?? throw WorkItemErrors.NoCompletedState(type, states.Select(state => state.Name));
    }

    private async Task<string> FindDescriptionAsync(string type, CancellationToken cancellationToken) =>
        (await client.ListWorkItemFieldsAsync(type, cancellationToken)).Any(field => field.ReferenceName == WorkItemFields.ReproSteps)
            ? WorkItemFields.ReproSteps
            : WorkItemFields.Description;

    private static IEnumerable<PatchOperation> Optional(string field, string? value) =>
        value is null ? [] : [PatchOperation.Set(field, value)];

    private WorkItemReport Result(WorkItemChange change, WorkItemDocument item) => new(
        change,
        item.Id,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{client.Project.Organization.AbsoluteUri}{Uri.EscapeDataString(client.Project.Name)}/_workitems/edit/{item.Id}"));
}

/// <summary>What became of the work item of a report.</summary>
/// <param name="Change">The change.</param>
/// <param name="Id">The id of the work item; null when there is none.</param>
/// <param name="Url">Its address; null when there is none.</param>
public sealed record WorkItemReport(WorkItemChange Change, int? Id, string? Url);

/// <summary>The changes of a work item.</summary>
public enum WorkItemChange
{
    /// <summary>Nothing was written: it says the same already, or there is nothing to say.</summary>
    None,

    /// <summary>A new one was opened.</summary>
    Opened,

    /// <summary>It was about another drift, and is about this one now.</summary>
    Updated,

    /// <summary>It was closed, because the drift is mended.</summary>
    Closed,
}
