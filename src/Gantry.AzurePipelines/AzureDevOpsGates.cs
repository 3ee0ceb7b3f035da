using Gantry.AzurePipelines.Gates;
using Gantry.Environments;

namespace Gantry.AzurePipelines;

/// <summary>Declares the gates that only Azure DevOps can hold, beside the others: <c>Gate.RestCheck(…)</c>.</summary>
public static class AzureDevOpsGates
{
    extension(Gate)
    {
        /// <summary>Allows one promotion at a time.</summary>
        public static ExclusiveLockGate ExclusiveLock(LockBehavior behavior = LockBehavior.Sequential) => new(behavior);

        /// <summary>Requires the pipeline to extend this template.</summary>
        /// <param name="repository">The repository that holds the template: <c>Project/templates</c>.</param>
        /// <param name="path">The template's path there.</param>
        /// <param name="reference">The branch or tag: <c>refs/heads/main</c>.</param>
        public static RequiredTemplateGate RequiredTemplate(string repository, string path, string reference = "refs/heads/main") =>
            new(repository, path, reference);

        /// <summary>Requires a REST service to agree.</summary>
        public static RestCheckGate RestCheck(string name, string serviceConnection, string urlSuffix) =>
            new(name, serviceConnection, urlSuffix);

        /// <summary>Requires an Azure function to agree.</summary>
        public static FunctionCheckGate FunctionCheck(string name, Uri function) => new(name, function);

        /// <summary>Requires that Azure Monitor has no alerts for this resource group.</summary>
        public static AzureMonitorAlertsGate NoAlerts(string serviceConnection, string resourceGroup) =>
            new(serviceConnection, resourceGroup);

        /// <summary>Requires the number of results of a work item query to be within bounds; by default there must be none.</summary>
        public static WorkItemQueryGate WorkItems(Guid query, int maximum = 0) => new(query) { Maximum = maximum };

        /// <summary>Makes the pipeline itself wait for a person: for teams that may not administer environments.</summary>
        public static ManualValidationGate ManualValidation(string instructions, params IReadOnlyList<string> notify) =>
            new(instructions, notify);
    }
}
