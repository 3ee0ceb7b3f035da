using System.Globalization;

namespace Gantry.AzurePipelines.Service;

/// <summary>The purposes of requests, with the required permission and scope.</summary>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/policies/permissions">Set pipeline permissions</seealso>
internal static class RequestPurposes
{
    private const string EditWorkItems =
        "the permission 'Edit work items in this node' of the area path (Project settings > Project configuration > Areas > Security)";

    private const string EnvironmentScope = "Environment (read & manage)";
    private const string WorkScope = "Work Items (read & write)";
    private const string ResourceScope = "Build (read & execute), Pipeline Resources (use and manage)";

    public static RequestPurpose ReadEnvironments { get; } =
        new(
            "read the environments of the project",
            "the role Reader of the project's environments (Pipelines > Environments > Security)",
            EnvironmentScope);

    public static RequestPurpose ReadIdentities { get; } = new("look up users and groups", "access to the organization", "Identity (read)");

    public static RequestPurpose ReadServiceConnections { get; } =
        new(
            "look up service connections",
            "the role Reader of the project's service connections (Project settings > Service connections > Security)",
            "Service Connections (read)");

    public static RequestPurpose ReadVariableGroups { get; } =
        new(
            "look up variable groups",
            "the role Reader of the project's library (Pipelines > Library > Security)",
            "Variable Groups (read)");

    public static RequestPurpose ReadRepositories { get; } =
        new("look up repositories", "the permission 'Read' of the repository (Project settings > Repositories > Security)", "Code (read)");

    public static RequestPurpose ReadPipelines { get; } =
        new("look up pipelines", "the permission 'View build pipeline' (Pipelines > Manage security)", "Build (read)");

    public static RequestPurpose ReadRun(int run) => new(
        string.Create(CultureInfo.InvariantCulture, $"read the run {run}"),
        "the permission 'View builds' (Pipelines > Manage security)",
        "Build (read)");

    public static RequestPurpose ReadApprovals(int run) => new(
        string.Create(CultureInfo.InvariantCulture, $"read the approvals of the run {run}"),
        "the permission 'View builds' (Pipelines > Manage security) and the role Reader of the environment (its page > Security)",
        "Build (read)");

    public static RequestPurpose ReadDeployments(string environment) =>
        new(
            $"read the deployments to the environment '{environment}'",
            $"the role Reader of the environment '{environment}' (its page > Security)",
            EnvironmentScope);

    public static RequestPurpose CreateEnvironment(string name) => new(
        $"create the environment '{name}'",
        "the role Creator of the project's environments (Pipelines > Environments > Security)",
        EnvironmentScope);

    public static RequestPurpose ChangeEnvironment(string name) =>
        new($"change the environment '{name}'", AdministratorOf(name), EnvironmentScope);

    public static RequestPurpose DeleteEnvironment(string name) =>
        new($"remove the environment '{name}'", AdministratorOf(name), EnvironmentScope);

    public static RequestPurpose ReadChecks(string environment) =>
        new(
            $"read the checks of the environment '{environment}'",
            $"the role Reader of the environment '{environment}' (its page > Security)",
            "Build (read)");

    public static RequestPurpose ChangeChecks(string environment) =>
        new($"change the checks of the environment '{environment}'", AdministratorOf(environment), ResourceScope);

    public static RequestPurpose ReadPermissions(ProtectedResource resource) =>
        new($"read which pipelines may use {resource}", $"the role Administrator of {resource}", "Pipeline Resources (use and manage)");

    public static RequestPurpose ChangePermissions(ProtectedResource resource) =>
        new($"let a pipeline use {resource}", $"the role Administrator of {resource}", "Pipeline Resources (use and manage)");

    public static RequestPurpose Preview(string pipeline) => new(
        $"preview the pipeline '{pipeline}'",
        $"the permissions 'Queue builds' and 'Edit queue build configuration' of the pipeline '{pipeline}'",
        "Build (read & execute)");

    public static RequestPurpose ReadWorkItems { get; } = new(
        "look up work items",
        "the permission 'View work items in this node' of the area path (Project settings > Project configuration > Areas > Security)",
        WorkScope);

    public static RequestPurpose ReadWorkItemType(string type) => new(
        $"read the work item type '{type}'", "access to the boards of the project (an access level of at least Stakeholder)", WorkScope);

    public static RequestPurpose CreateWorkItem(string type) => new($"create a work item of the type '{type}'", EditWorkItems, WorkScope);

    public static RequestPurpose ChangeWorkItem(int id) =>
        new(string.Create(CultureInfo.InvariantCulture, $"change the work item {id}"), EditWorkItems, WorkScope);

    private static string AdministratorOf(string environment) =>
        $"the role Administrator of the environment '{environment}' (its page > Security)";
}
