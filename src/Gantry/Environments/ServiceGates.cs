namespace Gantry.Environments;

/// <summary>How a service answers a check: what REST and function checks have in common.</summary>
public abstract record ServiceCheckGate : Gate
{
    private protected ServiceCheckGate()
    {
    }

    /// <summary>The HTTP method.</summary>
    public string Method { get; init; } = "POST";

    /// <summary>The headers; a value may be a pipeline variable, as secrets must be: <c>$(token)</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The body.</summary>
    public string Body { get; init; } = "";

    /// <summary>Whether the service calls back when it is done; otherwise its answer counts.</summary>
    public bool WaitForCallback { get; init; }

    /// <summary>The expression over the answer that must be true, for example <c>eq(root['status'],'ok')</c>; empty: success of the call is enough.</summary>
    public string SuccessCriteria { get; init; } = "";

    /// <summary>How long to wait before asking again; zero asks once. At least a tenth of the timeout otherwise, as Azure DevOps demands.</summary>
    public TimeSpan RetryInterval { get; init; }

    /// <summary>The variable group that the check may read.</summary>
    public string? VariableGroup { get; init; }

    private protected string? ValidateService() =>
        Method is not ("GET" or "POST" or "PUT" or "PATCH" or "DELETE" or "HEAD" or "OPTIONS" or "TRACE") ? $"'{Method}' is not a method"
        : RetryInterval < TimeSpan.Zero ? "it asks again in the past"
        : RetryInterval > TimeSpan.Zero && RetryInterval < Timeout / 10 ? $"it asks again after {RetryInterval}, less than a tenth of its timeout"
        : WaitForCallback && SuccessCriteria.Length > 0 ? "a service that calls back decides by itself: it has no success criteria"
        : null;
}

/// <summary>A REST service has to agree. In Azure DevOps: the Invoke REST API check.</summary>
/// <param name="Name">What people see.</param>
/// <param name="ServiceConnection">The generic service connection that holds the address and the credential.</param>
/// <param name="UrlSuffix">What follows the connection's address.</param>
public sealed record RestCheckGate(string Name, string ServiceConnection, string UrlSuffix) : ServiceCheckGate
{
    /// <inheritdoc/>
    public override string Description => $"REST check {Name}";

    private protected override string? Validate() =>
        string.IsNullOrWhiteSpace(Name) ? "it has no name"
        : string.IsNullOrWhiteSpace(ServiceConnection) ? "it has no service connection"
        : ValidateService();
}

/// <summary>An Azure function has to agree. In Azure DevOps: the Invoke Azure Function check.</summary>
/// <param name="Name">What people see.</param>
/// <param name="Function">The address of the function.</param>
public sealed record FunctionCheckGate(string Name, Uri Function) : ServiceCheckGate
{
    /// <summary>The pipeline variable that holds the function's key; never the key itself.</summary>
    public string KeyVariable { get; init; } = "functionKey";

    /// <inheritdoc/>
    public override string Description => $"function check {Name}";

    private protected override string? Validate() =>
        string.IsNullOrWhiteSpace(Name) ? "it has no name"
        : Function is not { IsAbsoluteUri: true, Scheme: "https" } ? $"'{Function.OriginalString}' is not an https address"
        : Function.Query.Length > 0 ? "its address has a query, where keys end up in logs"
        : ValidateService();
}

/// <summary>Azure Monitor must have no alert. In Azure DevOps: the Query Azure Monitor alerts check.</summary>
/// <param name="ServiceConnection">The Azure Resource Manager service connection.</param>
/// <param name="ResourceGroup">The resource group.</param>
public sealed record AzureMonitorAlertsGate(string ServiceConnection, string ResourceGroup) : Gate
{
    /// <summary>The severities that count, 0 (critical) to 4 (verbose).</summary>
    public IReadOnlyList<int> Severities { get; init; } = [0, 1, 2, 3, 4];

    /// <summary>How far back alerts count.</summary>
    public AlertTimeRange TimeRange { get; init; }

    /// <summary>How long to wait before asking again; at least a tenth of the timeout. Zero asks once.</summary>
    public TimeSpan RetryInterval { get; init; }

    /// <inheritdoc/>
    public override string Description => $"no alerts in {ResourceGroup}";

    private protected override string? Validate() =>
        string.IsNullOrWhiteSpace(ServiceConnection) ? "it has no service connection"
        : string.IsNullOrWhiteSpace(ResourceGroup) ? "it has no resource group"
        : Severities.Count == 0 || Severities.Any(severity => severity is < 0 or > 4) ? "a severity is not between 0 and 4"
        : RetryInterval != TimeSpan.Zero && RetryInterval < Timeout / 10 ? $"it asks again after {RetryInterval}, less than a tenth of its timeout"
        : null;
}

/// <summary>How far back alerts count: the choices that Azure DevOps gives.</summary>
public enum AlertTimeRange
{
    /// <summary>The last hour.</summary>
    Hour,

    /// <summary>The last day.</summary>
    Day,

    /// <summary>The last seven days.</summary>
    Week,

    /// <summary>The last thirty days.</summary>
    Month,
}

/// <summary>A work item query must give a number of work items within bounds. In Azure DevOps: the Query work items check.</summary>
/// <param name="Query">The id of the shared query.</param>
public sealed record WorkItemQueryGate(Guid Query) : Gate
{
    /// <summary>The most work items.</summary>
    public int Maximum { get; init; }

    /// <summary>The fewest work items.</summary>
    public int Minimum { get; init; }

    /// <inheritdoc/>
    public override string Description => $"work item query {Query} gives {(Minimum == Maximum ? Maximum : $"{Minimum} to {Maximum}")}";

    private protected override string? Validate() =>
        Query == Guid.Empty ? "it has no query"
        : Minimum < 0 || Minimum > Maximum ? $"no number is between {Minimum} and {Maximum}"
        : null;
}
