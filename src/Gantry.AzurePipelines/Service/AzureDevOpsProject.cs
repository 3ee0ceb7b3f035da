namespace Gantry.AzurePipelines.Service;

/// <summary>A project in Azure DevOps: of an organization of the service, or of a collection of a server.</summary>
public sealed record AzureDevOpsProject
{
    private AzureDevOpsProject(Uri organization, string name)
    {
        Organization = organization;
        Name = name;
    }

    /// <summary>The address of the organization or collection, with '/' at its end: <c>https://dev.azure.com/contoso/</c>.</summary>
    public Uri Organization { get; }

    /// <summary>The name or id of the project.</summary>
    public string Name { get; }

    /// <summary>Whether it is in the service, and not on a server of one's own.</summary>
    public bool IsInTheService => IsService(Organization);

    /// <summary>Where the users and groups of the organization are: the service keeps them under a host of their own.</summary>
    internal Uri Identities => Organization.Host switch
    {
        "dev.azure.com" => new UriBuilder(Organization) { Host = "vssps.dev.azure.com" }.Uri,
        var host when IsLegacy(host) => new UriBuilder(Organization) { Host = host.Replace(".visualstudio.com", ".vssps.visualstudio.com", StringComparison.Ordinal) }.Uri,
        _ => Organization,
    };

    /// <summary>A project by what people write, or <c>GAN9041</c>.</summary>
    /// <param name="organization">The address of the organization, or its name alone: <c>contoso</c>.</param>
    /// <param name="project">The name or id of the project.</param>
    public static AzureDevOpsProject Parse(string organization, string project)
    {
        var text = organization.Trim();
        if (!text.Contains('/', StringComparison.Ordinal) && !text.Contains(':', StringComparison.Ordinal))
            text = "https://dev.azure.com/" + text;
        if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var address))
            throw ServiceErrors.UnusableOrganization(organization, "it is no address");
        if (address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0)
            throw ServiceErrors.UnusableOrganization(address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped), "it has a user, a query or a fragment");
        if (address.Scheme != Uri.UriSchemeHttps && !(address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            throw ServiceErrors.UnusableOrganization(organization, "a token only goes over https");
        if (address.Host == "dev.azure.com" && address.Segments.Length != 2)
            throw ServiceErrors.UnusableOrganization(organization, "it is not https://dev.azure.com/ and the name of an organization");
        if (string.IsNullOrWhiteSpace(project))
            throw ServiceErrors.UnknownProject();
        return new(address, project.Trim());
    }

    /// <summary>
    /// The project that is meant: the one that was named, or else the one of the running pipeline, or else the one that the repository is in.
    /// <c>GAN9040</c> when nothing says it, <c>GAN9041</c>.
    /// </summary>
    /// <param name="organization">What was named as organization; null: nothing.</param>
    /// <param name="project">What was named as project; null: nothing.</param>
    /// <param name="variables">The variables of the environment.</param>
    /// <param name="repository">The address of the repository, as a browser opens it; null: it is not known.</param>
    public static AzureDevOpsProject Find(string? organization, string? project, IReadOnlyDictionary<string, string> variables, string? repository)
    {
        var around = FindByRepository(repository);
        organization ??= Collection(variables) ?? around?.Organization.AbsoluteUri;
        project ??= variables.GetValueOrDefault("SYSTEM_TEAMPROJECT") ?? around?.Name;
        return organization is null || project is null ? throw ServiceErrors.UnknownProject() : Parse(organization, project);
    }

    /// <summary>The address of the organization that the running pipeline is in; null outside of pipelines.</summary>
    internal static string? Collection(IReadOnlyDictionary<string, string> variables) =>
        variables.GetValueOrDefault("SYSTEM_COLLECTIONURI") ?? variables.GetValueOrDefault("SYSTEM_TEAMFOUNDATIONCOLLECTIONURI");

    /// <summary>The project that a repository of Azure Repos is in, by the address that a browser opens; null for other repositories.</summary>
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

        // A repository that has the name of its project is also known without the project.
        return path switch
        {
            [var project, "_git", _] => Parse("https://" + organization, project),
            ["_git", var both] => Parse("https://" + organization, both),
            _ => null,
        };
    }

    /// <summary>For people: <c>https://dev.azure.com/contoso/Shop</c>.</summary>
    public override string ToString() => $"{Organization}{Name}";

    private static bool IsService(Uri address) => address.Host == "dev.azure.com" || IsLegacy(address.Host);

    private static bool IsLegacy(string host) => host.EndsWith(".visualstudio.com", StringComparison.Ordinal);
}
