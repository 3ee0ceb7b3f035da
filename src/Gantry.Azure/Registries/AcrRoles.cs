namespace Gantry.Azure.Registries;

/// <summary>Finds the role that an Azure registry requires for an operation.</summary>
/// <seealso href="https://learn.microsoft.com/azure/container-registry/container-registry-rbac-built-in-roles-overview">
/// Azure Container Registry roles
/// </seealso>
internal static class AcrRoles
{
    /// <summary>Returns the remedy for a refusal.</summary>
    /// <param name="host">The registry.</param>
    /// <param name="scopes">The requested scopes: <c>repository:team/app:pull,push</c>, separated by spaces.</param>
    public static string Advise(string host, string scopes)
    {
        var asked = scopes
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(scope => scope.Split(':'))
            .Where(parts => parts is ["repository", _, _])
            .ToList();
        if (asked.Any(parts => parts[2].Contains("metadata_write", StringComparison.Ordinal)))
            return $"give the identity the role 'Container Registry Repository Writer' on {host} (AcrPush is not enough to lock), "
                + "or Contributor where the registry does not use repository permissions, and wait some minutes";

        var writes = asked.Any(parts => parts[2].Split(',').Contains("push"));
        var (role, repositoryRole) = writes
            ? ("AcrPush", "Container Registry Repository Writer")
            : ("AcrPull", "Container Registry Repository Reader");
        var repositories = asked.Count == 0
            ? ""
            : $" with a condition that covers {string.Join(" and ", asked.Select(parts => parts[1]).Distinct())}";
        return $"give the identity the role {role} on {host}, or '{repositoryRole}'{repositories} where the registry uses repository "
            + "permissions (ABAC), and wait some minutes";
    }
}
