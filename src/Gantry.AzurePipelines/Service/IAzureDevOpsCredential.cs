using System.Net.Http.Headers;
using System.Text;

namespace Gantry.AzurePipelines.Service;

/// <summary>Who asks Azure DevOps.</summary>
public interface IAzureDevOpsCredential
{
    /// <summary>Where the credential comes from, for the log; never the credential: <c>System.AccessToken of this job</c>.</summary>
    string Origin { get; }

    /// <summary>What a request carries. Asked before every request, so that a token can be renewed.</summary>
    ValueTask<AuthenticationHeaderValue> GetAsync(CancellationToken cancellationToken);
}

/// <summary>A token that somebody has: of the running job, a personal access token, or one of Microsoft Entra ID.</summary>
public sealed class AzureDevOpsToken : IAzureDevOpsCredential
{
    private readonly AuthenticationHeaderValue _header;

    /// <summary>Takes a token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="origin">Where it comes from.</param>
    public AzureDevOpsToken(string token, string origin)
    {
        // Tokens of jobs and of Entra ID are JSON Web Tokens; personal ones are not, and are taken as a password without a user.
        _header = token.StartsWith("eyJ", StringComparison.Ordinal) && token.Count(character => character == '.') == 2
            ? new("Bearer", token)
            : new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(":" + token)));
        Origin = origin;
    }

    /// <summary>
    /// The token that somebody named, or else that of the running job, for its own organization alone, or else the one that the Azure CLI's
    /// extension takes. Null when there is none.
    /// </summary>
    /// <param name="named">The token that was named; null: none.</param>
    /// <param name="variables">The variables of the environment.</param>
    /// <param name="project">What is asked.</param>
    public static AzureDevOpsToken? Find(string? named, IReadOnlyDictionary<string, string> variables, AzureDevOpsProject project)
    {
        if (!string.IsNullOrEmpty(named))
            return new(named, "the token of --azure-devops-token");
        if (variables.GetValueOrDefault("SYSTEM_ACCESSTOKEN") is { Length: > 0 } job
            && Uri.TryCreate(AzureDevOpsProject.Collection(variables)?.TrimEnd('/') + "/", UriKind.Absolute, out var collection)
            && Uri.Compare(collection, project.Organization, UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0)
            return new(job, "System.AccessToken (the project's Build Service)");
        return variables.GetValueOrDefault("AZURE_DEVOPS_EXT_PAT") is { Length: > 0 } personal ? new(personal, "the personal access token of AZURE_DEVOPS_EXT_PAT") : null;
    }

    /// <inheritdoc/>
    public string Origin { get; }

    /// <inheritdoc/>
    public ValueTask<AuthenticationHeaderValue> GetAsync(CancellationToken cancellationToken) => new(_header);

    /// <inheritdoc/>
    public override string ToString() => Origin;
}
