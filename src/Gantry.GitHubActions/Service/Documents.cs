using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gantry.GitHubActions.Service;

/// <summary>A run of a workflow.</summary>
internal sealed record RunDocument
{
    public string? Status { get; init; }

    public string? HeadSha { get; init; }

    public string? HeadBranch { get; init; }

    /// <summary>The file of the workflow, in the repository.</summary>
    public string? Path { get; init; }

    public string? HtmlUrl { get; init; }

    public int? RunAttempt { get; init; }

    public AccountDocument? TriggeringActor { get; init; }
}

/// <summary>A user.</summary>
internal sealed record AccountDocument(string? Login = null);

/// <summary>The answer of a reviewer to a run, for the environments that it waited for.</summary>
internal sealed record ReviewDocument
{
    public string? State { get; init; }

    public string? Comment { get; init; }

    public AccountDocument? User { get; init; }

    public IReadOnlyList<ReviewedEnvironmentDocument?>? Environments { get; init; }
}

/// <summary>An environment that was approved or rejected.</summary>
internal sealed record ReviewedEnvironmentDocument(string? Name = null);

/// <summary>A deployment to an environment.</summary>
internal sealed record DeploymentDocument(long Id);

/// <summary>A state of a deployment.</summary>
internal sealed record DeploymentStatusDocument
{
    public string? State { get; init; }

    /// <summary>The page of the job that deploys.</summary>
    public string? LogUrl { get; init; }

    /// <inheritdoc cref="LogUrl"/>
    public string? TargetUrl { get; init; }
}

/// <summary>An environment with its protection.</summary>
internal sealed record EnvironmentDocument
{
    public string Name { get; init; } = "";

    public IReadOnlyList<ProtectionRuleDocument?>? ProtectionRules { get; init; }

    public BranchPolicyDocument? DeploymentBranchPolicy { get; init; }
}

/// <summary>A rule of an environment: a wait timer, required reviewers, or a policy for branches.</summary>
internal sealed record ProtectionRuleDocument
{
    public string? Type { get; init; }

    public int? WaitTimer { get; init; }

    public bool? PreventSelfReview { get; init; }

    public IReadOnlyList<ReviewerDocument?>? Reviewers { get; init; }
}

/// <summary>A required reviewer.</summary>
internal sealed record ReviewerDocument
{
    /// <summary><c>User</c> or <c>Team</c>.</summary>
    public string? Type { get; init; }

    public ReviewerIdentity? Reviewer { get; init; }
}

/// <summary>A user or a team.</summary>
internal sealed record ReviewerIdentity
{
    public long Id { get; init; }

    public string? Login { get; init; }

    public string? Slug { get; init; }
}

/// <summary>A page of patterns for branches and tags.</summary>
internal sealed record PatternPage(IReadOnlyList<PatternDocument?>? BranchPolicies = null);

/// <summary>A pattern for branches or tags.</summary>
internal sealed record PatternDocument
{
    public long Id { get; init; }

    public string? Name { get; init; }

    /// <summary><c>branch</c> or <c>tag</c>; GitHub leaves it out for branches that are older than tags.</summary>
    public string? Type { get; init; }
}

/// <summary>The kind of policy for branches; an environment without one accepts all.</summary>
internal sealed record BranchPolicyDocument(bool ProtectedBranches = false, bool CustomBranchPolicies = false);

/// <summary>An error of GitHub.</summary>
internal sealed record GitHubError(string? Message = null, JsonElement? Errors = null)
{
    /// <summary>Reads the message in an answer, with its first reason, in one line. Returns null when there is none.</summary>
    public static string? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ServiceJson.Default.GitHubError) is { Message.Length: > 0 } error
                ? Format.OneLine(error.Errors is { ValueKind: JsonValueKind.Array } reasons && reasons.GetArrayLength() > 0
                    ? $"{error.Message}: {reasons[0]}"
                    : error.Message)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>The documents of the API.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RunDocument))]
[JsonSerializable(typeof(IReadOnlyList<ReviewDocument?>))]
[JsonSerializable(typeof(IReadOnlyList<DeploymentDocument?>))]
[JsonSerializable(typeof(IReadOnlyList<DeploymentStatusDocument?>))]
[JsonSerializable(typeof(EnvironmentDocument))]
[JsonSerializable(typeof(PatternPage))]
[JsonSerializable(typeof(ReviewerIdentity))]
[JsonSerializable(typeof(GitHubError))]
internal sealed partial class ServiceJson : JsonSerializerContext;
