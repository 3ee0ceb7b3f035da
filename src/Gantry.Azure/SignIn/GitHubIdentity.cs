using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;

namespace Gantry.Azure.SignIn;

/// <summary>
/// The identity of a job of GitHub Actions, by OpenID Connect: GitHub vouches for the job, and Microsoft Entra ID gives a token to the
/// application that trusts it. Each new token asks GitHub again, so that a long job stays signed in; the Azure CLI cannot do that.
/// </summary>
/// <seealso href="https://docs.github.com/actions/reference/security/oidc">GitHub Actions, OpenID Connect reference</seealso>
internal sealed record GitHubIdentity
{
    public const string Name = "GitHub Actions";
    private const string UrlVariable = "ACTIONS_ID_TOKEN_REQUEST_URL";
    private const string TokenVariable = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";

    public required string? ClientId { get; init; }

    public required string? TenantId { get; init; }

    /// <summary>The address at which GitHub vouches for the job; null outside of a job with the permission for it.</summary>
    public required Uri? Address { get; init; }

    public required string? RequestToken { get; init; }

    /// <summary>Why the job cannot sign in this way; null when it can.</summary>
    public string? UnavailableReason
    {
        get
        {
            if (Address is null || RequestToken is null)
                return "not in a job of GitHub Actions with the permission id-token: write";
            if (ClientId is null)
                return "AZURE_CLIENT_ID not set";
            return TenantId is null ? "AZURE_TENANT_ID not set" : null;
        }
    }

    /// <summary>Reads the variables of the job. Declared ids prevail over those in variables.</summary>
    public static GitHubIdentity Read(Func<string, string?> variable, AzureIdentity identity)
    {
        return new()
        {
            ClientId = identity.ClientId ?? Find("AZURE_CLIENT_ID"),
            TenantId = identity.TenantId ?? Find("AZURE_TENANT_ID"),
            Address = Uri.TryCreate(Find(UrlVariable), UriKind.Absolute, out var address) && address.Scheme == "https" ? address : null,
            RequestToken = Find(TokenVariable),
        };

        string? Find(string name) => variable(name) is { Length: > 0 } value ? value : null;
    }

    /// <summary>Creates the credential of a job that can sign in this way.</summary>
    public TokenCredential CreateCredential(AzureCloud cloud, ClientAssertionCredentialOptions options)
    {
        var pipeline = HttpPipelineBuilder.Build(options);
        return new ClientAssertionCredential(TenantId!, ClientId!, token => GetAssertionAsync(pipeline, cloud, token), options);
    }

    /// <summary>Returns a text without the token.</summary>
    public override string ToString() => $"{Name} as application {ClientId}";

    private async Task<string> GetAssertionAsync(HttpPipeline pipeline, AzureCloud cloud, CancellationToken cancellationToken)
    {
        using var message = pipeline.CreateMessage();
        message.Request.Method = RequestMethod.Get;
        message.Request.Uri.Reset(Address!);
        message.Request.Uri.AppendQuery("audience", cloud.AssertionAudience, escapeValue: true);
        message.Request.Headers.Add(HttpHeader.Common.JsonAccept);
        message.Request.Headers.Add("Authorization", $"Bearer {RequestToken}");
        await pipeline.SendAsync(message, cancellationToken);
        if (message.Response.IsError)
            throw new AuthenticationFailedException($"GitHub does not vouch for this job (HTTP {message.Response.Status}).");
        return ReadValue(message.Response.Content)
            ?? throw new AuthenticationFailedException("GitHub does not vouch for this job: its answer has no token.");
    }

    private static string? ReadValue(BinaryData content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("value", out var value)
                && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
