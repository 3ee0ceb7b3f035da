namespace Gantry.AzurePipelines.Gates;

/// <summary>Declares a check by a service: the common part of REST and function checks.</summary>
public abstract record ServiceCheckGate : AzureDevOpsGate
{
    private protected ServiceCheckGate()
    {
    }

    /// <summary>The HTTP method.</summary>
    public string Method { get; init; } = "POST";

    /// <summary>The headers; a value may contain a pipeline variable, which secrets require: <c>$(token)</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The body.</summary>
    public string Body { get; init; } = "";

    /// <summary>True when the service calls back with its result; otherwise its answer is the result.</summary>
    public bool WaitForCallback { get; init; }

    /// <summary>
    /// The expression over the answer that must be true, for example <c>eq(root['status'],'ok')</c>; when empty, a successful call is
    /// enough.
    /// </summary>
    public string SuccessCriteria { get; init; } = "";

    /// <summary>
    /// The time to wait before the service is called again, at least a tenth of the timeout, as Azure DevOps requires. Zero calls it once.
    /// </summary>
    public TimeSpan RetryInterval { get; init; }

    /// <summary>The variable group that the check may use.</summary>
    public string? VariableGroup { get; init; }

    private protected string? ValidateService()
    {
        if (Method is not ("GET" or "POST" or "PUT" or "PATCH" or "DELETE" or "HEAD" or "OPTIONS" or "TRACE"))
            return $"'{Method}' is not a method";
        if (RetryInterval < TimeSpan.Zero)
            return "its retry interval is negative";
        if (RetryInterval > TimeSpan.Zero && RetryInterval < Timeout / 10)
            return $"it asks again after {RetryInterval}, less than a tenth of its timeout";
        if (WaitForCallback && SuccessCriteria.Length > 0)
            return "a service that calls back decides by itself: it has no success criteria";
        return null;
    }
}

/// <summary>Requires a REST service to agree. In Azure DevOps: the Invoke REST API check.</summary>
/// <param name="Name">The display name.</param>
/// <param name="ServiceConnection">The generic service connection that holds the address and the credential.</param>
/// <param name="UrlSuffix">The path that is appended to the connection's address.</param>
public sealed record RestCheckGate(string Name, string ServiceConnection, string UrlSuffix) : ServiceCheckGate
{
    /// <inheritdoc/>
    public override string Description => $"REST check {Name}";

    /// <inheritdoc/>
    protected override string? Validate() =>
        string.IsNullOrWhiteSpace(Name) ? "it has no name"
        : string.IsNullOrWhiteSpace(ServiceConnection) ? "it has no service connection"
        : ValidateService();
}

/// <summary>Requires an Azure function to agree. In Azure DevOps: the Invoke Azure Function check.</summary>
/// <param name="Name">The display name.</param>
/// <param name="Function">The address of the function.</param>
public sealed record FunctionCheckGate(string Name, Uri Function) : ServiceCheckGate
{
    /// <summary>The pipeline variable that holds the function's key; never the key itself.</summary>
    public string KeyVariable { get; init; } = "functionKey";

    /// <inheritdoc/>
    public override string Description => $"function check {Name}";

    /// <inheritdoc/>
    protected override string? Validate()
    {
        if (string.IsNullOrWhiteSpace(Name))
            return "it has no name";
        if (Function is not { IsAbsoluteUri: true, Scheme: "https" })
            return $"'{Function.OriginalString}' is not an https address";
        return Function.Query.Length > 0 ? "its address has a query, where keys end up in logs" : ValidateService();
    }
}

/// <summary>Requires that Azure Monitor has no alerts. In Azure DevOps: the Query Azure Monitor alerts check.</summary>
/// <param name="ServiceConnection">The Azure Resource Manager service connection.</param>
/// <param name="ResourceGroup">The resource group.</param>
public sealed record AzureMonitorAlertsGate(string ServiceConnection, string ResourceGroup) : AzureDevOpsGate
{
    /// <summary>The severities that count, from 0 (critical) to 4 (verbose).</summary>
    public IReadOnlyList<int> Severities { get; init; } = [0, 1, 2, 3, 4];

    /// <summary>The period in which alerts count.</summary>
    public AlertTimeRange TimeRange { get; init; }

    /// <summary>The time to wait before alerts are queried again, at least a tenth of the timeout. Zero queries once.</summary>
    public TimeSpan RetryInterval { get; init; }

    /// <inheritdoc/>
    public override string Description => $"no alerts in {ResourceGroup}";

    /// <inheritdoc/>
    protected override string? Validate()
    {
        if (string.IsNullOrWhiteSpace(ServiceConnection))
            return "it has no service connection";
        if (string.IsNullOrWhiteSpace(ResourceGroup))
            return "it has no resource group";
        if (Severities.Count == 0 || Severities.Any(severity => severity is < 0 or > 4))
            return "a severity is not between 0 and 4";
        if (RetryInterval != TimeSpan.Zero && RetryInterval < Timeout / 10)
            return $"it asks again after {RetryInterval}, less than a tenth of its timeout";
        return null;
    }
}

/// <summary>Requires the number of results of a work item query to be within bounds. In Azure DevOps: the Query work items check.</summary>
/// <param name="Query">The id of the shared query.</param>
public sealed record WorkItemQueryGate(Guid Query) : AzureDevOpsGate
{
    /// <summary>The maximum number of work items.</summary>
    public int Maximum { get; init; }

    /// <summary>The minimum number of work items.</summary>
    public int Minimum { get; init; }

    /// <inheritdoc/>
    public override string Description => $"work item query {Query} gives {(Minimum == Maximum ? Maximum : $"{Minimum} to {Maximum}")}";

    /// <inheritdoc/>
    protected override string? Validate() =>
        Query == Guid.Empty ? "it has no query"
        : Minimum < 0 || Minimum > Maximum ? $"no number is between {Minimum} and {Maximum}"
        : null;
}
