using System.Globalization;
using System.Text.Json;

namespace Gantry.Deployments.Kubernetes;

/// <summary>Reads the status of a workload of Kubernetes.</summary>
/// <seealso href="https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/">Deployment</seealso>
internal static class WorkloadStatus
{
    /// <summary>Returns true when the rollout of a deployment has exceeded its deadline, so that it has failed.</summary>
    public static bool HasFailed(JsonElement workload) => Conditions(workload).Exists(condition =>
        Text(condition, "type") == "Progressing" && Text(condition, "reason") == "ProgressDeadlineExceeded");

    /// <summary>Returns the reason why the rollout is not complete, as part of a sentence; null when it is.</summary>
    public static string? FindUnsettled(JsonElement workload)
    {
        if (HasFailed(workload))
            return "its rollout has exceeded the progress deadline";
        if (Number(workload, "metadata", "generation") is { } generation
            && generation > (Number(workload, "status", "observedGeneration") ?? 0))
            return "its controller has not seen the last change yet";

        // A daemon set counts its pods itself; it has no number of replicas.
        var wanted = Number(workload, "status", "desiredNumberScheduled") ?? Number(workload, "spec", "replicas");
        var updated = Number(workload, "status", "updatedNumberScheduled") ?? Number(workload, "status", "updatedReplicas") ?? 0;
        return wanted is { } count && updated < count
            ? string.Create(CultureInfo.InvariantCulture, $"{updated} of {count} pods have its image")
            : null;
    }

    /// <summary>Returns the time at which a deployment was last rolled out; null for other workloads.</summary>
    public static DateTimeOffset? FindRolloutTime(JsonElement workload)
    {
        var rolledOut = Conditions(workload).Find(condition =>
            Text(condition, "type") == "Progressing" && Text(condition, "reason") == "NewReplicaSetAvailable");
        return DateTimeOffset.TryParse(
            Text(rolledOut, "lastUpdateTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;
    }

    private static List<JsonElement> Conditions(JsonElement workload) =>
        Find(workload, "status", "conditions") is { ValueKind: JsonValueKind.Array } conditions ? [.. conditions.EnumerateArray()] : [];

    private static long? Number(JsonElement element, params ReadOnlySpan<string> path) =>
        Find(element, path) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : null;

    private static string? Text(JsonElement element, string name) =>
        Find(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static JsonElement? Find(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return null;
        }

        return element;
    }
}
