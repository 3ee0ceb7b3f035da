using System.Security.Cryptography;
using System.Text;

namespace Gantry.Admission;

/// <summary>The names of an environment and its repositories, in the forms that clusters and statements have for them.</summary>
internal static class PlaceNames
{
    /// <summary>Returns the resource URI of a repository, which a promotion to it names.</summary>
    public static string ResourceUri(string repository) => "oci://" + repository;

    /// <summary>Returns the patterns of all references to images of a repository, and of no other repository.</summary>
    public static IReadOnlyList<string> References(string repository) => [repository + ":*", repository + "@*"];

    /// <summary>Returns the name of a policy (RFC 1123, as Kubernetes has it): <c>gantry-prod</c>.</summary>
    public static string PolicyName(string environment) =>
        "gantry-" + environment.ToLowerInvariant().Replace('_', '-');

    /// <summary>
    /// Returns the name of the policy of a repository: <c>gantry-prod-api-1f2e3d4c</c>. The end, of its hash, keeps apart what differs in
    /// characters that names of policies do not have.
    /// </summary>
    public static string PolicyName(string environment, string repository)
    {
        var image = repository[(repository.LastIndexOf('/') + 1)..].Replace('_', '-');
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(repository)))[..8];
        return $"{PolicyName(environment)}-{image[..Math.Min(image.Length, 30)].TrimEnd('.', '-')}-{hash}";
    }

    /// <summary>Returns the path of a file that is about a repository, without its extension.</summary>
    /// <remarks>A host has no '_', so that two hosts never have the same folder.</remarks>
    public static string FileName(string repository) => repository.Replace(':', '_');
}
