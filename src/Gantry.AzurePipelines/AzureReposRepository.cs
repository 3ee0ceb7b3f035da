namespace Gantry.AzurePipelines;

/// <summary>A repository in Azure Repos, of the cloud service or of a server.</summary>
/// <param name="Organization">The organization or collection without a scheme: <c>dev.azure.com/contoso</c>.</param>
/// <param name="Project">The project.</param>
/// <param name="Name">The name of the repository.</param>
internal sealed record AzureReposRepository(string Organization, string Project, string Name)
{
    private const string Legacy = ".visualstudio.com";

    /// <summary>The name as a resource of a pipeline.</summary>
    public string FullName => $"{Project}/{Name}";

    /// <summary>Finds the repository that an https address names; null when it is not in Azure Repos.</summary>
    public static AzureReposRepository? Find(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http"))
            return null;
        var path = Segments(uri);

        // A repository with the name of its project also has a URL without the project.
        return path.Count < 2 || path[^2] != "_git" ? null : (Split(uri, path[..^2]), path[^1]) switch
        {
            (var (organization, project), var name) when organization is not null => new(organization, project ?? name, name),
            _ => null,
        };
    }

    /// <summary>Names an organization or collection in the same way, whichever of its URLs is given.</summary>
    public static string OrganizationOf(Uri address) =>
        Split(address, [.. Segments(address), "project"]).Organization ?? address.Authority;

    private static (string? Organization, string? Project) Split(Uri uri, List<string> path)
    {
        if (uri.Host.EndsWith(Legacy, StringComparison.OrdinalIgnoreCase))
        {
            if (path is [var collection, ..] && collection.Equals("DefaultCollection", StringComparison.OrdinalIgnoreCase))
                path = path[1..];
            var name = uri.Host[..^Legacy.Length].ToLowerInvariant();
            return path.Count > 1 ? (null, null) : ("dev.azure.com/" + name, path.ElementAtOrDefault(0));
        }

        var isService = uri.Host.Equals("dev.azure.com", StringComparison.OrdinalIgnoreCase);
        if (path.Count == 0 || (isService && path.Count > 2))
            return (null, null);
        var organization = path.Count == 1 ? path : path[..^1];
        return ($"{uri.Authority}/{string.Join('/', organization)}".ToLowerInvariant(), path.Count == 1 ? null : path[^1]);
    }

    private static List<string> Segments(Uri uri) =>
        [.. Uri.UnescapeDataString(uri.AbsolutePath).Split('/', StringSplitOptions.RemoveEmptyEntries)];
}
