using System.Text.Json.Serialization;
using Gantry.GitHubActions.Service;

namespace Gantry.GitHubActions.Provisioning;

/// <summary>The whole protection of an environment: GitHub takes what is left out for none.</summary>
internal sealed record EnvironmentBody
{
    public required int WaitTimer { get; init; }

    public required bool PreventSelfReview { get; init; }

    public required IReadOnlyList<ReviewerBody> Reviewers { get; init; }

    public required BranchPolicyDocument? DeploymentBranchPolicy { get; init; }
}

/// <summary>A required reviewer.</summary>
internal sealed record ReviewerBody(string Type, long Id);

/// <summary>A pattern for branches or tags.</summary>
internal sealed record PatternBody(string Name, string Type);

/// <summary>The bodies of requests, in which null has a meaning.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(EnvironmentBody))]
[JsonSerializable(typeof(PatternBody))]
internal sealed partial class ProvisioningJson : JsonSerializerContext;
