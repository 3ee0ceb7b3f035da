using System.Net;
using System.Text.Json;

namespace Gantry.Azure.Tests.Fakes;

/// <summary>
/// Imitations of the services of a sign-in: Azure DevOps, which vouches for a job; Microsoft Entra ID, which issues tokens; and the
/// metadata service of a machine in Azure. Each accepts and returns only what is documented for it.
/// </summary>
/// <seealso href="https://learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create">Azure DevOps, OIDC token</seealso>
/// <seealso href="https://docs.github.com/actions/reference/security/oidc">GitHub Actions, OpenID Connect reference</seealso>
/// <seealso href="https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#third-case-access-token-request-with-a-federated-credential">Client credentials with a federated credential</seealso>
/// <seealso href="https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#get-a-token-using-http">Get a token using HTTP (IMDS)</seealso>
internal sealed class FakeSignInServices
{
    public const string Tenant = "72f988bf-0000-0000-0000-2d7cd011db47";
    public const string Client = "11111111-0000-0000-0000-000000000001";
    public const string Connection = "22222222-0000-0000-0000-000000000002";
    public const string JobToken = "the token of the job";
    public const string OidcUri = "https://vstoken.dev.azure.test/contoso/_apis/distributedtask/hubs/build/plans/3/jobs/4/oidctoken";
    public const string GitHubUri = "https://token.actions.test/oidc?api-version=2.0";
    private const string Assertion = "the assertion of the job";

    private readonly FakeHttpHosts _hosts;

    public FakeSignInServices(FakeHttpHosts hosts, string authority = "login.microsoftonline.com")
    {
        _hosts = hosts;
        hosts.Add("vstoken.dev.azure.test", AnswerJob);
        hosts.Add("token.actions.test", AnswerGitHub);
        hosts.Add(authority, AnswerEntra);
    }

    /// <summary>The error that Entra ID returns instead of a token.</summary>
    public string? EntraError { get; set; }

    /// <summary>The client ids of the machine, the system-assigned one first; empty when the machine is not in Azure.</summary>
    public IReadOnlyList<string> ManagedIdentities
    {
        get;
        set
        {
            field = value;
            if (value.Count > 0)
                _hosts.Add("169.254.169.254", AnswerMetadata);
        }
    } = [];

    /// <summary>Gets the issued tokens, as <c>client scope</c>.</summary>
    public List<string> IssuedTokens { get; } = [];

    private HttpResponseMessage AnswerJob(FakeRequest request)
    {
        Assert.Equal(HttpMethod.Post, request.Method);
        Assert.Equal(new Uri(OidcUri).AbsolutePath, request.Path);
        Assert.Equal("7.1", request.Query["api-version"]);
        Assert.Equal(Connection, request.Query["serviceConnectionId"]);
        Assert.Equal($"Bearer {JobToken}", request.Header("Authorization"));
        return FakeHttpHosts.Json(HttpStatusCode.OK, $$"""{"oidcToken":"{{Assertion}}"}""");
    }

    private HttpResponseMessage AnswerGitHub(FakeRequest request)
    {
        Assert.Equal(HttpMethod.Get, request.Method);
        Assert.Equal("/oidc", request.Path);
        Assert.Equal("2.0", request.Query["api-version"]);
        Assert.Equal("api://AzureADTokenExchange", request.Query["audience"]);
        return request.Header("Authorization") == $"Bearer {JobToken}"
            ? FakeHttpHosts.Json(HttpStatusCode.OK, $$"""{"count":7,"value":"{{Assertion}}"}""")
            : FakeHttpHosts.Json(HttpStatusCode.Forbidden, "{}");
    }

    private HttpResponseMessage AnswerEntra(FakeRequest request)
    {
        var host = request.Message.RequestUri!.Host;
        if (request.Path == "/common/discovery/instance")
            return FakeHttpHosts.Json(HttpStatusCode.OK, $$"""
                {"tenant_discovery_endpoint":"https://{{host}}/{{Tenant}}/v2.0/.well-known/openid-configuration","api-version":"1.1",
                 "metadata":[{"preferred_network":"{{host}}","preferred_cache":"{{host}}","aliases":["{{host}}"]}]}
                """);

        Assert.Equal(HttpMethod.Post, request.Method);
        Assert.Equal($"/{Tenant}/oauth2/v2.0/token", request.Path);
        Assert.Equal("client_credentials", request.Form["grant_type"]);
        Assert.Equal("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", request.Form["client_assertion_type"]);
        Assert.Equal(Assertion, request.Form["client_assertion"]);
        Assert.Equal(Client, request.Form["client_id"]);
        if (EntraError is { } error)
            return FakeHttpHosts.Json(HttpStatusCode.Unauthorized, $$"""
                {"error":"invalid_client","error_description":{{JsonSerializer.Serialize(error + " Trace ID: 1 Correlation ID: 2")}},"error_codes":[1]}
                """);

        // The library adds the scopes of an interactive sign-in.
        var scope = request.Form["scope"].Split(' ').Single(text => text.StartsWith("https://", StringComparison.Ordinal));
        return Give(Client, scope);
    }

    private HttpResponseMessage AnswerMetadata(FakeRequest request)
    {
        Assert.Equal(HttpMethod.Get, request.Method);
        Assert.Equal("/metadata/identity/oauth2/token", request.Path);
        if (request.Header("Metadata") != "true")
            return FakeHttpHosts.Json(
                HttpStatusCode.BadRequest, """{"error":"invalid_request","error_description":"Required metadata header not specified"}""");

        Assert.Equal("2018-02-01", request.Query["api-version"]);
        var resource = request.Query["resource"];
        Assert.DoesNotContain(".default", resource, StringComparison.Ordinal);
        var client = request.Query.TryGetValue("client_id", out var asked) ? asked : ManagedIdentities[0];
        return ManagedIdentities.Contains(client)
            ? Give(client, resource)
            : FakeHttpHosts.Json(HttpStatusCode.BadRequest, """{"error":"invalid_request","error_description":"Identity not found"}""");
    }

    private HttpResponseMessage Give(string client, string scope)
    {
        IssuedTokens.Add($"{client} {scope}");
        var token = ScriptedTokenExchange.Token(DateTimeOffset.UnixEpoch.AddYears(100), Tenant, client);
        return FakeHttpHosts.Json(HttpStatusCode.OK, $$"""
            {"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,"expires_on":"4102444800","resource":"{{scope}}","access_token":"{{token}}"}
            """);
    }
}
