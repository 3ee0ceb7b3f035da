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

    /// <inheritdoc/>
    public string Origin { get; }

    /// <inheritdoc/>
    public ValueTask<AuthenticationHeaderValue> GetAsync(CancellationToken cancellationToken) => new(_header);

    /// <inheritdoc/>
    public override string ToString() => Origin;
}
