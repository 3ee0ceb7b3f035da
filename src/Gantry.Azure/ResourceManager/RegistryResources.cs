using System.Collections.Concurrent;
using Azure.Core;

namespace Gantry.Azure.ResourceManager;

/// <summary>
/// Finds the Azure resource of a registry by its host, with one query to Azure Resource Graph, which covers all subscriptions that the
/// identity may read.
/// </summary>
/// <seealso href="https://learn.microsoft.com/rest/api/azureresourcegraph/resourcegraph/resources/resources">
/// Azure Resource Graph, resources
/// </seealso>
internal sealed class RegistryResources(Func<string, ArmClient> managerOf)
{
    public const string ResourceType = "Microsoft.ContainerRegistry/registries";
    private const string ApiVersion = "2022-10-01";
    private readonly ConcurrentDictionary<string, Lazy<Task<ArmResourceId?>>> _found = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Finds the resource. Returns null when the identity sees none with this host.</summary>
    public async Task<ArmResourceId?> FindAsync(string host, CancellationToken cancellationToken)
    {
        var asked = _found.GetOrAdd(host, _ => new Lazy<Task<ArmResourceId?>>(() => AskAsync(host)));
        try
        {
            return await asked.Value.WaitAsync(cancellationToken);
        }
        catch when (asked.Value.IsFaulted)
        {
            // Only successful queries are cached, so that a later one can succeed.
            _found.TryRemove(KeyValuePair.Create(host, asked));
            throw;
        }
    }

    private async Task<ArmResourceId?> AskAsync(string host)
    {
        // The characters that are valid in a host need no escaping between these quotes.
        var query = new GraphQuery
        {
            Query = $"resources | where type =~ '{ResourceType}' | where properties.loginServer =~ '{host.Split(':')[0]}' | project id",
            Options = new GraphOptions { ResultFormat = "objectArray" },
        };
        var answer = await managerOf(host).SendAsync(
            RequestMethod.Post,
            "/providers/Microsoft.ResourceGraph/resources",
            ApiVersion,
            query,
            ArmJson.Default.GraphQuery,
            ArmJson.Default.GraphAnswer,
            $"finding the registry {host}",
            CancellationToken.None);
        return answer.Data?.Select(row => ArmResourceId.Find(row?.Id ?? "", ResourceType)).FirstOrDefault(id => id is not null);
    }
}

/// <summary>A query to Azure Resource Graph.</summary>
internal sealed record GraphQuery
{
    public required string Query { get; init; }

    public required GraphOptions Options { get; init; }
}

/// <summary>Options for the format of the result.</summary>
internal sealed record GraphOptions
{
    public required string ResultFormat { get; init; }
}

/// <summary>The result of a query.</summary>
internal sealed record GraphAnswer
{
    public IReadOnlyList<GraphRow?>? Data { get; init; }
}

/// <summary>A resource in a result.</summary>
internal sealed record GraphRow
{
    public string? Id { get; init; }
}
