using System.Net.Http.Headers;
using Azure.Core;
using Gantry.AzurePipelines.Service;

namespace Gantry.Nuke.AzureDevOps;

/// <summary>Authenticates to Azure DevOps with the identity that is signed in to Azure.</summary>
internal sealed class EntraCredential(AzureDevOpsProject project, Func<TokenCredential> signIn, SecretMask secrets) : IAzureDevOpsCredential
{
    // The id of Azure DevOps in every tenant.
    private const string Scope = "499b84ac-1321-427f-aa17-267ca6975798/.default";

    private readonly Lazy<TokenCredential> _credential = new(signIn);

    public string Origin => "the Azure sign-in";

    public async ValueTask<AuthenticationHeaderValue> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            // The library caches a token while it is valid.
            var token = (await _credential.Value.GetTokenAsync(new TokenRequestContext([Scope]), cancellationToken)).Token;
            secrets.Add(token);
            return new("Bearer", token);
        }
        catch (GantryException exception) when (exception.Kind == ErrorKind.NotSignedIn)
        {
            throw AzureDevOpsErrors.NotSignedIn(project, exception.Problem, exception);
        }
    }
}
