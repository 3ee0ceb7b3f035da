namespace Gantry.AzurePipelines.Service;

/// <summary>A project in Azure DevOps: of an organization in the cloud service, or of a collection on a server.</summary>
public sealed record AzureDevOpsProject
{
    private AzureDevOpsProject(Uri organization, string name)
    {
        Organization = organization;
        Name = name;
    }

    /// <summary>The URL of the organization or collection, with a trailing '/': <c>https://dev.azure.com/contoso/</c>.</summary>
    public Uri Organization { get; }

    /// <summary>The name or id of the project.</summary>
    public string Name { get; }

    /// <summary>True for a project in the cloud service, false for one on a self-hosted server.</summary>
    public bool IsInTheService => IsService(Organization);

    /// <summary>The URL for users and groups of the organization, which have their own host in the cloud service.</summary>
    internal Uri Identities => Organization.Host switch
    {
        "dev.azure.com" => new UriBuilder(Organization) { Host = "vssps.dev.azure.com" }.Uri,
        var host when IsLegacy(host) => new UriBuilder(Organization)
        {
            Host = host.Replace(".visualstudio.com", ".vssps.visualstudio.com", StringComparison.Ordinal),
        }.Uri,
        _ => Organization,
    };

    /// <summary>Parses a project as people write it, or throws <c>GAN9041</c>.</summary>
    /// <param name="organization">The URL of the organization, or only its name: <c>contoso</c>.</param>
    /// <param name="project">The name or id of the project.</param>
    public static AzureDevOpsProject Parse(string organization, string project)
    {
        var text = organization.Trim();
        if (!text.Contains('/', StringComparison.Ordinal) && !text.Contains(':', StringComparison.Ordinal))
            text = "https://dev.azure.com/" + text;
        if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var address))
            throw ServiceErrors.UnusableOrganization(organization, "it is no address");
        if (address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0)
            throw ServiceErrors.UnusableOrganization(
                address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped),
                "it has a user, a query or a fragment");
        if (address.Scheme != Uri.UriSchemeHttps && !(address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            throw ServiceErrors.UnusableOrganization(organization, "a token only goes over https");
        if (address.Host == "dev.azure.com" && address.Segments.Length != 2)
            throw ServiceErrors.UnusableOrganization(organization, "it is not https://dev.azure.com/ and the name of an organization");
        if (string.IsNullOrWhiteSpace(project))
            throw ServiceErrors.UnknownProject();
        return new(address, project.Trim());
    }

    /// <summary>
    /// Finds the project: the specified one, else that of the running pipeline, else that of the repository. Throws <c>GAN9040</c> when
    /// there is none, and <c>GAN9041</c> when it is not valid.
    /// </summary>
    /// <param name="organization">The specified organization, or null.</param>
    /// <param name="project">The specified project, or null.</param>
    /// <param name="variables">The environment variables.</param>
    /// <param name="repository">The URL of the repository for a browser; null when it is not known.</param>
    public static AzureDevOpsProject Find(
        string? organization, string? project, IReadOnlyDictionary<string, string> variables, string? repository)
    {
        var around = FindByRepository(repository);
        organization ??= Collection(variables) ?? around?.Organization.AbsoluteUri;
        project ??= variables.GetValueOrDefault("SYSTEM_TEAMPROJECT") ?? around?.Name;
        return organization is null || project is null ? throw ServiceErrors.UnknownProject() : Parse(organization, project);
    }

    /// <summary>Returns the URL of the organization of the running pipeline, or null outside of pipelines.</summary>
    internal static string? Collection(IReadOnlyDictionary<string, string> variables) =>
        variables.GetValueOrDefault("SYSTEM_COLLECTIONURI") ?? variables.GetValueOrDefault("SYSTEM_TEAMFOUNDATIONCOLLECTIONURI");

    /// <summary>Finds the project of an Azure Repos repository by its URL for a browser. Returns null for other repositories.</summary>
    public static AzureDevOpsProject? FindByRepository(string? repository)
    {
        if (!Uri.TryCreate(repository, UriKind.Absolute, out var address) || !IsService(address))
            return null;

        var path = Uri.UnescapeDataString(address.AbsolutePath).Split('/', StringSplitOptions.RemoveEmptyEntries).ToList();
        var organization = address.Host;
        if (!IsLegacy(address.Host) && path.Count > 0)
        {
            organization += "/" + path[0];
            path.RemoveAt(0);
        }

        if (path is [var collection, ..] && collection.Equals("DefaultCollection", StringComparison.OrdinalIgnoreCase))
            path.RemoveAt(0);

        // A repository with the name of its project also has a URL without the project.
        return path switch
        {
            [var project, "_git", _] => Parse("https://" + organization, project),
            ["_git", var both] => Parse("https://" + organization, both),
            _ => null,
        };
    }

    /// <summary>Returns the URL: <c>https://dev.azure.com/contoso/Shop</c>.</summary>
    public override string ToString() => $"{Organization}{Name}";

    private static bool IsService(Uri address) => address.Host == "dev.azure.com" || IsLegacy(address.Host);

    private static bool IsLegacy(string host) => host.EndsWith(".visualstudio.com", StringComparison.Ordinal);
}
