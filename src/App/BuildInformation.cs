using System.Reflection;
using System.Text.Json.Serialization;

namespace App;

/// <summary>Which build is running.</summary>
/// <param name="Version">The version of the release, for example <c>1.4.2</c>.</param>
/// <param name="Commit">The commit that it was compiled from, or <c>unknown</c>.</param>
/// <param name="BuildId">
/// The build that made it, as the deployment says in <c>BUILD_ID</c> (the release record has it), or <c>local</c>. It is not compiled
/// in: two builds of one commit are to be the same image, byte for byte.
/// </param>
internal sealed record BuildInformation(string Version, string Commit, string BuildId)
{
    public static BuildInformation Of(Assembly assembly, IConfiguration configuration)
    {
        var informational = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        var parts = informational.Split('+', 2);
        return new BuildInformation(
            Version: parts[0] is { Length: > 0 } version ? version : "unknown",
            Commit: parts is [_, { Length: > 0 } commit] ? commit : "unknown",
            BuildId: configuration["BUILD_ID"] is { Length: > 0 } build ? build : "local");
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(BuildInformation))]
internal sealed partial class AppJson : JsonSerializerContext;
