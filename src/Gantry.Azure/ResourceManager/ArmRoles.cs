namespace Gantry.Azure.ResourceManager;

/// <summary>Finds the smallest built-in role with a permission.</summary>
/// <seealso href="https://learn.microsoft.com/azure/role-based-access-control/built-in-roles">Azure built-in roles</seealso>
internal static class ArmRoles
{
    private static readonly Dictionary<string, string> Roles = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Microsoft.ContainerRegistry/registries/importImage/action"] = "the role 'Container Registry Data Importer and Data Reader'",
        ["Microsoft.ContainerRegistry/registries/read"] = "the role 'Container Registry Data Importer and Data Reader' (or Reader)",
        ["Microsoft.ContainerRegistry/registries/pull/read"] = "the role AcrPull",
        ["Microsoft.Web/sites/config/read"] = "the role Website Contributor (or Reader)",
        ["Microsoft.Web/sites/config/write"] = "the role Website Contributor",
        ["Microsoft.App/containerApps/read"] = "the role 'Container Apps Contributor' (or Reader)",
        ["Microsoft.App/containerApps/write"] = "the role 'Container Apps Contributor'",
        ["Microsoft.App/containerApps/revisions/read"] = "the role 'Container Apps Contributor' (or Reader)",
        ["Microsoft.ContainerRegistry/registries/push/write"] = "the role AcrPush",
    };

    public static string For(string action) => Roles.GetValueOrDefault(action, "a role with this right");
}
