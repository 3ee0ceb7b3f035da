using System.Net;

namespace Gantry.AzurePipelines.Service;

/// <summary>GAN904x: requests to Azure DevOps.</summary>
internal static class ServiceErrors
{
    public static GantryException UnknownProject() =>
        new(
            "GAN9040",
            "no project of Azure DevOps is specified",
            "specify it with --azure-devops-organization and --azure-devops-project, or run this in a pipeline or in a clone of a "
                + "repository of Azure Repos");

    public static GantryException UnusableOrganization(string organization, string reason) =>
        new(
            "GAN9041",
            $"{Format.Refused(organization)} cannot be an organization of Azure DevOps: {reason}",
            "write its name, or its address as https://dev.azure.com/contoso");

    public static GantryException TokenRefused(AzureDevOpsProject project, string origin, HttpStatusCode status, string? reason) =>
        new(
            "GAN9043",
            $"{project} did not accept {origin} (HTTP {(int)status}{Because(reason)})",
            "check that the token is of this organization, has not expired and has the scopes that docs/azure.md lists");

    public static GantryException Forbidden(RequestPurpose purpose, string origin, string? reason) =>
        new(
            "GAN9044",
            $"{origin} may not {purpose.Action}{Because(reason)}",
            $"give it {purpose.Right}; a personal access token also needs the scope '{purpose.Scope}'") { Kind = ErrorKind.Unauthorized };

    public static GantryException ProjectNotFound(AzureDevOpsProject project, string? reason) =>
        new(
            "GAN9045",
            $"there is no project {project}, or the token may not see it{Because(reason)}",
            "correct the organization or project, or add the identity to the project") { Kind = ErrorKind.NotFound };

    public static GantryException NotFound(RequestPurpose purpose, string reason) =>
        new("GAN9045", $"Azure DevOps cannot {purpose.Action}: {reason}", "run it again to see the new plan")
        {
            Kind = ErrorKind.NotFound,
        };

    public static GantryException Throttled(AzureDevOpsProject project, RequestPurpose purpose, TimeSpan? pause) =>
        new(
            "GAN9046",
            $"{project.Organization.Authority} received too many requests, so it does not {purpose.Action}"
                + $"{(pause is { } asked ? $"; it asks to wait {Format.Duration(asked)}" : "")}",
            "run it again later: completed changes are not repeated");

    public static GantryException Unreachable(string host, string reason, Exception inner) =>
        new(
            "GAN9047",
            $"{host} cannot be reached: {Format.OneLine(reason)}",
            "check the organization, the network and the proxy, and run it again: completed changes are not repeated",
            inner);

    public static GantryException UnexpectedAnswer(
        AzureDevOpsProject project, ServiceRequest request, string reason, Exception? inner = null) =>
        new(
            "GAN9048",
            $"{project.Organization.Authority} answered '{request}' with something other than expected ({reason})",
            "check that no proxy or sign-in page is in between and that the service is well (status.dev.azure.com), and run it again",
            inner);

    public static GantryException Rejected(RequestPurpose purpose, ErrorDocument error, HttpStatusCode status) =>
        new(
            "GAN9049",
            $"Azure DevOps does not {purpose.Action}: {error.Sentence} (HTTP {(int)status}{(error.TypeKey is { } key ? ", " + key : "")})",
            "correct what it says in the declaration, and run it again");

    public static GantryException AmbiguousPipeline(string file, IEnumerable<string> found) =>
        new(
            "GAN9053",
            $"{file} is the file of several pipelines: {string.Join(", ", found)}",
            "specify one with --azure-devops-pipelines, by name or id");

    public static GantryException UnknownPipeline(string name, IEnumerable<string> files) =>
        new(
            "GAN9054",
            $"no pipeline '{name}' runs {string.Join(" or ", files)}",
            "correct --azure-devops-pipelines, or create the pipeline from its file first");

    public static GantryException Changed(RequestPurpose purpose, string reason) =>
        new(
            "GAN9057",
            $"the state in Azure DevOps changed after it was read, so this does not {purpose.Action}: {reason}",
            "run it again to see the new plan");

    private static string Because(string? reason) => string.IsNullOrEmpty(reason) ? "" : $": {reason}";
}
