using System.Net.Http.Headers;
using System.Text;

namespace Gantry.AzurePipelines.Service;

/// <summary>A credential for Azure DevOps.</summary>
public interface IAzureDevOpsCredential
{
    /// <summary>The origin of the credential, for the log; never the credential itself: <c>System.AccessToken of this job</c>.</summary>
    string Origin { get; }

    /// <summary>Returns the authorization header. Called before every request, so that a token can be renewed.</summary>
    ValueTask<AuthenticationHeaderValue> GetAsync(CancellationToken cancellationToken);
}

/// <summary>A given token: of the running job, a personal access token, or one of Microsoft Entra ID.</summary>
public sealed class AzureDevOpsToken : IAzureDevOpsCredential
{
    private readonly AuthenticationHeaderValue _header;
    private readonly string _token;

    /// <summary>Creates a credential from a token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="origin">The source.</param>
    public AzureDevOpsToken(string token, string origin)
    {
        // Tokens of jobs and of Entra ID are JSON Web Tokens. Personal access tokens are not, and are sent as a password without a user.
        _header = token.StartsWith("eyJ", StringComparison.Ordinal) && token.Count(character => character == '.') == 2
            ? new("Bearer", token)
            : new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(":" + token)));
        _token = token;
        Origin = origin;
    }

    /// <summary>
    /// Finds the token: the specified one, else that of the running job, only for its own organization, else that of the Azure CLI's
    /// extension. Returns null when there is none.
    /// </summary>
    /// <param name="named">The specified token, or null.</param>
    /// <param name="variables">The environment variables.</param>
    /// <param name="project">The project to access.</param>
    public static AzureDevOpsToken? Find(string? named, IReadOnlyDictionary<string, string> variables, AzureDevOpsProject project)
    {
        if (!string.IsNullOrEmpty(named))
            return new(named, "the token of --azure-devops-token");
        if (variables.GetValueOrDefault("SYSTEM_ACCESSTOKEN") is { Length: > 0 } job
            && Uri.TryCreate(AzureDevOpsProject.Collection(variables)?.TrimEnd('/') + "/", UriKind.Absolute, out var collection)
            && Uri.Compare(
                collection, project.Organization, UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped,
                StringComparison.OrdinalIgnoreCase) == 0)
            return new(job, "System.AccessToken (the project's Build Service)");
        return variables.GetValueOrDefault("AZURE_DEVOPS_EXT_PAT") is { Length: > 0 } personal
            ? new(personal, "the personal access token of AZURE_DEVOPS_EXT_PAT")
            : null;
    }

    /// <inheritdoc/>
    public string Origin { get; }

    /// <inheritdoc/>
    public ValueTask<AuthenticationHeaderValue> GetAsync(CancellationToken cancellationToken) => new(_header);

    /// <summary>Adds the token to a mask, so that a server that repeats it does not bring it into the log.</summary>
    /// <param name="mask">The mask.</param>
    public void AddTo(SecretMask mask) => mask.AddPassword(userName: "", _token);

    /// <inheritdoc/>
    public override string ToString() => Origin;
}
