using Gantry.Oci;

namespace Gantry.Cli.Init;

/// <summary>The registries that a repository begins with.</summary>
/// <param name="Pattern">The address with <c>{environment}</c>; null when each was named.</param>
/// <param name="ByName">The address for <c>base</c> and each environment.</param>
internal sealed record InitRegistries(string? Pattern, IReadOnlyDictionary<string, string> ByName)
{
    private const string Placeholder = "{environment}";

    /// <summary>The base registry and the environments of the template, in their order.</summary>
    public static readonly IReadOnlyList<string> Names = ["base", "dev", "test", "prod"];

    /// <summary>True when all of them are the folders that a build uses without any configuration.</summary>
    public bool AreFolders => ByName.All(registry => registry.Value == FolderOf(registry.Key));

    /// <summary>Returns the folder that a build uses when no registry is named.</summary>
    public static string FolderOf(string name) => $"oci:artifacts/registries/{name}";

    /// <summary>Reads a pattern: <c>contoso{environment}.azurecr.io</c>.</summary>
    public static InitRegistries FromPattern(string pattern)
    {
        if (!pattern.Contains(Placeholder, StringComparison.Ordinal))
            throw InitErrors.NotAPattern(pattern);
        return new InitRegistries(pattern, Names.ToDictionary(name => name, name => Validate(pattern.Replace(Placeholder, name))));
    }

    /// <summary>Reads an address for each; the folders of a build for those that are not named.</summary>
    public static InitRegistries FromAddresses(Func<string, string?> addressOf) =>
        new(null, Names.ToDictionary(name => name, name => addressOf(name) is { Length: > 0 } text ? Validate(text) : FolderOf(name)));

    private static string Validate(string text)
    {
        _ = RegistryAddress.Parse(text);
        return text;
    }
}
