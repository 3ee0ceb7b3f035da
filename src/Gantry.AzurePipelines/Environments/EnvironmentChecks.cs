using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.AzurePipelines.Gates;
using Gantry.Environments;

namespace Gantry.AzurePipelines.Environments;

/// <summary>Converts gates to checks of environments.</summary>
internal static class EnvironmentChecks
{
    /// <summary>Creates the check. Returns null for a gate that is part of the YAML or of the promotion itself.</summary>
    public static CheckConfiguration? Of(PipelineEnvironment environment, Gate gate) => gate switch
    {
        ApprovalGate approval => Check(environment, CheckType.Approval, approval, Settings(approval)),
        BranchControlGate branches => Check(environment, CheckType.Task, branches, Settings(branches)),
        BusinessHoursGate hours => Check(environment, CheckType.Task, hours, Settings(hours)),
        ExclusiveLockGate exclusive => Check(environment, CheckType.ExclusiveLock, exclusive, new ExclusiveLockSettings()),
        RequiredTemplateGate template =>
            Check(environment, CheckType.RequiredTemplate, template, Settings(template)) with { Timeout = null },
        RestCheckGate rest => Check(environment, CheckType.Task, rest, Settings(rest)),
        FunctionCheckGate function => Check(environment, CheckType.Task, function, Settings(function)),
        AzureMonitorAlertsGate alerts => Check(environment, CheckType.Task, alerts, Settings(alerts)),
        WorkItemQueryGate query => Check(environment, CheckType.Task, query, Settings(query)),
        _ => null,
    };

    private static CheckConfiguration Check(PipelineEnvironment environment, CheckType type, Gate gate, CheckSettings settings) => new()
    {
        Type = type,
        Timeout = Minutes.Of(gate.Timeout),
        Resource = new CheckedResource(
            "environment", EnvironmentReferences.Environment(environment.AzureEnvironment), environment.AzureEnvironment),
        Settings = settings,
    };

    private static ApprovalSettings Settings(ApprovalGate gate) => new()
    {
        Approvers = [.. gate.Approvers.Select(approver => new ObjectReference(EnvironmentReferences.Identity(approver)))],
        ExecutionOrder = gate.InSequence ? "inSequence" : "anyOrder",
        MinRequiredApprovers = gate.Minimum,
        RequesterCannotBeApprover = !gate.RequesterMayApprove,
        Instructions = gate.Instructions ?? "",
        BlockedApprovers = [],
        DefinitionRef = CheckDefinitions.Approval,
    };

    private static TaskSettings Settings(BranchControlGate gate) => Task(
        "Branch control",
        CheckDefinitions.BranchControl,
        retry: 5,
        ("allowedBranches", string.Join(',', gate.References)),
        ("ensureProtectionOfBranch", Text(gate.RequireProtection)),
        ("allowUnknownStatusBranch", Text(gate.AllowUnknownProtection)));

    private static TaskSettings Settings(BusinessHoursGate gate) => Task(
        "Business Hours",
        CheckDefinitions.BusinessHours,
        retry: 5,
        ("businessDays", string.Join(',', gate.Days.Distinct().OrderBy(day => ((int)day + 6) % 7))),
        ("timeZone", gate.TimeZone),
        ("startTime", gate.Start.ToString("HH:mm", CultureInfo.InvariantCulture)),
        ("endTime", gate.End.ToString("HH:mm", CultureInfo.InvariantCulture)));

    private static RequiredTemplateSettings Settings(RequiredTemplateGate gate) =>
        new([new RequiredTemplateReference(gate.RepositoryType, gate.Repository, gate.Reference, gate.Path)]);

    private static TaskSettings Settings(RestCheckGate gate) => Task(
        gate.Name,
        CheckDefinitions.RestCall,
        Minutes.Of(gate.RetryInterval),
        [
            ("connectedServiceNameSelector", "connectedServiceName"),
            ("connectedServiceName", EnvironmentReferences.ServiceConnection(gate.ServiceConnection)),
            .. Request(gate),
            ("urlSuffix", gate.UrlSuffix),
            .. Answer(gate),
        ]) with { LinkedVariableGroup = gate.VariableGroup };

    private static TaskSettings Settings(FunctionCheckGate gate) => Task(
        gate.Name,
        CheckDefinitions.FunctionCall,
        Minutes.Of(gate.RetryInterval),
        [
            ("function", gate.Function.AbsoluteUri),
            ("key", $"$({gate.KeyVariable})"),
            .. Request(gate),
            .. Answer(gate),
        ]) with { LinkedVariableGroup = gate.VariableGroup };

    private static TaskSettings Settings(AzureMonitorAlertsGate gate) => Task(
        $"No alerts in {gate.ResourceGroup}",
        CheckDefinitions.Alerts,
        Minutes.Of(gate.RetryInterval),
        ("connectedServiceNameARM", EnvironmentReferences.ServiceConnection(gate.ServiceConnection)),
        ("ResourceGroupName", gate.ResourceGroup),
        ("filterType", "none"),
        ("severity", string.Join(
            ',', gate.Severities.Distinct().Order().Select(severity => string.Create(CultureInfo.InvariantCulture, $"Sev{severity}")))),
        ("timeRange",
            gate.TimeRange switch { AlertTimeRange.Day => "1d", AlertTimeRange.Week => "7d", AlertTimeRange.Month => "30d", _ => "1h" }),
        ("alertState", "Acknowledged,New"),
        ("monitorCondition", "Fired"));

    private static TaskSettings Settings(WorkItemQueryGate gate) => Task(
        "Work items",
        CheckDefinitions.WorkItems,
        retry: 5,
        ("queryId", gate.Query.ToString("D", CultureInfo.InvariantCulture)),
        ("maxThreshold", gate.Maximum.ToString(CultureInfo.InvariantCulture)),
        ("minThreshold", gate.Minimum.ToString(CultureInfo.InvariantCulture)));

    private static IEnumerable<(string Name, string Value)> Request(ServiceCheckGate gate) =>
    [
        ("method", gate.Method),
        ("headers", JsonSerializer.Serialize(
            new SortedDictionary<string, string>(gate.Headers.ToDictionary(), StringComparer.Ordinal),
            HeadersJson.Default.SortedDictionaryStringString)),
        ("body", gate.Body),
    ];

    private static IEnumerable<(string Name, string Value)> Answer(ServiceCheckGate gate) =>
        gate.WaitForCallback
            ? [("waitForCompletion", "true")]
            : [("waitForCompletion", "false"), ("successCriteria", gate.SuccessCriteria)];

    private static TaskSettings Task(
        string name, DefinitionReference task, int retry, params IReadOnlyList<(string Name, string Value)> inputs) => new()
    {
        DisplayName = name,
        DefinitionRef = task,
        Inputs = new OrderedDictionary<string, string>(inputs.Select(input => KeyValuePair.Create(input.Name, input.Value))),
        RetryInterval = retry,
    };

    private static string Text(bool value) => value ? "true" : "false";
}

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
internal sealed partial class HeadersJson : JsonSerializerContext;
